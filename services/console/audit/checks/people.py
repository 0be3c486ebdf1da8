"""Check whether a person with a role in an open complaint is missing from the roster."""

import json

import nats.errors
from nats.aio.client import Client

from services.console.audit.checks import CheckResult, well, wrong
from shared.contract import subjects
from shared.contract.queries import Backlog, BacklogQuery

ANSWER_WITHIN = 5.0
SHOWN = 5


async def check_people(client: Client) -> list[CheckResult]:
    """Owners, supervisors and approvers who left the roster, or `nobody` where none could be found."""
    try:
        answer = await client.request(subjects.query(BacklogQuery.NAME), b"{}", timeout=ANSWER_WITHIN)
    except (TimeoutError, nats.errors.Error):
        return []  # that routing does not answer, is a finding of its own
    found = Backlog.model_validate(json.loads(answer.data)["result"])
    if not found.orphaned:
        return [well("people", "all people with a role in an open complaint are on the roster")]
    some = "; ".join(f"{one.complaint_id}: {', '.join(one.missing)}" for one in found.orphans[:SHOWN])
    seen = f"{found.orphaned} open complaints lack a person ({some})"
    remedy = (
        "Routing replaces people who left within a minute of its start. Where `nobody` is left, add a person "
        "to the policy who is not concerned, and start routing under it."
    )
    return [wrong("people", seen, remedy)]
