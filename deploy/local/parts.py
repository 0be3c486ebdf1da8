"""Parts of the stack: the command that starts each, and the check that it is ready."""

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import deploy
from deploy.local import binaries
from deploy.local.child import StartCommand
from deploy.local.layout import Layout
from deploy.local.ownership import MARK
from deploy.local.readiness import Check, http_answers, nats_answers, succeeds
from deploy.nats.clients import BOARD, DOOR
from deploy.nats.config import LOOPBACK, seed_file
from deploy.nats.permissions import ADMIN
from shared.contract.subjects import Service

NATS, TEMPORAL = "nats", "temporal"
NAMESPACE = "default"
TEMPORAL_UI = "temporal_ui"

RETENTION = "90d"
"""Retention of closed workflows. The development server's own single day is too short to look back."""

CODE = Path(str(deploy.__file__)).parent.parent
"""Directory of the packages `services`, `shared` and `deploy`."""

ELSEWHERE = ("AMENDS_NATS_", "AMENDS_TEMPORAL_", "AMENDS_DOOR_")
"""Prefixes of variables for another stack, which must not reach the parts of the embedded stack."""


@dataclass(frozen=True)
class Part:
    """Command of a part, and a check that answers yes once it is ready."""

    order: StartCommand
    check: Check


@dataclass(frozen=True)
class Blueprint:
    """Addresses and paths that the parts need of each other."""

    layout: Layout
    ports: dict[str, int]
    policy: str

    @property
    def nats_url(self) -> str:
        return f"nats://{LOOPBACK}:{self.ports[NATS]}"

    @property
    def temporal_address(self) -> str:
        return f"{LOOPBACK}:{self.ports[TEMPORAL]}"

    def environment(self, part: str) -> dict[str, str]:
        """Our own environment, marked, without what points elsewhere."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(ELSEWHERE)}
        return kept | {MARK: str(self.layout.root), "AMENDS_PART": part}

    def order(self, part: str, argv: Sequence[str], extra: dict[str, str] | None = None) -> StartCommand:
        return StartCommand(
            name=part,
            argv=argv,
            environment=self.environment(part) | (extra or {}),
            directory=self.layout.root,
            log=self.layout.log(part),
            pid_file=self.layout.pid(part),
        )


def nats_part(plan: Blueprint) -> Part:
    """Message server. Its configuration has been written before."""
    argv = [binaries.find(binaries.NATS), "-c", str(plan.layout.nats_config)]
    seed = seed_file(plan.layout.keys, ADMIN)

    async def check() -> bool:
        return await nats_answers(plan.nats_url, seed)

    return Part(plan.order(NATS, argv), check)


def temporal_command(plan: Blueprint, *words: str) -> list[str]:
    """Call of Temporal's own client, which reads no configuration but ours."""
    ours = ["--address", plan.temporal_address, "--disable-config-file", "--disable-config-env"]
    return [binaries.find(binaries.TEMPORAL), *words, *ours]


def temporal_part(plan: Blueprint) -> Part:
    """Development server on a file, with clocks that may be moved."""
    argv = [binaries.find(binaries.TEMPORAL), "server", "start-dev", "--headless=false", "--ip", LOOPBACK]
    argv += ["--port", str(plan.ports[TEMPORAL]), "--ui-port", str(plan.ports[TEMPORAL_UI])]
    argv += ["--db-filename", str(plan.layout.temporal), "--log-level", "error"]
    argv += ["--sqlite-pragma", "journal_mode=WAL", "--sqlite-pragma", "synchronous=NORMAL"]
    for setting in (
        "frontend.WorkflowTimeSkippingEnabled=true",
        'history.timerProcessorMaxTimeShift="1ms"',
    ):
        argv += ["--dynamic-config-value", setting]

    async def check() -> bool:
        words = ("operator", "namespace", "describe", "--namespace", NAMESPACE)
        return await succeeds(temporal_command(plan, *words))

    return Part(plan.order(TEMPORAL, argv), check)


def keep_workflows(plan: Blueprint) -> list[str]:
    """Command that sets how long closed workflows are kept."""
    words = ("operator", "namespace", "update", "--namespace", NAMESPACE, "--retention", RETENTION)
    return temporal_command(plan, *words)


def _variables(plan: Blueprint, part: str) -> dict[str, str]:
    """Environment of every service and the board."""
    return {
        "AMENDS_NATS_URL": plan.nats_url,
        "AMENDS_NATS_SEED_FILE": str(seed_file(plan.layout.keys, part)),
        "AMENDS_CLIENTS_FILE": str(plan.layout.clients),
        "AMENDS_TEMPORAL_ADDRESS": plan.temporal_address,
        "AMENDS_TEMPORAL_NAMESPACE": NAMESPACE,
        "AMENDS_TIME_SKIPPING": "true",
        "AMENDS_POLICY": plan.policy,
        "PYTHONUNBUFFERED": "1",
        # The directory of the stack has a directory `nats`, which is not the package.
        "PYTHONSAFEPATH": "1",
        "PYTHONPATH": os.pathsep.join(filter(None, (str(CODE), os.environ.get("PYTHONPATH")))),
    }


def _http(port: int, path: str) -> Check:
    async def check() -> bool:
        return await http_answers(port, path)

    return check


def service_part(plan: Blueprint, service: Service) -> Part:
    """Service with a database, a NATS user and a health port of its own."""
    database = plan.layout.database(service)
    port = plan.ports[service]
    extra = _variables(plan, service) | {
        f"AMENDS_{service.upper()}_DATABASE_URL": f"sqlite+aiosqlite:///{database}",
        "AMENDS_MASTER_KEY_FILE": str(plan.layout.master_key),
        "AMENDS_HEALTH_PORT": str(port),
        "AMENDS_LINK_ADDRESS": f"http://{LOOPBACK}:{plan.ports[DOOR]}",
    }
    argv = [sys.executable, "-m", f"services.{service}"]
    return Part(plan.order(service, argv, extra), _http(port, "/readyz"))


def board_part(plan: Blueprint) -> Part:
    """Board. It reads what every reader may read, and nothing else."""
    port = plan.ports[BOARD]
    extra = _variables(plan, BOARD) | {"AMENDS_BOARD_PORT": str(port)}
    argv = [sys.executable, "-m", "services.console.board"]
    return Part(plan.order(BOARD, argv, extra), _http(port, "/readyz"))


def door_part(plan: Blueprint) -> Part:
    """Door: complaints over HTTP and the web form. It only submits, and holds no key of intake's."""
    port = plan.ports[DOOR]
    extra = _variables(plan, DOOR) | {
        "AMENDS_DOOR_PORT": str(port),
        "AMENDS_DOOR_KEY_FILE": str(plan.layout.door_key),
    }
    argv = [sys.executable, "-m", "services.door"]
    return Part(plan.order(DOOR, argv, extra), _http(port, "/readyz"))
