"""Writes what a nats-server needs: a seed per user of the house, its configuration, and the accounts.

`python -m deploy.nats.config --keys DIR --config FILE --store DIR --clients FILE` for a server of your own;
for several that are one cluster, `deploy.nats.cluster`. When the register of clients changes, the accounts in
the configuration are written anew, and the server reads them again on SIGHUP.
"""

import argparse
import base64
import json
import secrets
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nkeys

from deploy.nats.accounts import HOUSE_ACCOUNT, client_accounts, exports, imports
from deploy.nats.cluster import Cluster, ServerTls
from deploy.nats.permissions import ADMIN, DEPLOY, Permissions, permissions
from shared.runtime.clients.register import Register, UnusableRegister, read_or_empty
from shared.runtime.settings import read_secret, replace_secret

LOOPBACK = "127.0.0.1"

MOST_CONNECTIONS = 16_384
"""More than all clients together: each account has a limit of its own, so none keeps the others out."""

MAX_PAYLOAD_BYTES = 1024 * 1024 + 64 * 1024
"""1 MiB for what senders may send, and room for the headers that quarantine adds to it."""

STORE_KEY, CIPHER = "jetstream.key", "chachapoly"

ENCRYPTED = "meta.key"
"""Lies beside every stream that is encrypted."""

AUTHENTICATION_SECONDS = 10
"""Seconds to authenticate. With the default of 2 s a busy machine refuses connections."""


@dataclass(frozen=True)
class Server:
    """Address of a server, the place of its streams, and its cluster, if any."""

    store: Path
    port: int
    host: str = LOOPBACK
    name: str = "amends"
    tls: ServerTls | None = None
    cluster: Cluster | None = None
    store_bytes: int | None = None
    """Bytes that the streams may take; by default three quarters of the free disk space."""


def store_key(keys: Path, store: Path) -> str:
    """Key with which the streams are encrypted on disk: made once, readable by the owner alone.

    Raises `ValueError` where streams exist that were encrypted with a key that is gone. Without it, the
    server would start as if the streams had never existed.
    """
    path = keys / STORE_KEY
    if not path.exists():
        if any(store.rglob(ENCRYPTED)):
            raise ValueError(
                f"The streams in {store} are encrypted and their key {path} is gone; put it back."
            )
        keys.mkdir(parents=True, exist_ok=True, mode=0o700)
        replace_secret(path, base64.b64encode(secrets.token_bytes(32)))
    return path.read_text(encoding="ascii").strip()


def seed_file(keys: Path, user: str) -> Path:
    """Path of the seed of `user`."""
    return keys / f"{user}.nk"


def new_seed(path: Path) -> str:
    """Write a new seed, readable by the owner alone; returns its public key."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    replace_secret(path, nkeys.encode_seed(secrets.token_bytes(32), nkeys.PREFIX_BYTE_USER))
    return public_key(path)


def write_seeds(keys: Path, *, without: Iterable[str] = ()) -> dict[str, Path]:
    """Make a seed for every user of the house that has none yet. Those `without` lose theirs."""
    for user in without:
        seed_file(keys, user).unlink(missing_ok=True)
    paths = {user: seed_file(keys, user) for user in permissions() if user not in without}
    for path in paths.values():
        if not path.exists():
            new_seed(path)
    return paths


def public_key(seed: Path) -> str:
    """Public half of the key, which the server may know. Raises `ValueError` naming a spoilt file."""
    try:
        pair = nkeys.from_seed(bytearray(read_secret(seed)))
        return str(pair.public_key.decode())
    except (nkeys.NkeysError, ValueError) as error:
        raise ValueError(f"The file {seed} holds no nkey seed; delete it to have a new one made.") from error


def _user(seed: Path, may: Permissions) -> dict[str, Any]:
    publish = {"allow": list(may.publish), "deny": list(may.never_publish)}
    return {
        "nkey": public_key(seed),
        "permissions": {"publish": publish, "subscribe": {"allow": list(may.subscribe)}},
    }


def accounts(seeds: dict[str, Path], register: Register) -> dict[str, Any]:
    """House with its users, and the account of each client. `seeds` has the users of the house."""
    users = [_user(seed, permissions()[name]) for name, seed in seeds.items()]
    house: dict[str, Any] = {"jetstream": "enabled", "users": users, "exports": exports()}
    house |= {"imports": found} if (found := imports(register.active())) else {}
    return {HOUSE_ACCOUNT: house} | client_accounts(register.active(), MAX_PAYLOAD_BYTES)


def server_config(server: Server, key: str) -> dict[str, Any]:
    """Configuration without the accounts, as data; nats-server reads JSON as its own format."""
    config: dict[str, Any] = {
        "server_name": server.name,
        "host": server.host,
        "port": server.port,
        "max_payload": MAX_PAYLOAD_BYTES,
        "max_connections": MOST_CONNECTIONS,
        "max_subscriptions": 4096,
        # By default the server acknowledges before it has written through to the disk.
        "jetstream": {
            "store_dir": str(server.store),
            "sync_interval": "always",
            # Queued and quarantined messages hold texts. Streams without a key get one at once.
            "cipher": CIPHER,
            "key": key,
        },
        "authorization": {"timeout": AUTHENTICATION_SECONDS},
    }
    if server.store_bytes:
        config["jetstream"]["max_file_store"] = server.store_bytes
    if server.tls:
        config["tls"] = server.tls.block()
    if server.cluster:
        config["cluster"] = server.cluster.block()
        config["client_advertise"] = server.cluster.client_advertise
    return config


def write_config(
    path: Path, server: Server, keys: Path, register: Register | None = None, *, without: Iterable[str] = ()
) -> dict[str, Path]:
    """Write seeds and key (existing files are kept) and configuration; returns the seed file of every house
    user.

    Users of the house that are named in `without` lose their seeds, and the server does not know them.
    """
    seeds = write_seeds(keys, without=without)
    config = server_config(server, store_key(keys, server.store))
    _write(path, config | {"accounts": accounts(seeds, register or Register())})
    return seeds


def _tls(given: argparse.Namespace) -> ServerTls | None:
    certificate, key, ca = given.tls_certificate, given.tls_key, given.tls_ca
    if certificate and key:
        return ServerTls(certificate, key, ca)
    if certificate or key or ca:
        raise ValueError(
            "Name both --tls-certificate and --tls-key. 请同时指定 --tls-certificate 与 --tls-key。"
        )
    return None


def write_accounts(path: Path, keys: Path, register: Register) -> None:
    """Write the accounts of an existing configuration anew: house users that have a seed, and the clients."""
    seeds = {user: seed_file(keys, user) for user in permissions() if seed_file(keys, user).exists()}
    config = json.loads(path.read_text(encoding="utf-8"))
    _write(path, config | {"accounts": accounts(seeds, register)})


def _write(path: Path, config: dict[str, Any]) -> None:
    replace_secret(path, json.dumps(config, indent=2).encode())


def main() -> int:
    """Command line. Exit status 1 with one sentence when a file cannot be written or read."""
    parser = argparse.ArgumentParser(prog="python -m deploy.nats.config", description=__doc__)
    parser.add_argument("--keys", type=Path, required=True, help="directory of the seed files")
    parser.add_argument("--config", type=Path, required=True, help="the file to write")
    parser.add_argument("--store", type=Path, required=True, help="directory for the streams")
    parser.add_argument("--clients", type=Path, help="the register of clients, see `amends client`")
    parser.add_argument(
        "--sealed",
        action="store_true",
        help="without the users `deploy` and `admin`, and with their seeds deleted: no key that can change "
        "streams is kept while they do not change",
    )
    parser.add_argument("--store-bytes", type=int, help="how many bytes the streams may take on disk")
    parser.add_argument("--host", default=LOOPBACK)
    parser.add_argument("--port", type=int, default=4222)
    parser.add_argument("--tls-certificate", type=Path)
    parser.add_argument("--tls-key", type=Path)
    parser.add_argument("--tls-ca", type=Path, help="clients have to show a certificate signed by this CA")
    given = parser.parse_args()
    try:
        server = Server(given.store, given.port, given.host, tls=_tls(given), store_bytes=given.store_bytes)
        register = read_or_empty(given.clients) if given.clients else None
        without = (DEPLOY, ADMIN) if given.sealed else ()
        write_config(given.config, server, given.keys, register, without=without)
    except (OSError, ValueError, UnusableRegister) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
