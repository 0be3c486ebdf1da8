"""Several nats-servers as one cluster: TLS between them and with clients, one configuration per node.

`python -m deploy.nats.cluster --out DIR --keys DIR --store DIR --node n1=nats-1.example --node …` with the
certificates `--tls-certificate 'tls/{node}.crt' --tls-key 'tls/{node}.key' --tls-ca tls/ca.pem`.
"""

import argparse
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shared.runtime.clients.register import Register, read_or_empty

NAME = re.compile(r"^[A-Za-z0-9_-]{1,64}$")
NODE = re.compile(
    r"^(?P<name>[A-Za-z0-9_-]{1,64})=(?P<host>[A-Za-z0-9_.-]+)(:(?P<port>\d+)(:(?P<route>\d+))?)?$"
)
CLIENT_PORT, ROUTE_PORT = 4222, 6222
LEAST = 3
HANDSHAKE_SECONDS = 10
"""Seconds for a handshake. With the default of 2 s a busy machine refuses connections."""


@dataclass(frozen=True)
class ServerTls:
    """Certificate of a server with its key. With a `ca`, a peer has to show a certificate signed by it."""

    certificate: Path
    key: Path
    ca: Path | None = None

    def block(self) -> dict[str, Any]:
        """Block `tls` of a configuration. Raises `ValueError` naming a missing file."""
        for path in (self.certificate, self.key, self.ca):
            if path is not None and not path.is_file():
                raise ValueError(f"There is no file {path}; make it first. 文件 {path} 不存在，请先制作。")
        found: dict[str, Any] = {
            "cert_file": str(self.certificate),
            "key_file": str(self.key),
            "timeout": HANDSHAKE_SECONDS,
        }
        return found | ({"ca_file": str(self.ca), "verify": True} if self.ca else {})


@dataclass(frozen=True)
class Node:
    """Server of a cluster: its own name, the host that others reach it by, and its two ports."""

    name: str
    host: str
    port: int = CLIENT_PORT
    route_port: int = ROUTE_PORT

    @classmethod
    def read(cls, text: str) -> "Node":
        """`NAME=HOST[:PORT[:ROUTE_PORT]]`. Raises `ValueError`."""
        found = NODE.match(text)
        ports = (int(found["port"] or CLIENT_PORT), int(found["route"] or ROUTE_PORT)) if found else (0, 0)
        if not found or not all(0 < port < 65536 for port in ports):
            raise ValueError(
                f"{text!r} is no node; write NAME=HOST, NAME=HOST:PORT or NAME=HOST:PORT:ROUTE_PORT. "
                f"{text!r} 不是节点；请写 名称=主机[:端口[:路由端口]]。"
            )
        return cls(found["name"], found["host"], *ports)


@dataclass(frozen=True)
class Cluster:
    """Cluster from the view of one node, `here`. `listen` is the address for incoming routes."""

    name: str
    here: Node
    nodes: tuple[Node, ...]
    tls: ServerTls
    listen: str = "0.0.0.0"

    def block(self) -> dict[str, Any]:
        """Block `cluster` of this node: the same list of routes everywhere, each over mutual TLS."""
        return {
            "name": self.name,
            "listen": f"{self.listen}:{self.here.route_port}",
            "advertise": f"{self.here.host}:{self.here.route_port}",
            "routes": [f"nats-route://{node.host}:{node.route_port}" for node in self.nodes],
            "tls": self.tls.block(),
        }

    @property
    def client_advertise(self) -> str:
        """Address at which clients of another node find this node."""
        return f"{self.here.host}:{self.here.port}"


def checked(name: str, nodes: list[Node]) -> tuple[Node, ...]:
    """Nodes of a valid cluster. Raises `ValueError` with one sentence."""
    if not NAME.match(name):
        raise ValueError(
            f"{name!r} is no name of a cluster: letters, digits, - and _. {name!r} 不是集群名称。"
        )
    if len(nodes) < LEAST:
        raise ValueError(
            f"A cluster has at least {LEAST} nodes, and {len(nodes)} are named: with fewer, JetStream stops "
            f"when one is lost. 集群至少需要 {LEAST} 个节点，现有 {len(nodes)} 个。"
        )
    for what, zh, values in (
        ("name", "名称", [node.name for node in nodes]),
        ("address", "地址", [(node.host, node.port) for node in nodes]),
        ("route", "路由", [(node.host, node.route_port) for node in nodes]),
    ):
        if len(set(values)) < len(nodes):
            raise ValueError(
                f"Two nodes have the same {what}; give each its own. 两个节点的{zh}相同，请分别指定。"
            )
    return tuple(nodes)


@dataclass(frozen=True)
class NodeFiles:
    """Paths of a cluster's files; `{node}` in a path is replaced by the name of the node."""

    out: Path
    keys: Path
    store: str
    certificate: str
    key: str
    ca: Path


def write(
    name: str,
    nodes: tuple[Node, ...],
    files: NodeFiles,
    listen: str = "0.0.0.0",
    register: Register | None = None,
) -> list[Path]:
    """Write one configuration file per node, `<node>.conf`; seeds and the key of streams are the same for
    all.
    """
    from deploy.nats.config import Server, write_config

    files.out.mkdir(parents=True, exist_ok=True)
    made = []
    for node in nodes:
        certificate, key, store = (
            Path(text.replace("{node}", node.name)) for text in (files.certificate, files.key, files.store)
        )
        tls = ServerTls(certificate, key, files.ca)
        cluster = Cluster(name, node, nodes, tls, listen)
        server = Server(store, node.port, listen, name=node.name, tls=tls, cluster=cluster)
        path = files.out / f"{node.name}.conf"
        write_config(path, server, files.keys, register)
        made.append(path)
    return made


def main() -> int:
    """Command line. Exit status 1 with one sentence when something is wrong."""
    parser = argparse.ArgumentParser(prog="python -m deploy.nats.cluster", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="directory of the configurations, NODE.conf")
    parser.add_argument("--keys", type=Path, required=True, help="directory of the seeds, the same for all")
    parser.add_argument(
        "--store", required=True, help="directory of the streams of a node; {node} is its name"
    )
    parser.add_argument("--cluster", default="amends", help="the name of the cluster")
    parser.add_argument("--clients", type=Path, help="the register of clients, see `amends client`")
    parser.add_argument("--listen", default="0.0.0.0", help="the address that the nodes listen on")
    parser.add_argument("--node", action="append", default=[], help="NAME=HOST[:PORT[:ROUTE_PORT]], for each")
    parser.add_argument("--tls-certificate", required=True, help="certificate of a node; {node} is its name")
    parser.add_argument("--tls-key", required=True, help="its key; {node} is its name")
    parser.add_argument("--tls-ca", type=Path, required=True, help="the CA of nodes and of clients")
    given = parser.parse_args()
    files = NodeFiles(given.out, given.keys, given.store, given.tls_certificate, given.tls_key, given.tls_ca)
    try:
        nodes = checked(given.cluster, [Node.read(text) for text in given.node])
        register = read_or_empty(given.clients) if given.clients else None
        for path in write(given.cluster, nodes, files, given.listen, register):
            print(path)
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
