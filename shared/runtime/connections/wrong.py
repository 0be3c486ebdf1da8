"""Error for a setting that cannot be used: the name of its variable and one sentence, in English and
Chinese.
"""

from collections.abc import Sequence

PREFIX = "AMENDS_"


class WrongSetting(ValueError):
    """Raised for a wrong setting. `why` and `why_zh` give the reason; the sentence begins with the
    variable.
    """

    def __init__(self, variable: str, why: str, why_zh: str) -> None:
        super().__init__(f"{variable} {why}. {variable} {why_zh}。")
        self.variable = variable
        self.why = why
        self.why_zh = why_zh


class Unfit(ValueError):
    """Raised by the validator of a field: `why` and `why_zh` go into its sentence."""

    def __init__(self, why: str, why_zh: str) -> None:
        super().__init__(why)
        self.why = why
        self.why_zh = why_zh


class SeveralWrong(WrongSetting):
    """More than one setting cannot be used; a line for each."""

    def __init__(self, wrong: Sequence[WrongSetting]) -> None:
        first = wrong[0]
        super().__init__(first.variable, first.why, first.why_zh)
        self.wrong = tuple(wrong)

    def __str__(self) -> str:
        return "\n".join(map(str, self.wrong))


class NotLetIn(WrongSetting):
    """Raised when the server does not know these credentials."""


class Unreachable(ConnectionError):
    """Raised when no server answers now, although one may later. `why` and `why_zh` describe the attempt."""

    def __init__(self, why: str, why_zh: str) -> None:
        super().__init__(f"{why}. {why_zh}。")
        self.why = why
        self.why_zh = why_zh
