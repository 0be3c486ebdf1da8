"""Who may publish over HTTP: a file of names, hashes of tokens, and the sources that each may speak for."""

import hashlib
import hmac
import os
import secrets
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, field_validator

from shared.contract.door import FORM_SOURCE
from shared.contract.values import Ref
from shared.contract.values.problems import first_problem, with_words

TOKEN_PREFIX = "amends_"
MOST_TOKENS = 2
"""Of one publisher: the token in use and the next, so that it can be changed without a gap."""


NAME = with_words(
    r"^[a-z0-9][a-z0-9._-]{0,63}$",
    "must be 1 to 64 small letters, digits, `.`, `_` and `-`, and begin with a letter or a digit",
    "必须由 1 至 64 个小写字母、数字、“.”、“_”、“-”组成，并以字母或数字开头",
)


class UnusableTokens(Exception):
    """The file of publishers cannot be used; the message says why, and holds nothing from it."""


class Publisher(BaseModel):
    """One system. Of its tokens only the SHA-256 is kept: they are random, so nothing slower is needed."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, StringConstraints(pattern=NAME)]
    source: Ref = Field(description="The CloudEvents source that it speaks for, and whatever lies below it.")
    tokens_sha256: list[Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]] = Field(
        min_length=1, max_length=MOST_TOKENS
    )
    per_minute: Annotated[int, Field(ge=1)] | None = None

    @field_validator("source")
    @classmethod
    def is_not_ours(cls, source: str) -> str:
        if _below(FORM_SOURCE, source):
            raise ValueError("covers the source of the web form")
        return source

    def may_speak_for(self, source: str) -> bool:
        """Its own source, or one below it: `crm` for `crm/cases`, never for `crm-of-others`."""
        return _below(source, self.source)


class Publishers(BaseModel):
    """The whole file."""

    model_config = ConfigDict(extra="forbid")

    publishers: list[Publisher] = Field(default_factory=list, max_length=10_000)

    @field_validator("publishers")
    @classmethod
    def names_differ(cls, publishers: list[Publisher]) -> list[Publisher]:
        if len({publisher.name for publisher in publishers}) < len(publishers):
            raise ValueError("one name stands there twice")
        return publishers

    def known_by(self, token: str) -> Publisher | None:
        """Whose token it is. All hashes are compared, in constant time: how long it takes tells nothing."""
        presented, found = digest(token), None
        for publisher in self.publishers:
            for known in publisher.tokens_sha256:
                if hmac.compare_digest(known, presented):
                    found = publisher
        return found

    def with_token(self, name: str, source: str, token: str, *, only: bool) -> "Publishers":
        """With one more token for `name`; the one before stays good, unless this is to be the `only` one.

        Raises `UnusableTokens` when something given is not possible.
        """
        before = next((publisher for publisher in self.publishers if publisher.name == name), None)
        kept = before.tokens_sha256[-(MOST_TOKENS - 1) :] if before and not only else []
        entry = {
            "name": name,
            "source": source,
            "tokens_sha256": [*kept, digest(token)],
            "per_minute": before.per_minute if before else None,
        }
        others = self.without(name).publishers
        try:
            return Publishers(publishers=[*others, Publisher.model_validate(entry)])
        except ValidationError as error:
            raise UnusableTokens(_first(error)) from None

    def without(self, name: str) -> "Publishers":
        """Without this publisher: its tokens are good no more."""
        return Publishers(publishers=[one for one in self.publishers if one.name != name])


def _below(source: str, owner: str) -> bool:
    return source == owner or source.startswith(owner if owner[-1] in "/:#" else f"{owner}/")


def new_token() -> str:
    """256 random bits, told from other secrets by their prefix."""
    return TOKEN_PREFIX + secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def read(path: Path) -> Publishers:
    """The file. Raises `UnusableTokens`."""
    try:
        return Publishers.model_validate_json(path.read_bytes())
    except OSError as error:
        raise UnusableTokens(error.strerror or type(error).__name__) from None
    except ValidationError as error:
        raise UnusableTokens(_first(error)) from None


def write(path: Path, publishers: Publishers) -> None:
    """The whole file or nothing, for its owner alone."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(publishers.model_dump_json(indent=2, exclude_none=True).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)


def _first(error: ValidationError) -> str:
    place, _, words = first_problem(error)
    return f"{place or 'the file'}: {words.en}"
