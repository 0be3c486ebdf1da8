"""Register of clients: a file of names, public keys, hashes of tokens, and the permissions of each client."""

import fcntl
import hashlib
import hmac
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from shared.contract.classify import CLASSIFIER_ACTOR
from shared.contract.clients import ANY, CAPABILITIES, GATEWAY_ACTOR, Kind
from shared.contract.door import FORM_SOURCE
from shared.contract.events import FACTS
from shared.contract.subjects import HOUSE, Service
from shared.contract.values import CUSTOMER, Ref
from shared.contract.values.problems import first_problem, with_words
from shared.named_file import Unreadable, read_named

TOKEN_PREFIX = "amends_"
MOST_BYTES = 32 * 1024 * 1024
MOST_SECRETS = 2
"""Most keys or tokens of one client and kind: the present and the next, so that it can be changed without a
gap.
"""

RESERVED = {HOUSE, "deploy", "amends", "house", *map(str, Service)}

NAME = with_words(
    r"^[a-z0-9][a-z0-9_-]{0,63}$",
    "must be 1 to 64 small letters, digits, `_` and `-`, and begin with a letter or a digit",
    "必须由 1 至 64 个小写字母、数字、“_”、“-”组成，并以字母或数字开头",
)

ClientName = Annotated[str, StringConstraints(pattern=NAME)]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
PublicKey = Annotated[str, StringConstraints(pattern=r"^U[A-Z2-7]{55}$")]


class UnusableRegister(ValueError):
    """Raised for a register that cannot be used; the message gives the reason, and holds no secret."""


class Client(BaseModel):
    """Client of the register. It holds no secret: public keys, and the SHA-256 of tokens, which are
    random.
    """

    model_config = ConfigDict(extra="forbid")

    name: ClientName
    kind: Kind
    sources: list[Ref] = Field(default_factory=list, max_length=100)
    actors: list[Ref] = Field(default_factory=list, max_length=10_000)
    follow: list[str] = Field(default_factory=list, max_length=len(FACTS))
    keys: list[PublicKey] = Field(default_factory=list, max_length=MOST_SECRETS)
    tokens_sha256: list[Sha256] = Field(default_factory=list, max_length=MOST_SECRETS)
    per_minute: Annotated[int, Field(ge=1)] | None = None
    max_connections: Annotated[int, Field(ge=1)] = 64
    max_subscriptions: Annotated[int, Field(ge=1)] = 1024
    max_payload: Annotated[int, Field(ge=1024)] | None = None
    from_start: bool = Field(False, description="Whether its durable begins with the oldest fact.")
    revoked: bool = False

    @model_validator(mode="after")
    def fits_its_kind(self) -> "Client":
        if problem := _misfit(self):
            raise ValueError(problem)
        return self

    def may_speak_for(self, source: str) -> bool:
        """Whether the source is one of its own or lies below: `crm` for `crm/cases`, never for
        `crm-of-others`.
        """
        if self.kind is Kind.DOOR:
            return True
        named = any(own == ANY or _below(source, own) for own in self.sources)
        return named and not _below(source, FORM_SOURCE)

    def may_name(self, actor: str) -> bool:
        """Whether it may speak as this actor."""
        return actor in self.actors or ANY in self.actors

    def may_follow(self, fact: str) -> bool:
        """Whether it receives facts of this name."""
        return fact in self.follow or ANY in self.follow


def _misfit(one: Client) -> str | None:
    """Reason why this cannot be a client of its kind, in one sentence."""
    able, actors = CAPABILITIES[one.kind], one.actors
    if one.name in RESERVED:
        return f"the name {one.name} belongs to a part of Amends; choose another"
    if one.kind is Kind.PUBLISHER and not one.sources:
        return "a publisher needs at least one source"
    if one.sources and one.kind is not Kind.PUBLISHER:
        return f"a {one.kind} submits nothing, so it has no sources"
    if any(_below(FORM_SOURCE, source) for source in one.sources if source != ANY):
        return "a source covers the source of the web form"
    if one.kind is Kind.PERSON and (
        len(actors) != 1 or actors[0] in (ANY, CUSTOMER, GATEWAY_ACTOR, CLASSIFIER_ACTOR)
    ):
        return "a person names exactly one member of staff as its actor"
    if one.kind is Kind.DESK and not actors:
        return "a client of the kind `desk` needs at least one actor"
    if one.kind in (Kind.PUBLISHER, Kind.DOOR, Kind.READER) and actors:
        return f"a {one.kind} names no actors"
    if one.kind is Kind.PORTAL and actors != [CUSTOMER]:
        return f"a portal speaks as {CUSTOMER} and as no other actor"
    if one.kind is Kind.GATEWAY and actors != [GATEWAY_ACTOR]:
        return f"a gateway reads as {GATEWAY_ACTOR} and as no other actor"
    if one.kind is Kind.CLASSIFIER and actors != [CLASSIFIER_ACTOR]:
        return f"a classifier reads as {CLASSIFIER_ACTOR} and as no other actor"
    if unknown := [name for name in one.follow if name != ANY and name not in FACTS]:
        return f"there is no fact {unknown[0]}"
    if ANY not in able.follows and (beyond := set(one.follow) - set(able.follows)):
        return f"a {one.kind} cannot follow {sorted(beyond)[0]}"
    return None


class Register(BaseModel):
    """Content of the whole file."""

    model_config = ConfigDict(extra="forbid")

    clients: list[Client] = Field(default_factory=list, max_length=10_000)

    @model_validator(mode="after")
    def are_distinct(self) -> "Register":
        names = [client.name for client in self.clients]
        keys = [key for client in self.clients for key in client.keys]
        for values in (names, keys):
            if len(set(values)) < len(values):
                raise ValueError("a name or a key is there twice")
        return self

    def get(self, name: str) -> Client | None:
        """Client of this name, revoked or not."""
        return next((client for client in self.clients if client.name == name), None)

    def active(self) -> list[Client]:
        """All that are not revoked."""
        return [client for client in self.clients if not client.revoked]

    def known_by(self, token: str) -> Client | None:
        """Client with this token. All hashes are compared, in constant time, so that the time reveals
        nothing.
        """
        presented, found = digest(token), None
        for client in self.active():
            for known in client.tokens_sha256:
                if hmac.compare_digest(known, presented):
                    found = client
        return found

    def having(self, **entry: Any) -> "Register":
        """Register with this client, in place of a client of the same name. Raises `UnusableRegister`."""
        try:
            client = Client.model_validate(entry)
            others = [one for one in self.clients if one.name != client.name]
            return Register(clients=[*others, client])
        except ValidationError as error:
            raise UnusableRegister(_first(error)) from None

    def changed(self, name: str, **changes: Any) -> "Register":
        """Register with some fields of a client changed. Raises `UnusableRegister`, also for an unknown
        name.
        """
        client = self.get(name)
        if client is None:
            raise UnusableRegister(f"no client is named {name}")
        return self.having(**client.model_dump() | changes)

    def revoke(self, name: str) -> "Register":
        """Without the keys and tokens of a client. Its name stays, since facts name it."""
        return self.changed(name, keys=[], tokens_sha256=[], revoked=True)


def renewed(before: list[str], fresh: str, *, only: bool) -> list[str]:
    """Secrets with a new key or token. The previous secret stays valid, unless the new secret is to be the
    `only` one.
    """
    return [fresh] if only else [*before[-(MOST_SECRETS - 1) :], fresh]


def _below(source: str, owner: str) -> bool:
    return source == owner or source.startswith(owner if owner[-1] in "/:#" else f"{owner}/")


def new_token() -> str:
    """Make a token of 256 random bits, with a prefix that distinguishes it from other secrets."""
    return TOKEN_PREFIX + secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """Digest under which a token is stored."""
    return hashlib.sha256(token.encode()).hexdigest()


def read(path: Path) -> Register:
    """Read the file. Raises `UnusableRegister`."""
    try:
        return Register.model_validate_json(read_named(path, MOST_BYTES))
    except Unreadable as error:
        raise UnusableRegister(error.why) from None
    except ValidationError as error:
        raise UnusableRegister(_first(error)) from None


def read_or_empty(path: Path) -> Register:
    """Read the file, or make a register without clients where there is none. Raises `UnusableRegister`."""
    return read(path) if os.path.lexists(path) else Register()


def write(path: Path, register: Register) -> None:
    """Write the whole file or nothing, readable by its owner alone."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(register.model_dump_json(indent=2, exclude_defaults=True).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Lock the register against other changes: two commands at once must not undo each other."""
    if not path.parent.is_dir():
        yield  # writing it will report that
        return
    with path.with_name(f".{path.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _first(error: ValidationError) -> str:
    problem = error.errors()[0]
    if problem["type"] == "value_error":
        return str(problem["msg"]).removeprefix("Value error, ")
    place, _, words = first_problem(error)
    return f"{place or 'the file'}: {words.en}"
