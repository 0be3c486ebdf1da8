"""Input of the triage, from any message: losses, styles, the sender's hint, a danger. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from shared.contract.events import ContactAdded, Received, Reopened, Signals
from shared.contract.orders import Order
from shared.contract.values import Money, Style


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
    alias: str | None = None

    @property
    def weighs(self) -> bool:
        """Whether there is anything in it that triage looks at."""
        return bool(self.losses or self.styles or self.hint or self.danger)


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
        alias=contact.alias,
    )


def input_of_order(order: Order) -> TriageInput:
    """Input of a command: its `loss`, where it has one, and the signals in its texts."""
    loss = order.data.get("loss")
    losses = _losses(Money.model_validate(loss) if loss else None)
    return replace(input_of_texts(order.signals), losses=losses)


def input_of_texts(signals: Signals | None) -> TriageInput:
    """Input of texts alone: a note, or the words of a callback."""
    found = signals or Signals()
    return TriageInput(styles=tuple(found.styles), danger=found.safety)


def input_of_callback(reopened: Reopened) -> TriageInput:
    """Input of the callback that reopened the complaint."""
    return input_of_texts(reopened.signals)


def _losses(*given: Money | None) -> tuple[Money, ...]:
    return tuple(loss for loss in given if loss)


def all_styles(known: Iterable[Style], given: TriageInput) -> list[Style]:
    """Known styles and new styles, each once."""
    return list(dict.fromkeys([*known, *given.styles]))
