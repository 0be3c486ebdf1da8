"""Failures of a client, each as one sentence with an exit status."""

import asyncio
from contextlib import suppress

import nats.errors
import nats.js.errors

from shared.contract.errors import ErrorCode, Refusal

REFUSED = 1


class AmendsError(Exception):
    """Failure as one sentence for a person, and a code for programs. The exit status is 1 by default."""

    def __init__(self, sentence: str, *, code: str = ErrorCode.UNAVAILABLE, status: int = REFUSED) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.code = code
        self.status = status


class RequestRefused(AmendsError):
    """Refusal of a service, with its reason."""

    def __init__(self, refusal: Refusal) -> None:
        where = f" (field `{refusal.field}`)" if refusal.field else ""
        super().__init__(f"{refusal.message}{where} [{refusal.code}]", code=refusal.code)
        self.refusal = refusal


NOT_REACHED = "The Amends stack cannot be reached. Start it with `amends up`, or look with `amends doctor`."

NOT_LET_IN = "The server does not accept these credentials. Check AMENDS_NATS_SEED_FILE or --dir."


def in_one_sentence(error: Exception) -> AmendsError:
    """Meaning of an exception for a person. An unexpected exception keeps the name of its type."""
    if isinstance(error, AmendsError):
        return error
    expected = _expected(error)
    if expected is not None:
        return expected
    detail = ""
    with suppress(Exception):
        detail = " ".join(str(error).split())[:200]
    said = f"{type(error).__name__}: {detail}" if detail else type(error).__name__
    return AmendsError(
        f"Something unexpected happened ({said}). Run it again with --debug to see where.", code="unexpected"
    )


def _denies_us(error: Exception) -> bool:
    """Whether the server rejects these credentials; the client library reports it in more than one way."""
    kinds = (nats.errors.AuthorizationError, nats.errors.InvalidUserCredentialsError)
    return isinstance(error, kinds) or "authorization violation" in str(error).lower()


def _expected(error: Exception) -> AmendsError | None:
    if isinstance(error, nats.errors.NoRespondersError):
        return AmendsError(
            "No service answers this at the moment. Run `amends doctor` to see which is missing."
        )
    if isinstance(error, nats.js.errors.NotFoundError):
        return AmendsError("The stream or message asked for does not exist.", code="not_found")
    if isinstance(error, nats.js.errors.NoStreamResponseError):
        return AmendsError("No stream takes this message. Run `amends doctor` to see what is missing.")
    if _denies_us(error):
        return AmendsError(NOT_LET_IN)
    if isinstance(error, nats.errors.MaxPayloadError):
        return AmendsError("The message is larger than the server takes.", code=ErrorCode.MALFORMED)
    if isinstance(error, nats.errors.NoServersError | ConnectionError):
        return AmendsError(NOT_REACHED)
    if isinstance(error, asyncio.TimeoutError | TimeoutError):
        return AmendsError("No answer came in time. Run `amends doctor`, then send the same thing again.")
    if isinstance(error, nats.errors.Error):
        return AmendsError(f"The message server answered: {error}.")
    if type(error).__module__.startswith("temporalio."):
        # Named, not imported: the SDK is slow to load and most commands do without it.
        return AmendsError(f"Temporal answered: {' '.join(str(error).split())[:200]}.")
    return None
