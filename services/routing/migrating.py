"""Migration from outside the workflow: the rules under which a complaint would go on, and the deadlines they
move.

The people of the new policy are found as at triage: the team for its category, and a chain without people
concerned. Only the workflow knows the complaint's subject.
"""

import asyncio
from typing import Any

from temporalio.client import Client, WorkflowHandle

from services.routing import refusals
from services.routing.assignment import choose
from services.routing.commands import WorkflowFinder
from services.routing.flushing import CaseSubject
from services.routing.names import CASE_SUBJECT, MIGRATION
from services.routing.rules.gates import OVER
from services.routing.store import Store
from shared.contract.commands import CommandRequest
from shared.contract.errors import Refusal, refuse
from shared.contract.queries import Migration, MigrationQuery
from shared.policy.loader import Policy
from shared.policy.pinned import Pinned, pin
from shared.runtime.messages.aliases import MergedInto

ANSWER_SECONDS = 8.0
NOT_OPEN = "the case is not open yet"


class Migrating:
    """Leads complaints to the policy that is in force here."""

    def __init__(self, client: Client, store: Store, policy: Policy, find: WorkflowFinder) -> None:
        self._client = client
        self._store = store
        self._find = find
        self._policy = policy

    async def attach(self, request: CommandRequest) -> dict[str, Any] | Refusal:
        """Data that a `migrate_policy` takes along into the workflow."""
        found = await self._handle(request.complaint_id)
        pinned = found if isinstance(found, Refusal) else await self._successor(found)
        return pinned if isinstance(pinned, Refusal) else pinned.model_dump(mode="json")

    async def migration(self, query: MigrationQuery) -> Migration | Refusal:
        """Deadlines that a migration would move. The query changes nothing, and no history grows."""
        found = await self._handle(query.complaint_id)
        if isinstance(found, Refusal):
            return found
        pinned = await self._successor(found)
        if isinstance(pinned, Refusal):
            return pinned
        async with asyncio.timeout(ANSWER_SECONDS):
            would: Migration | None = await found.query(MIGRATION, pinned, result_type=Migration | None)  # type: ignore[arg-type]
        if would is None:
            raise TimeoutError(NOT_OPEN)
        return would

    async def _handle(self, complaint_id: str) -> WorkflowHandle[Any, Any] | Refusal:
        """Workflow of a complaint that is being handled."""
        workflow = await self._find(complaint_id)
        if isinstance(workflow, MergedInto):
            return await self._handle(workflow.into)
        if isinstance(workflow, Refusal):
            return workflow
        row = await self._store.case(complaint_id)
        if row and row.stage in OVER:
            return refuse(refusals.WRONG_STAGE, stage=row.stage)
        return self._client.get_workflow_handle(workflow)

    async def _successor(self, handle: WorkflowHandle[Any, Any]) -> Pinned | Refusal:
        """Rules of the policy in force, with the people for this complaint."""
        async with asyncio.timeout(ANSWER_SECONDS):
            case_subject: CaseSubject | None = await handle.query(
                CASE_SUBJECT,
                result_type=CaseSubject | None,  # type: ignore[arg-type]
            )
        if case_subject is None:
            raise TimeoutError(NOT_OPEN)
        chosen = choose(
            self._policy.pack,
            case_subject.category,
            case_subject.received.language,
            case_subject.concerned,
            {},
        )
        return pin(self._policy, chosen.team, chosen.chain)
