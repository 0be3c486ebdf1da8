"""`amends client`: the register of clients, each with an account of its own. It takes effect at once."""

import asyncio
import os
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from deploy.local.clients import site_of
from deploy.nats.administering import NotInEffect, Site, take_effect
from deploy.nats.config import new_seed
from services.console.cli.app import Debug, Dir, Json, app
from services.console.cli.output import document, terminal
from services.console.cli.usage import UsageError
from services.console.connection.place import DEFAULT_DIRECTORY
from shared.client.failures import AmendsError
from shared.contract.classify import CLASSIFIER_ACTOR
from shared.contract.clients import GATEWAY_ACTOR, Kind
from shared.contract.consumers import client_durable
from shared.contract.errors import ErrorCode
from shared.contract.events import Notice
from shared.contract.subjects import HOUSE
from shared.contract.values import CUSTOMER
from shared.runtime.clients import register as registers
from shared.runtime.clients.register import Client, Register, UnusableRegister

CLIENTS_VARIABLE = "AMENDS_CLIENTS_FILE"

Name = Annotated[str, typer.Argument(help="The client: small letters, digits, `_` and `-`.")]
Several = list[str] | None
Source = Annotated[Several, typer.Option(help="A CloudEvents source that it submits for, and all below it.")]
Who = Annotated[
    Several,
    typer.Option("--actor", help="A staff id that it may name; `*` for a trusted client of the kind `desk`."),
]
Follow = Annotated[Several, typer.Option(help="A fact that it follows, by name; `*` for all.")]
PerMinute = Annotated[
    int | None, typer.Option(min=1, help="Messages and requests that it may send in a minute.")
]
Connections = Annotated[
    int, typer.Option("--connections", min=1, help="Connections that it may have at once.")
]
Bytes = Annotated[int | None, typer.Option("--bytes", min=1024, help="Largest size of its messages.")]
FromStart = Annotated[bool, typer.Option("--from-start", help="Its durable begins with the oldest fact.")]
Token = Annotated[bool, typer.Option("--token", help="Also print a token for the HTTP door.")]
Only = Annotated[bool, typer.Option("--only", help="Revoke its former secrets.")]
ClientsFile = Annotated[
    Path | None, typer.Option("--file", help=f"The register of a server of your own [{CLIENTS_VARIABLE}].")
]
Keys = Annotated[Path | None, typer.Option(help="With --file: the directory for the seed.")]
Config = Annotated[Path | None, typer.Option(help="With --file: the configuration of the server.")]

DEFAULT_ACTORS = {Kind.PORTAL: [CUSTOMER], Kind.GATEWAY: [GATEWAY_ACTOR], Kind.CLASSIFIER: [CLASSIFIER_ACTOR]}
DEFAULT_FOLLOW = {Kind.GATEWAY: [Notice.NAME]}

client = typer.Typer(no_args_is_help=True, help="Clients: other systems and people, each with an account.")
app.add_typer(client, name="client")


@client.command()
def add(
    name: Name,
    kind: Annotated[Kind, typer.Option(help="Kind of the client.")],
    source: Source = None,
    actor: Who = None,
    follow: Follow = None,
    per_minute: PerMinute = None,
    connections: Connections = 64,
    most_bytes: Bytes = None,
    from_start: FromStart = False,
    token: Token = False,
    file: ClientsFile = None,
    keys: Keys = None,
    config: Config = None,
    directory: Dir = None,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Register a client and give it an account; prints the path of its seed file."""
    site = _site(directory, file, keys, config)
    entry: dict[str, Any] = {
        "name": name,
        "kind": kind,
        "sources": source or [],
        "actors": actor or DEFAULT_ACTORS.get(kind, []),
        "follow": follow or DEFAULT_FOLLOW.get(kind, []),
        "per_minute": per_minute,
        "max_connections": connections,
        "max_payload": most_bytes,
        "from_start": from_start,
    }
    secret = registers.new_token() if token else None

    def added(known: Register) -> Register:
        if known.get(name) is not None:
            raise UsageError(f"A client {name} is registered already: renew it, or choose another name.")
        known.having(**entry)  # before a seed is made
        own = [registers.digest(secret)] if secret else []
        return known.having(**entry, keys=[new_seed(site.seed_file(name))], tokens_sha256=own)

    _report(site, _changed(site, name, added), secret, as_json)


@client.command()
def change(
    name: Name,
    source: Source = None,
    actor: Who = None,
    follow: Follow = None,
    per_minute: PerMinute = None,
    file: ClientsFile = None,
    keys: Keys = None,
    config: Config = None,
    directory: Dir = None,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Change what a client may do: given options replace the former values. Its seed stays good."""
    site = _site(directory, file, keys, config)
    given = {"sources": source, "actors": actor, "follow": follow, "per_minute": per_minute}
    changes = {field: value for field, value in given.items() if value is not None}
    if not changes:
        raise UsageError("Give what is to change: --source, --actor, --follow or --per-minute.")

    def changed(known: Register) -> Register:
        if _known(known, name).revoked:
            raise AmendsError(f"The client {name} is revoked: renew it first.", code="not_found")
        return known.changed(name, **changes)

    _report(site, _changed(site, name, changed), None, as_json)


@client.command()
def renew(
    name: Name,
    only: Only = False,
    token: Token = False,
    file: ClientsFile = None,
    keys: Keys = None,
    config: Config = None,
    directory: Dir = None,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Make a new seed for a client. The former seed stays good until the next, unless --only is given."""
    site = _site(directory, file, keys, config)
    secret = registers.new_token() if token else None

    def renewed(known: Register) -> Register:
        before = _known(known, name)
        fresh = registers.renewed(before.keys, new_seed(site.seed_file(name)), only=only)
        tokens = before.tokens_sha256
        if secret:
            tokens = registers.renewed(tokens, registers.digest(secret), only=only)
        return known.changed(name, keys=fresh, tokens_sha256=tokens, revoked=False)

    _report(site, _changed(site, name, renewed), secret, as_json)


@client.command()
def revoke(
    name: Name,
    file: ClientsFile = None,
    keys: Keys = None,
    config: Config = None,
    directory: Dir = None,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Revoke a client at once and delete its seed file.

    Its name stays in the register, since facts name it.
    """
    site = _site(directory, file, keys, config)

    def revoked(known: Register) -> Register:
        if _known(known, name).revoked:
            raise AmendsError(f"The client {name} is revoked already; nothing is changed.", code="not_found")
        return known.revoke(name)

    _report(site, _changed(site, name, revoked), None, as_json)
    # Only now: the seed was needed to find out that the server no longer accepts it.
    site.seed_file(name).unlink(missing_ok=True)


@client.command("list")
def list_(
    file: ClientsFile = None, directory: Dir = None, as_json: Json = False, debug: Debug = False
) -> None:
    """List the clients, and what each may do. No secret is shown."""
    site = _site(directory, file, None, None)
    try:
        found = registers.read_or_empty(site.clients).clients
    except UnusableRegister as error:
        raise AmendsError(f"{site.clients}: {error}.", code=ErrorCode.MALFORMED) from error
    if as_json:
        document({"clients": [_entry(one) for one in found]})
        return
    table = Table("name", "kind", "sources", "actors", "follows", "state", box=None, padding=(0, 2, 0, 0))
    for one in found:
        state = "revoked" if one.revoked else ""
        table.add_row(one.name, one.kind, *map(" ".join, (one.sources, one.actors, one.follow)), state)
    terminal().print(table)


def _site(directory: Path | None, file: Path | None, keys: Path | None, config: Path | None) -> Site:
    """Register that is meant: of the user's own server, or of an embedded stack, which need not run."""
    named = os.environ.get(CLIENTS_VARIABLE)
    chosen = file or (Path(named) if named and directory is None else None)
    if chosen is None:
        return site_of(directory or Path(os.environ.get("AMENDS_DIR") or DEFAULT_DIRECTORY))
    return Site(chosen, keys or chosen.parent, config)


def _known(register: Register, name: str) -> Client:
    found = register.get(name)
    if found is None or name == HOUSE:
        raise AmendsError(f"No client is named {name}. See `amends client list`.", code="not_found")
    return found


def _changed(site: Site, name: str, change: Any) -> Client:
    """Change the register, then the accounts."""
    try:
        with registers.held(site.clients):
            register: Register = change(registers.read_or_empty(site.clients))
            registers.write(site.clients, register)
            site.write_accounts(register)
    except (UnusableRegister, OSError) as error:
        raise AmendsError(f"{site.clients}: {error}.", code=ErrorCode.MALFORMED) from error
    return _known(register, name)


def _report(site: Site, changed: Client, token: str | None, as_json: bool) -> None:
    """Put the change into effect, and report the outcome."""
    try:
        in_effect = asyncio.run(take_effect(site, changed))
    except NotInEffect as error:
        raise AmendsError(f"{error} See the log of the server, then renew {changed.name}.") from error
    seed = None if changed.revoked else str(site.seed_file(changed.name).absolute())
    if as_json:
        found = {"ok": True, "client": _entry(changed), "seed_file": seed, "token": token}
        document(found | {"in_effect": in_effect})
        return
    print(seed or f"{changed.name} is revoked.")
    if token:
        print(token)
    if not in_effect:
        print(
            "It takes effect when the server reads its accounts again: `nats-server --signal reload`, twice."
        )


def _entry(one: Client) -> dict[str, Any]:
    """Fields of a client that may be shown."""
    shown = one.model_dump(mode="json", exclude={"tokens_sha256", "keys"})
    durable = client_durable(one.name, one.follow).name if one.follow else None
    return shown | {"durable": durable, "keys": len(one.keys), "tokens": len(one.tokens_sha256)}
