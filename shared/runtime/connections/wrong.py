"""A setting that cannot be used: the name of its variable and one sentence, in English and Chinese."""

PREFIX = "AMENDS_"


class WrongSetting(ValueError):
    """`why` and `why_zh` say what is wrong; the sentence begins with the variable."""

    def __init__(self, variable: str, why: str, why_zh: str) -> None:
        super().__init__(f"{variable} {why}. {variable} {why_zh}。")
        self.variable = variable
        self.why = why
        self.why_zh = why_zh


class NotLetIn(WrongSetting):
    """The server knows nobody with these credentials."""


class Unreachable(ConnectionError):
    """No server answers now; one may answer later. `why` and `why_zh` say what was tried."""

    def __init__(self, why: str, why_zh: str) -> None:
        super().__init__(f"{why}. {why_zh}。")
        self.why = why
        self.why_zh = why_zh
