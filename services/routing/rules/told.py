"""What a complaint is weighed by, wherever it was told: losses, styles, the sender's hint, a danger. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from shared.contract.events import ContactAdded, Received, Reopened, Signals
from shared.contract.orders import Order
from shared.contract.values import Money, Style


@dataclass(frozen=True)
class Told:
    """Everything that triage weighs, of one message or of several. `alias` is the submission that told it."""

    losses: tuple[Money, ...] = ()
    styles: tuple[Style, ...] = ()
    hint: int | None = None
    danger: bool = False
    alias: str | None = None

    @property
    def weighs(self) -> bool:
        """Whether there is anything in it that triage looks at."""
        return bool(self.losses or self.styles or self.hint or self.danger)


def told_at_first(received: Received) -> Told:
    """What the receipt tells. A VIP mark is no input: it raises and lowers nobody's severity."""
    return Told(
        losses=_losses(received.loss, *(received.losses or ())),
        styles=tuple(received.signals.styles),
        hint=received.hints.severity,
        danger=received.safety or received.signals.safety,
    )


def told_by_contact(contact: ContactAdded) -> Told:
    """What a contact, a submission that joined, or a merged complaint tells; a machine tells nothing."""
    if contact.automatic:
        return Told()
    signals = contact.signals or Signals()
    return Told(
        losses=_losses(contact.loss, *(contact.losses or ())),
        styles=tuple(signals.styles),
        hint=contact.hints.severity if contact.hints else None,
        danger=bool(contact.safety or signals.safety),
        alias=contact.alias,
    )


def told_by_order(order: Order) -> Told:
    """What a command tells: its `loss`, where it has one, and what was found in its texts."""
    loss = order.data.get("loss")
    losses = _losses(Money.model_validate(loss) if loss else None)
    return replace(told_by_words(order.signals), losses=losses)


def told_by_words(signals: Signals | None) -> Told:
    """What was found in texts alone: a note, or what was said in a callback."""
    found = signals or Signals()
    return Told(styles=tuple(found.styles), danger=found.safety)


def told_in_callback(reopened: Reopened) -> Told:
    """What the complainant said in the callback that reopened the complaint."""
    return told_by_words(reopened.signals)


def _losses(*told: Money | None) -> tuple[Money, ...]:
    return tuple(loss for loss in told if loss)


def all_styles(known: Iterable[Style], told: Told) -> list[Style]:
    """The styles that were known and those that are new, each once."""
    return list(dict.fromkeys([*known, *told.styles]))
