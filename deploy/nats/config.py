"""Writes what a nats-server needs: a seed per user, and a configuration with users and permissions.

`python -m deploy.nats.config --keys DIR --config FILE --store DIR` for a server of your own; for several that
are one cluster, `deploy.nats.cluster`.
"""

import argparse
import base64
import json
import secrets
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nkeys

from deploy.nats.cluster import Cluster, Tls
from deploy.nats.permissions import SUBMITTERS, Permissions, permissions
from shared.contract.subjects import SUBMIT
from shared.runtime.settings import replace_secret

LOOPBACK = "127.0.0.1"
ACCOUNT, OUTSIDE_ACCOUNT = "AMENDS", "PUBLISHERS"

MAX_PAYLOAD_BYTES = 1024 * 1024 + 64 * 1024
"""1 MiB for what senders may send, and room for the headers that quarantine adds to it."""

STORE_KEY, CIPHER = "jetstream.key", "chachapoly"

ENCRYPTED = "meta.key"
"""Lies beside every stream that is encrypted."""

AUTHENTICATION_SECONDS = 10
"""The default of 2 s turns a busy machine into refused connections."""


@dataclass(frozen=True)
class Server:
    """Where a server listens and keeps its streams, and the cluster that it belongs to, if any."""

    store: Path
    port: int
    host: str = LOOPBACK
    name: str = "amends"
    tls: Tls | None = None
    cluster: Cluster | None = None


def store_key(keys: Path, store: Path) -> str:
    """The key that the streams are encrypted with on disk: made once, readable by the owner alone.

    Raises `ValueError` where streams lie that were encrypted with a key that is gone: without it, the server
    would start as if they had never been.
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
    """Where the seed of `user` lies."""
    return keys / f"{user}.nk"


def write_seeds(keys: Path) -> dict[str, Path]:
    """Make a seed for every user that has none yet, readable by the owner alone."""
    keys.mkdir(parents=True, exist_ok=True, mode=0o700)
    paths = {user: seed_file(keys, user) for user in permissions()}
    for path in paths.values():
        if not path.exists():
            seed = nkeys.encode_seed(secrets.token_bytes(32), nkeys.PREFIX_BYTE_USER)
            replace_secret(path, seed)
    return paths


def public_key(seed: Path) -> str:
    """The half of the key that the server may know. Raises `ValueError` naming a spoilt file."""
    try:
        pair = nkeys.from_seed(bytearray(seed.read_bytes().strip()))
        return str(pair.public_key.decode())
    except (nkeys.NkeysError, ValueError) as error:
        raise ValueError(f"The file {seed} holds no nkey seed; delete it to have a new one made.") from error


def _user(seed: Path, may: Permissions) -> dict[str, Any]:
    publish = {"allow": list(may.publish), "deny": list(may.never_publish)}
    return {
        "nkey": public_key(seed),
        "permissions": {"publish": publish, "subscribe": {"allow": list(may.subscribe)}},
    }


def _accounts(seeds: dict[str, Path]) -> dict[str, Any]:
    """Publishers and the door live in an account of their own, with one way out of it: to submit.

    Within one account everybody may choose a reply subject, and the server's own answer goes there: with
    `complaints.v1.event.…` it would end up in the record of facts. Default inboxes are shared as well.
    """
    users = {name: _user(seeds[name], may) for name, may in permissions().items()}
    way_in = f"{SUBMIT}.>"
    return {
        OUTSIDE_ACCOUNT: {
            "users": [users.pop(name) for name in SUBMITTERS],
            "imports": [{"service": {"account": ACCOUNT, "subject": way_in}}],
        },
        ACCOUNT: {
            "jetstream": "enabled",
            "users": list(users.values()),
            "exports": [{"service": way_in, "accounts": [OUTSIDE_ACCOUNT]}],
        },
    }


def server_config(server: Server, seeds: dict[str, Path], key: str) -> dict[str, Any]:
    """The configuration as data; nats-server reads JSON as its own format."""
    config: dict[str, Any] = {
        "server_name": server.name,
        "host": server.host,
        "port": server.port,
        "max_payload": MAX_PAYLOAD_BYTES,
        "max_connections": 4096,
        "max_subscriptions": 4096,
        # By default the server acknowledges before it has written through to the disk.
        "jetstream": {
            "store_dir": str(server.store),
            "sync_interval": "always",
            # What waits in the queue, or was put aside, holds texts. Streams without a key get one at once.
            "cipher": CIPHER,
            "key": key,
        },
        "authorization": {"timeout": AUTHENTICATION_SECONDS},
        "accounts": _accounts(seeds),
    }
    if server.tls:
        config["tls"] = server.tls.block()
    if server.cluster:
        config["cluster"] = server.cluster.block()
        config["client_advertise"] = server.cluster.client_advertise
    return config


def write_config(path: Path, server: Server, keys: Path) -> dict[str, Path]:
    """Write seeds and key (old ones are kept) and configuration; returns the seed file of every user."""
    seeds = write_seeds(keys)
    text = json.dumps(server_config(server, seeds, store_key(keys, server.store)), indent=2)
    replace_secret(path, text.encode())
    return seeds


def _tls(given: argparse.Namespace) -> Tls | None:
    certificate, key, ca = given.tls_certificate, given.tls_key, given.tls_ca
    if certificate and key:
        return Tls(certificate, key, ca)
    if certificate or key or ca:
        raise ValueError(
            "Name both --tls-certificate and --tls-key. 请同时指定 --tls-certificate 与 --tls-key。"
        )
    return None


def main() -> int:
    """The command line. Exit status 1 with one sentence when a file cannot be written or read."""
    parser = argparse.ArgumentParser(prog="python -m deploy.nats.config", description=__doc__)
    parser.add_argument("--keys", type=Path, required=True, help="directory of the seed files")
    parser.add_argument("--config", type=Path, required=True, help="the file to write")
    parser.add_argument("--store", type=Path, required=True, help="directory for the streams")
    parser.add_argument("--host", default=LOOPBACK)
    parser.add_argument("--port", type=int, default=4222)
    parser.add_argument("--tls-certificate", type=Path)
    parser.add_argument("--tls-key", type=Path)
    parser.add_argument("--tls-ca", type=Path, help="clients have to show a certificate signed by this CA")
    given = parser.parse_args()
    try:
        server = Server(given.store, given.port, given.host, tls=_tls(given))
        write_config(given.config, server, given.keys)
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
