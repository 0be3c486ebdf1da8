"""The judgement on a message that is not what its subject asks for. Pure, so that pure modules can say it."""

from shared.contract.quarantine import Reason


class Misfit(Exception):
    """The message goes to the quarantine with these words, which never repeat what stood in it.

    `detail` is one sentence in English, `detail_zh` the same in Chinese.
    """

    def __init__(self, reason: Reason, detail: str, field: str | None = None, detail_zh: str = "") -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail
        self.field = field
        self.detail_zh = detail_zh
