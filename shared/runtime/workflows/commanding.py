"""Way of a request to a workflow and back: actor, workflow, texts, Update, reply. For routing and followup.

Its base: a workflow takes an `Order` as the Update named `command`, whose id is the command's. It
remembers which it accepted. Its flush stores the `Accepted` reply (`remember_accepted`) in the transaction
of the facts. So a command is carried out once and answered alike, however often it is sent and whichever
process dies in between.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from typing import Any

from sqlmodel import Session
from temporalio.client import Client, WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from shared.contract.commands import (
    Command,
    CommandReply,
    CommandRequest,
    CompleteRecord,
    Refused,
)
from shared.contract.errors import ErrorCode, Refusal, refuse, repeated
from shared.contract.ids import event_id, text_ref
from shared.contract.orders import REFUSED, Order
from shared.contract.subjects import Service
from shared.contract.values import CUSTOMER, Actor, Concerned, Motive
from shared.policy.roster import Staff
from shared.runtime import refusals
from shared.runtime.messages.aliases import MergedInto, passed_on
from shared.runtime.messages.interests import Interests
from shared.runtime.messages.publishing import Publisher
from shared.runtime.storage.database import Database
from shared.runtime.storage.fact_log import last_seq
from shared.runtime.storage.remembered import recall_fully, remember_refused
from shared.runtime.texts.keeping import Texts
from shared.runtime.texts.text_fields import number_left, reported_in, take_out, without_strangers
from shared.runtime.workflows.updates import Updates
from shared.triage.finding import SignalFinder, found_in

Find = Callable[[str], Awaitable[str | Refusal | MergedInto]]
"""Id of the workflow that takes a complaint's commands now, or the reason for none, or the complaint it was
merged into.
"""

Attach = Callable[[CommandRequest], Awaitable[dict[str, Any] | Refusal | None]]
"""Data that the service adds to the command of one verb, if any, or the reason why that cannot be."""

RACED = (RPCStatusCode.FAILED_PRECONDITION, RPCStatusCode.NOT_FOUND)
"""Errors of Temporal for an Update that met the end of its workflow, even if the workflow had taken it."""

ABOUT = ("about_staff", "unit")
"""Fields with the people or units that a complaint concerns."""

TRIES = 5
PAUSE_SECONDS = 0.1
ANSWER_SECONDS = 8.0
"""Seconds after which the sender gets `unavailable`; sending the same command again is harmless."""


class Commanding:
    """Answers the commands of one service: call it with a request and its typed command."""

    def __init__(
        self,
        service: Service,
        database: Database,
        texts: Texts,
        client: Client,
        find: Find,
        roster: Mapping[str, Staff],
        interests: Interests | None = None,
        publisher: Publisher | None = None,
        attach: Mapping[str, Attach] | None = None,
        codes: Collection[str] = frozenset(Motive),
        *,
        finder: SignalFinder,
    ) -> None:
        """Make it. `interests` gives the people concerned; without it there are none.

        `publisher` is asked whether the facts of a remembered reply are published; without it, all are
        taken for published. `codes` are the remedies that may travel; other words for a remedy are
        encrypted. `finder` finds signals in the texts for the workflow, which sees only references.
        """
        self._attach = attach or {}
        self._finder = finder
        self._interests = interests
        self._codes = codes
        self._service = service
        self._database = database
        self._texts = texts
        self._find = find
        self._roster = roster
        self._publisher = publisher
        self._updates = Updates(client)
        self._answering: dict[tuple[str, str], asyncio.Future[CommandReply]] = {}

    async def __call__(self, request: CommandRequest, command: Command) -> CommandReply:
        """Reply to the command. The same command sent twice at the same time gets the same reply."""
        return await self._together(request, command, first=False)

    async def first(self, request: CommandRequest, command: Command) -> CommandReply:
        """As a call, for a command that has no reply yet, as its sender has looked up (`Once`)."""
        return await self._together(request, command, first=True)

    async def _together(self, request: CommandRequest, command: Command, *, first: bool) -> CommandReply:
        key = (request.complaint_id, request.command_id)
        answering = self._answering.get(key)
        if answering is None:
            answering = self._answering[key] = asyncio.ensure_future(self._answer(request, command, first))
            answering.add_done_callback(lambda _: self._answering.pop(key, None))
        return await asyncio.shield(answering)

    async def _answer(self, request: CommandRequest, command: Command, first: bool) -> CommandReply:
        known = None if first else await self._recall(request)
        if isinstance(known, Refused):
            return Refused(error=repeated(known.error))
        # A repeat of an accepted command is sent to the workflow again. If a worker died between writing and
        # Temporal's storing of it, the workflow learns so what it has promised (decisions/0005).
        actor = self._actor(request)
        if isinstance(actor, Refusal):
            return await self._refused(request, actor)
        if known is None and (conflict := await self._conflict(request)):
            return await self._refused(request, conflict)
        workflow = await self._find(request.complaint_id)
        if isinstance(workflow, Refusal):
            # An attempt without a known result may have ended the workflow.
            return known or await self._recall(request) or await self._refused(request, workflow)
        if isinstance(workflow, MergedInto):
            return known or await self._recall(request) or await self(passed_on(request, workflow), command)
        return await self._order(workflow, request, command, actor, again=known is not None)

    async def _order(
        self, workflow: str, request: CommandRequest, command: Command, actor: Actor, *, again: bool
    ) -> CommandReply:
        """Store the texts, send the order to the workflow, and forget the texts if it refuses; not if it is
        silent.

        `again`: it was accepted before, so its texts were stored before, and may have been erased since.
        """
        attach = self._attach.get(command.VERB)
        attached = await attach(request) if attach else None
        if isinstance(attached, Refusal):
            return await self._refused(request, attached)
        own = actor.role == CUSTOMER
        data, texts = take_out(
            self._service, request.complaint_id, request.command_id, command, self._codes, own=own
        )
        if not again and (refusal := self._number_in(request, data)):
            return await self._refused(request, refusal)
        if texts and not again:
            await self._database.write(lambda session: self._texts.put(session, request.complaint_id, texts))
        order = Order(
            command_id=request.command_id,
            verb=command.VERB,
            actor=actor,
            data=without_strangers(command, data, self._roster),
            named=self._named(data, actor),
            formerly=list(self._roster[actor.id].formerly) if actor.id in self._roster else [],
            **self._known(command, data, actor),
            attached=attached,
            signals=found_in(self._finder, reported_in(command, by_customer=actor.id == CUSTOMER)),
        )
        async with asyncio.timeout(ANSWER_SECONDS):
            answer = await self._execute(workflow, request, order)
        if isinstance(answer, MergedInto):
            await self._forget(request, texts)
            return await self(passed_on(request, answer), command)
        if isinstance(answer, Refusal):
            return await self._refused(request, answer, list(texts))
        return answer

    async def _execute(
        self, workflow: str, request: CommandRequest, order: Order
    ) -> CommandReply | Refusal | MergedInto:
        """Answer of the workflow. A race with its end is run again, under the same id.

        A workflow that refused without knowing all stored facts is asked again, with their number.
        """
        for attempt in range(1, TRIES + 1):
            try:
                return await self._updates.send(workflow, order)
            except WorkflowUpdateFailedError as error:
                refusal, rests_on = _refusal(error)
                on_record = await self._database.read(lambda session: last_seq(session, request.complaint_id))
                if on_record <= rests_on or attempt == TRIES:
                    return refusal
                order = order.model_copy(update={"on_record": on_record})
                continue
            except RPCError as error:
                if error.status not in RACED or attempt == TRIES:
                    raise
            if known := await self._recall(request):
                return known
            found = await self._find(request.complaint_id)
            if not isinstance(found, str):
                return await self._recall(request) or found
            workflow = found
            await asyncio.sleep(PAUSE_SECONDS * attempt)
        raise AssertionError("the loop above ends by itself")

    def _number_in(self, request: CommandRequest, data: dict[str, Any]) -> Refusal | None:
        """Refuse a number of a person in fields that are no texts: they reach facts and histories, which no
        erasure reaches.
        """
        place = number_left(self._service, request.complaint_id, data, self._texts.mask)
        if place is None:
            return None
        return refuse(refusals.NUMBER_IN_CODE, field=f"data.{place}")

    def _actor(self, request: CommandRequest) -> Actor | Refusal:
        if request.actor.id == CUSTOMER:
            return Actor(id=CUSTOMER, role=CUSTOMER, via=request.via)
        if staff := self._roster.get(request.actor.id):
            return Actor(id=staff.id, role=staff.role, via=request.via)
        return refuse(ErrorCode.UNKNOWN_ACTOR, field="actor.id")

    def _named(self, data: Mapping[str, object], actor: Actor) -> dict[str, str]:
        """Entry of the roster for the person that `to` names, else for the actor."""
        staff = self._roster.get(str(data.get("to", actor.id)))
        return {"id": staff.id, "role": staff.role, "team": staff.team} if staff else {}

    async def _conflict(self, request: CommandRequest) -> Refusal | None:
        """Refuse a person whom the complaint concerns, in every service and at every stage."""
        if self._interests is None:
            return None
        return await self._interests.conflict(request.complaint_id, request.actor.id)

    def _known(self, command: Command, data: Mapping[str, object], actor: Actor) -> dict[str, Any]:
        """Further entries of the roster for each named person, for a case that must not read the roster."""
        if self._interests is None:
            return {}
        people, words = self._interests.people, [getattr(command, one, None) for one in ABOUT]
        found, to = people.get(actor.id), people.get(str(data.get("to", actor.id)))
        return {
            "units": found.units if found else [],
            "named_units": to.units if to else [],
            "roster": self._interests.roster,
            "concerned": self._interests.names.concerned(words)
            if isinstance(command, CompleteRecord)
            else Concerned(),
        }

    async def _recall(self, request: CommandRequest) -> CommandReply | None:
        """First reply. If its facts are not published yet, wait for them."""
        found = await self._database.read(
            lambda session: recall_fully(session, request.complaint_id, request.command_id)
        )
        if found is None:
            return None
        if found.true_after and self._publisher:
            fact_id = event_id(request.complaint_id, self._service, found.true_after)
            async with asyncio.timeout(ANSWER_SECONDS):
                while not await self._publisher.holds(request.complaint_id, fact_id):  # noqa: ASYNC110
                    await asyncio.sleep(PAUSE_SECONDS)
        return found.reply

    async def _refused(
        self, request: CommandRequest, refusal: Refusal, text_keys: list[str] | None = None
    ) -> CommandReply:
        """Remember the refusal and forget the texts; unless the command turns out to have been accepted."""
        refs = self._refs(request, text_keys or [])

        def work(session: Session) -> CommandReply:
            held = remember_refused(
                session, self._database, request.complaint_id, request.command_id, Refused(error=refusal)
            )
            if refs and isinstance(held, Refused):
                self._texts.drop(session, refs)
            return held

        return await self._database.write(work)

    async def _forget(self, request: CommandRequest, text_keys: Iterable[str]) -> None:
        """Forget the texts of a command whose complaint was merged meanwhile: its survivor gets them."""
        refs = self._refs(request, text_keys)
        if refs:
            await self._database.write(lambda session: self._texts.drop(session, refs))

    def _refs(self, request: CommandRequest, text_keys: Iterable[str]) -> list[str]:
        return [text_ref(self._service, request.complaint_id, key) for key in text_keys]


def _refusal(error: WorkflowUpdateFailedError) -> tuple[Refusal, int]:
    """Refusal of the workflow, and the last fact it rests on. Any other error is a bug, and stays visible."""
    cause = error.cause
    if isinstance(cause, ApplicationError) and cause.type == REFUSED and cause.details:
        refusal, rests_on = cause.details
        return Refusal.model_validate_json(refusal), int(rests_on)
    raise error
