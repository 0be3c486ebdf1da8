"""Quarantine of bad input: each message is kept with its bytes, subject, headers, and the reason in words."""

from enum import StrEnum

from shared.contract.values.problems import Words


class Reason(StrEnum):
    """Reason of a quarantine: the last token of `complaints.v1.quarantine.<reason>`."""

    NOT_JSON = "not_json"
    NOT_CLOUDEVENT = "not_cloudevent"
    INVALID = "invalid"
    FUTURE = "future"
    TOO_LARGE = "too_large"
    UNKNOWN_CHANNEL = "unknown_channel"
    RATE_LIMITED = "rate_limited"
    TOO_COMPLEX = "too_complex"
    FOREIGN_SOURCE = "foreign_source"
    ID_REUSED = "id_reused"
    AUTOMATIC = "automatic"


class Misfit(Exception):
    """Message that does not fit its subject: it goes to the quarantine with these words.

    `words` are one sentence in English and in Chinese; neither repeats the content of the message.
    `danger`: the message reports a danger, so a person has to read it now.
    """

    def __init__(
        self,
        reason: Reason,
        words: Words,
        field: str | None = None,
        *,
        danger: bool = False,
    ) -> None:
        super().__init__(words.en)
        self.reason = reason
        self.words = words
        self.field = field
        self.danger = danger

    @property
    def detail(self) -> str:
        return self.words.en

    @property
    def detail_zh(self) -> str:
        return self.words.zh

    def __reduce__(self) -> tuple[type["Misfit"], tuple[Reason, Words, str | None]]:
        return Misfit, (self.reason, self.words, self.field)


OURS = "Amends-"
"""Prefix of the headers that only Amends writes. A sender's headers with it are dropped, in upper or lower
case.
"""

HEADER_SUBJECT = "Amends-Subject"
"""Subject that the message came on."""

HEADER_CLIENT = "Amends-Client"
"""Client that sent the message; absent for a message of the house account."""

HEADER_REASON = "Amends-Reason"
"""Word of `Reason`, or the class of the failure for a dead letter."""

HEADER_DETAIL = "Amends-Detail"
"""Reason in one sentence."""

HEADER_DETAIL_ZH = "Amends-Detail-Zh"
"""Reason in Chinese, percent-encoded UTF-8: some clients read only ASCII in a header."""

HEADER_FIELD = "Amends-Field"
"""Failing field, dotted from the top of the message; absent if there is none."""

HEADER_DANGER = "Amends-Danger"
"""`true` if the message reports a danger, so that a person has to read it now; else absent."""

HEADER_AT = "Amends-At"
"""Instant of the quarantine, RFC 3339."""

HEADER_ARRIVED = "Amends-Arrived"
"""Instant of arrival, RFC 3339. It is the receipt of a submission without a time, also when it is
replayed.
"""

HEADER_COMPLAINT = "Amends-Complaint"
"""Complaint id, if the message has a source and an id; by it, erasure finds the copy."""

HEADER_ORIGINAL = "Amends-Original-"
"""Prefix of the original headers that NATS itself would act upon (`Nats-…`)."""

QUARANTINE_HEADERS = {
    HEADER_SUBJECT: "The subject that the message came on.",
    HEADER_CLIENT: "The client that sent it; absent where no client did.",
    HEADER_REASON: "One word: the reason of a quarantine, the class of the failure of a dead letter.",
    HEADER_DETAIL: "The reason in one sentence.",
    HEADER_DETAIL_ZH: "The same in Chinese, percent-encoded UTF-8.",
    HEADER_FIELD: "The failing field, dotted from the top of the message; absent when there is none.",
    HEADER_DANGER: "`true` where the message reports a danger: read it now; else absent.",
    HEADER_COMPLAINT: "The complaint id, where the message has a source and an id.",
    HEADER_AT: "Instant of the quarantine, RFC 3339.",
    HEADER_ARRIVED: "Instant of arrival, RFC 3339: a submission without a time was received then.",
    f"{HEADER_ORIGINAL}*": "The original headers that NATS itself would act upon, such as `Nats-Msg-Id`.",
}
"""Meaning of the headers of a quarantined message, for the generated contract."""
