"""Check whether messages wait, and whether messages are quarantined."""

import json

import nats.errors
import nats.js.errors
from nats.aio.client import Client
from nats.js import JetStreamContext

from services.console.audit.checks import CheckResult, odd, well
from services.console.audit.quarantine import dangers
from shared.contract import subjects
from shared.contract.quarantine import Reason
from shared.contract.queries import Backlog, BacklogQuery

ANSWER_WITHIN = 5.0


async def check_quarantine(js: JetStreamContext) -> list[CheckResult]:
    """Report the messages in quarantine and among the dead letters: a person has to process them."""
    try:
        info = await js.stream_info(subjects.QUARANTINE_STREAM, subjects_filter=">")
    except nats.js.errors.NotFoundError:
        return []
    counts = info.state.subjects or {}
    quarantined = {s.rsplit(".", 1)[1]: n for s, n in counts.items() if s.startswith(subjects.QUARANTINE)}
    dead = {s.rsplit(".", 1)[1]: n for s, n in counts.items() if s.startswith(subjects.DEADLETTER)}
    return [
        *(_dangers(await dangers(js)) if str(Reason.ID_REUSED) in quarantined else []),
        _quarantined("quarantine", quarantined, "bad submissions", "have their senders mended"),
        _quarantined("dead letters", dead, "messages that failed too often", "look into the service's log"),
    ]


def _dangers(seqs: list[int]) -> list[CheckResult]:
    """Report messages that name a danger under a used id: no complaint was made of them yet."""
    if not seqs:
        return []
    listed = ", ".join(str(seq) for seq in seqs[:10])
    remedy = "Call the customers now (`amends quarantine show SEQ`), and submit each as a new complaint."
    return [odd("quarantined dangers", f"{len(seqs)} in the quarantine report a danger ({listed})", remedy)]


def _quarantined(part: str, counts: dict[str, int], what: str, first: str) -> CheckResult:
    if not counts:
        return well(part, "empty")
    split = ", ".join(f"{count} {name}" for name, count in sorted(counts.items()))
    kind = "quarantine" if part == "quarantine" else "deadletter"
    remedy = (
        f"Read them with `amends quarantine list --kind {kind}`, {first}, then `amends quarantine replay`."
    )
    return odd(part, f"{sum(counts.values())} {what} ({split})", remedy)


async def check_waiting(client: Client) -> list[CheckResult]:
    """Complaints that were received and have no case yet: after a burst, or while Temporal is away."""
    try:
        answer = await client.request(subjects.query(BacklogQuery.NAME), b"{}", timeout=ANSWER_WITHIN)
    except (TimeoutError, nats.errors.Error):
        return []  # that routing does not answer, is a finding of its own
    found = Backlog.model_validate(json.loads(answer.data)["result"])
    return [*_waiting(found), *_queued(found)]


def _queued(found: Backlog) -> list[CheckResult]:
    """Report complaints for which all who may own them are away or have no room."""
    if not found.queued or found.queued_since is None:
        return []
    seen = f"{found.queued} wait under the lead, the first since {found.queued_since:%F %R} UTC"
    remedy = "Have people sign on (`amends command sign_on`), or give the roster more room."
    return [odd("complaints without an owner of their own", seen, remedy)]


def _waiting(found: Backlog) -> list[CheckResult]:
    waiting = found.waiting
    if not waiting:
        return [well("waiting complaints", "none")]
    split = ", ".join(f"{one.count} of severity {one.severity}" for one in waiting)
    oldest = min(one.oldest_received_at for one in waiting)
    count = sum(one.count for one in waiting)
    seen = f"{count} wait for their case ({split}), the oldest since {oldest:%F %R} UTC"
    return [odd("waiting complaints", seen, "They are opened gravest first; if none is, look at temporal.")]
