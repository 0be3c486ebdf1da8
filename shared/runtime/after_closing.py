"""Refusals after `closed`: the sender learns what to do instead, and a danger is an error in the log."""

from prometheus_client import Counter

from shared.contract.errors import Refusal, refuse
from shared.contract.values.problems import Words
from shared.runtime import refusals
from shared.runtime.log import logger

log = logger("after_closing")

DANGERS = Counter("amends_dangers_turned_away", "Messages that report a danger and that could not be taken")


def closed(complaint_id: str, *, outcome: str | None = None, danger: bool = False) -> Refusal:
    """Refusal of a message to a closed complaint; a danger in it is an error in the log."""
    how = refusals.CLOSED_AS.filled(outcome=outcome) if outcome else Words("", "")
    if danger:
        turned_away(complaint_id)
        how = refusals.AND_DANGER.filled(what=how, danger=refusals.DANGER)
    return refuse(refusals.CLOSED, how=how, name=complaint_id)


def turned_away(complaint_id: str) -> None:
    """Log an error: a danger was reported and no service could take the report."""
    DANGERS.inc()
    log.error("danger_turned_away", complaint_id=complaint_id)
