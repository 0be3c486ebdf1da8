"""Settings, read once from the environment at the top of a service; nonsense ends it with status 2."""

import os
import sys
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import Field, FilePath, NatsDsn, TypeAdapter, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

PREFIX = "AMENDS_"
Loaded = TypeVar("Loaded", bound="ServiceSettings")


class ServiceSettings(BaseSettings):
    """What all services share. Every field is the environment variable `AMENDS_<FIELD>`."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, extra="ignore")

    nats_url: str = Field(description="URL of a NATS server, such as nats://127.0.0.1:4222")
    nats_seed_file: FilePath = Field(description="path of the nkey seed file of this service's NATS user")
    nats_tls_ca_file: FilePath | None = Field(None, description="path of the CA file for TLS to NATS")
    temporal_address: str = Field(
        "127.0.0.1:7233", description="host:port of Temporal", pattern=r"^[^\s:]+:\d+$"
    )
    temporal_namespace: str = Field("default", description="a Temporal namespace")
    temporal_api_key: str | None = Field(None, description="API key, for Temporal Cloud", repr=False)
    policy: str = Field("default", description="a built-in policy pack, or a directory; regimes after commas")
    master_key_file: FilePath = Field(description="path of a file with 32 random bytes in base64")
    time_skipping: bool = Field(False, description="true where the Temporal server may move clocks")
    health_port: int | None = Field(
        None, ge=1, le=65535, description="a free TCP port for /livez and /readyz"
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="a log level")

    @field_validator("nats_url")
    @classmethod
    def is_nats_url(cls, url: str) -> str:
        TypeAdapter(NatsDsn).validate_python(url)
        return url


def sync_url(url: str) -> str:
    """The same database through the drivers that we use (threads, not asyncio)."""
    return url.replace("sqlite+aiosqlite:", "sqlite:", 1).replace("postgresql:", "postgresql+psycopg:", 1)


def database_url(url: str) -> str:
    """A field validator: the URL of an SQLite or PostgreSQL database."""
    try:
        backend = make_url(sync_url(url)).get_backend_name()
    except ArgumentError:
        raise ValueError("it cannot be read as a URL") from None
    if backend not in ("sqlite", "postgresql"):
        raise ValueError("only SQLite and PostgreSQL are supported")
    return url


def load(settings: type[Loaded]) -> Loaded:
    """The settings, or the end: one sentence per wrong variable on stderr, exit status 2."""
    try:
        return settings()
    except ValidationError as error:
        for problem in error.errors():
            name = str(problem["loc"][0])
            field = settings.model_fields.get(name)
            expected = field.description if field and field.description else "another value"
            words = problem["msg"].removeprefix("Value error, ")
            got = "is not set" if problem["type"] == "missing" else f"is not valid ({words})"
            variable = name if name.startswith(PREFIX) else PREFIX + name.upper()
            print(f"{variable} {got}: it expects {expected}.", file=sys.stderr)
        sys.exit(2)


def read_secret(path: Path) -> bytes:
    """The content of a small secret file, without the newline at its end."""
    return path.read_bytes().strip()


def replace_secret(path: Path, content: bytes) -> None:
    """Write a small secret file whole or not at all, readable by its owner alone from the first byte on."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
