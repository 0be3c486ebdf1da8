"""What a complaint is weighed by, wherever it was told: losses, styles, the sender's hint, a danger. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from shared.contract.events import ContactAdded, Received, Reopened, Signals
from shared.contract.orders import Order
from shared.contract.values import Money, Style


@dataclass(frozen=True)
class TriageInput:
    """Everything that triage weighs, of one message or of several. `alias` is the submission that told it."""

    losses: tuple[Money, ...] = ()
    styles: tuple[Style, ...] = ()
    hint: int | None = None
    gravity: int | None = None
    """The severity that the words suggest."""
    danger: bool = False
    alias: str | None = None

    @property
    def weighs(self) -> bool:
        """Whether there is anything in it that triage looks at."""
        return bool(self.losses or self.styles or self.hint or self.danger)


def input_of_receipt(received: Received) -> TriageInput:
    """What the receipt tells. A VIP mark is no input: it raises and lowers nobody's severity."""
    return TriageInput(
        losses=_losses(received.loss, *(received.losses or ())),
        styles=tuple(received.signals.styles),
        hint=received.hints.severity,
        gravity=received.signals.gravity,
        danger=received.safety or received.signals.safety,
    )


def input_of_contact(contact: ContactAdded) -> TriageInput:
    """What a contact, a submission that joined, or a merged complaint tells; a machine tells nothing."""
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
    """What a command tells: its `loss`, where it has one, and what was found in its texts."""
    loss = order.data.get("loss")
    losses = _losses(Money.model_validate(loss) if loss else None)
    return replace(input_of_texts(order.signals), losses=losses)


def input_of_texts(signals: Signals | None) -> TriageInput:
    """What was found in texts alone: a note, or what was said in a callback."""
    found = signals or Signals()
    return TriageInput(styles=tuple(found.styles), danger=found.safety)


def input_of_callback(reopened: Reopened) -> TriageInput:
    """What the complainant said in the callback that reopened the complaint."""
    return input_of_texts(reopened.signals)


def _losses(*given: Money | None) -> tuple[Money, ...]:
    return tuple(loss for loss in given if loss)


def all_styles(known: Iterable[Style], given: TriageInput) -> list[Style]:
    """The styles that were known and those that are new, each once."""
    return list(dict.fromkeys([*known, *given.styles]))
