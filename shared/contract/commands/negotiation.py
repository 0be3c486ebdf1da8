"""Alternatives, offers, their answers, and who has to agree to them first."""

from collections.abc import Collection
from typing import Annotated, Literal

from pydantic import BaseModel, Field, StrictBool

from shared.contract.commands.base import Reasoned, Standards, Token, ToRouting, Version
from shared.contract.values import Instant, Interest, Money, Motive, Need, Text

Unit = Annotated[float, Field(ge=0, le=1)]


class Option(BaseModel):
    """Alternative that can be offered: a remedy of the policy pack, with an amount if the remedy is money.

    `interests` are those that it answers, each known of this complaint and served by the remedy; absent:
    all of these.
    """

    option_id: Token
    remedy: Token
    amount: Money | None = None
    text: Text | None = None
    value_to_customer: Unit | None = None
    value_to_company: Unit | None = None
    interests: Annotated[list[Interest], Field(max_length=9)] | None = None


class PrepareOptions(ToRouting):
    """Prepare two or more alternatives, best for the complainant last.

    The remedies name the motives that they answer (query `policy`). Alternatives that answer no known motive
    need `why`, for the record; `needs` are those that the plan answers besides.
    """

    VERB = "prepare_options"
    TEXTS = ("options.text", "why")
    OURS = ("options.text",)
    options: Annotated[list[Option], Field(max_length=20)]
    needs: Annotated[list[Need], Field(max_length=6)] = Field(default_factory=list)
    why: Text | None = None


class MakeOffer(ToRouting):
    """Offer one prepared option, citing the standards it rests on.

    `conditions` are those that the complainant would accept with it; they read them. `why_worse` is the
    reason for an offer that is worse than an earlier one: a person above decides about it first.
    `why_outside` is the reason for an offer outside the policy's band.
    """

    VERB = "offer"
    TEXTS = ("text", "conditions", "why_worse", "why_outside")
    OURS = ("text", "conditions", "why_worse", "why_outside")
    TOLD = ("text", "conditions")
    option_id: Token
    standards: Standards
    expires_at: Instant | None = None
    text: Text
    position: Version | None = None
    conditions: Text | None = None
    why_worse: Text | None = None
    why_outside: Text | None = None


class CounterOffer(BaseModel):
    """Remedy that the complainant would accept instead. One that the policy does not know is encrypted and
    stored.
    """

    remedy: Text
    amount: Money | None = None


class AnswerOffer(ToRouting):
    """Record the complainant's answer to an offer, sent by the complainant or by the owner for them."""

    VERB = "answer"
    TEXTS = ("text",)
    offer_id: Token
    answer: Literal["accepted", "rejected", "countered"]
    counter: CounterOffer | None = None
    text: Text | None = None

    def texts(self, codes: Collection[str] = frozenset(Motive)) -> tuple[str, ...]:
        """Remedies that the policy knows may travel in the clear; any other word for a remedy is a text."""
        known = self.counter is None or self.counter.remedy in codes
        return ("text",) if known else ("text", "counter.remedy")


class WithdrawOffer(Reasoned):
    """Take an open offer back."""

    VERB = "withdraw_offer"
    offer_id: Token


class Approve(ToRouting):
    """Grant or deny what `approval_requested` asked for."""

    VERB = "approve"
    TEXTS = ("reason",)
    OURS = ("reason",)
    request_id: Token
    approved: StrictBool
    reason: Text | None = None
