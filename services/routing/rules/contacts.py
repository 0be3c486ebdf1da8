"""The complainant came again: what a submission that joined the complaint brings is weighed as the first was.

It makes the complaint graver where the pack's table says so, and never lighter. What a person has judged
stays, unless there is something graver in it than what they knew.
"""

from services.routing.rules.people import escalation
from services.routing.rules.state import CaseState
from services.routing.triage import severity_of, severity_score
from shared.contract.events import ContactAdded, Fact, Received, SeverityScore, Signals
from shared.contract.recorded import Notification
from shared.contract.submission import Hints


def weighs(contact: ContactAdded) -> bool:
    """Whether a contact brings anything that a triage looks at."""
    hinted = contact.hints and contact.hints.severity
    heard = contact.signals and contact.signals.styles
    return bool(_dangerous(contact) or contact.loss or hinted or heard)


def tells(contact: ContactAdded) -> bool:
    """Whether a contact brings anything that a record may lack, or a group."""
    return bool(contact.told or contact.group_ref or contact.remedy_sought)


def weighed(state: CaseState, contact: ContactAdded) -> list[Fact | Notification]:
    """The triage anew, if this contact makes it graver; a danger goes up to the lead as any other does.

    A case that was opened before packs pinned their table keeps its severity, but for the flag.
    """
    was, together = state.triage, _together(state.opening.received, contact)
    danger = _dangerous(contact) and not was.safety
    table = state.pinned.severity
    score = severity_score(together, table, together.safety or was.safety) if table else None
    graver = score is not None and severity_of(score) > max(was.severity, state.scored)
    if not (graver or danger):
        return []
    triaged = was.model_copy(
        update={
            "safety": was.safety or danger,
            "style": [*was.style, *(one for one in together.signals.styles if one not in was.style)],
            "reason_ref": None,
            "contact": contact.alias,
        }
        | (_severity(score) if graver and score else {})
    )
    return [triaged, *(escalation(state, "lead", "safety") if danger else [])]


def _severity(score: SeverityScore) -> dict[str, object]:
    return {"severity": severity_of(score), "severity_score": score}


def _dangerous(contact: ContactAdded) -> bool:
    return bool(contact.safety or (contact.signals and contact.signals.safety))


def _together(received: Received, contact: ContactAdded) -> Received:
    """The complaint as it would have come in with all of this at once: of each the graver."""
    losses = [loss for loss in (received.loss, contact.loss) if loss]
    hints = [h.severity for h in (received.hints, contact.hints) if h and h.severity]
    signals = contact.signals or Signals()
    styles = dict.fromkeys([*received.signals.styles, *signals.styles])
    return received.model_copy(
        update={
            "loss": max(losses, key=lambda loss: loss.amount, default=None),
            "hints": Hints(severity=max(hints, default=None)),
            "signals": received.signals.model_copy(update={"styles": list(styles)}),
            "safety": received.safety or received.signals.safety or _dangerous(contact),
        }
    )
