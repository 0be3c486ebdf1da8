"""Input of the triage, from any message: losses, styles, the sender's hint, a danger. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from shared.contract.events import ContactAdded, Received, Reopened, Signals
from shared.contract.orders import Order
from shared.contract.values import Money, Motive, MotiveGuess, Style

HINT_CONFIDENCE = 0.9
"""Confidence of a sender's hint."""

CONTACT = "contact"
"""Source of a motive that a later contact suggests: its hints, its wish or its words, or those of a note."""


@dataclass(frozen=True)
class TriageInput:
    """All values that triage weighs, of one message or of several. `alias` is the submission that they came
    with.
    """

    losses: tuple[Money, ...] = ()
    styles: tuple[Style, ...] = ()
    hint: int | None = None
    gravity: int | None = None
    """Severity that the words suggest."""
    danger: bool = False
    motives: tuple[MotiveGuess, ...] = ()
    """Motives that a later contact suggests."""
    alias: str | None = None

    @property
    def weighs(self) -> bool:
        """Whether there is anything in it that triage looks at."""
        return bool(self.losses or self.styles or self.hint or self.danger or self.motives)


def input_of_receipt(received: Received) -> TriageInput:
    """Input of the receipt. A VIP mark is no input: it changes no severity."""
    return TriageInput(
        losses=_losses(received.loss, *(received.losses or ())),
        styles=tuple(received.signals.styles),
        hint=received.hints.severity,
        gravity=received.signals.gravity,
        danger=received.safety or received.signals.safety,
    )


def input_of_contact(contact: ContactAdded) -> TriageInput:
    """Input of a contact, a joined submission, or a merged complaint; a machine's message has none."""
    if contact.automatic:
        return TriageInput()
    signals = contact.signals or Signals()
    return TriageInput(
        losses=_losses(contact.loss, *(contact.losses or ())),
        styles=tuple(signals.styles),
        hint=contact.hints.severity if contact.hints else None,
        danger=bool(contact.safety or signals.safety),
        motives=(*_named_motives(contact), *_motives_in(signals)),
        alias=contact.alias,
    )


def input_of_order(order: Order) -> TriageInput:
    """Input of a command: its `loss`, where it has one, and the signals in its texts."""
    loss = order.data.get("loss")
    losses = _losses(Money.model_validate(loss) if loss else None)
    return replace(input_of_texts(order.signals), losses=losses)


def input_of_texts(signals: Signals | None) -> TriageInput:
    """Input of texts alone: of a command, or the words of a callback."""
    found = signals or Signals()
    return TriageInput(styles=tuple(found.styles), danger=found.safety)


def input_of_note(signals: Signals) -> TriageInput:
    """Input of a note, which is often all that is stored of a later contact."""
    return replace(input_of_texts(signals), motives=_motives_in(signals))


def input_of_callback(reopened: Reopened) -> TriageInput:
    """Input of the callback that reopened the complaint."""
    return input_of_texts(reopened.signals)


def _named_motives(contact: ContactAdded) -> tuple[MotiveGuess, ...]:
    """Motives that the sender names, or that are the remedy sought, as in a first submission."""
    named = [*(contact.hints.motives if contact.hints else ()), contact.remedy_sought]
    known = (one for one in Motive if one in named)
    return tuple(MotiveGuess(motive=one, confidence=HINT_CONFIDENCE, source=CONTACT) for one in known)


def _motives_in(signals: Signals) -> tuple[MotiveGuess, ...]:
    return tuple(one.model_copy(update={"source": CONTACT}) for one in signals.motives)


def _losses(*given: Money | None) -> tuple[Money, ...]:
    return tuple(loss for loss in given if loss)


def all_styles(known: Iterable[Style], given: TriageInput) -> list[Style]:
    """Known styles and new styles, each once."""
    return list(dict.fromkeys([*known, *given.styles]))
