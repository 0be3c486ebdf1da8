"""Failure of a command line that is wrong in itself."""

from shared.client.failures import AmendsError
from shared.contract.errors import ErrorCode

USAGE_STATUS = 2


class UsageError(AmendsError):
    """Error in the command line itself; nothing was sent. Exit status 2."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, code=ErrorCode.MALFORMED, status=USAGE_STATUS)
