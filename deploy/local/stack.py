"""Embedded stack: servers, services, board and door as supervised children of one process."""

import asyncio
import os
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import Any

from nats.errors import Error

from deploy.local import parts, readiness
from deploy.local.child import Child, EventReport
from deploy.local.failure import StackFailure, refused_by_the_system
from deploy.local.layout import Layout
from deploy.local.ownership import Ownership, end_leftovers
from deploy.local.parts import NAMESPACE, NATS, TEMPORAL, TEMPORAL_UI, Blueprint, Part
from deploy.local.ports import choose_ports
from deploy.local.ready import Credentials, Ready
from deploy.local.secrets import make_secrets
from deploy.local.watching import Patient, Watching, nats_stores, service_answers, temporal_keeps
from deploy.nats import provision
from deploy.nats.clients import BOARD, DOOR, OUTSIDE
from deploy.nats.config import LOOPBACK, Server, seed_file, write_config
from deploy.nats.permissions import ADMIN, DEPLOY
from shared.contract.subjects import Service
from shared.runtime.clients.register import read
from shared.runtime.probes.lost import how_to_mend

PATIENCE_SECONDS = 30.0


def _in_silence(part: str, sentence: str) -> None:
    """Report nothing."""


class Stack:
    """Embedded stack in one directory. Ports are free ports unless given, and the same at the next start.

    The ready file is `ready.json` in the directory, and `ready_file` if it is given. `services`,
    `with_board` and `with_door` (by default as the board) leave parts out. A part that runs and does not
    do its work for `patience` seconds is restarted. `report` receives the events of the parts.
    """

    def __init__(
        self,
        directory: Path,
        *,
        policy: str = "default",
        nats_port: int | None = None,
        temporal_port: int | None = None,
        ui_port: int | None = None,
        board_port: int | None = None,
        door_port: int | None = None,
        with_board: bool = True,
        with_door: bool | None = None,
        ready_file: Path | None = None,
        services: Sequence[Service] = tuple(Service),
        patience: float = PATIENCE_SECONDS,
        report: EventReport = _in_silence,
    ) -> None:
        self.layout = Layout(directory.absolute())
        self._policy = str(Path(policy).absolute()) if os.sep in policy else policy
        self._wanted: dict[str, int | None] = {
            NATS: nats_port,
            TEMPORAL: temporal_port,
            TEMPORAL_UI: ui_port,
            BOARD: board_port,
            DOOR: door_port,
            **dict.fromkeys(map(str, Service)),
        }
        self._services = tuple(services)
        self._with_board = with_board
        self._with_door = with_board if with_door is None else with_door
        self._ready_files = [self.layout.ready] + ([ready_file.absolute()] if ready_file else [])
        self._patience = patience
        self._report = report
        self._watch: asyncio.Task[None] | None = None
        self._ownership = Ownership(self.layout)
        self._running: dict[str, tuple[Child, Part]] = {}
        self.ready: Ready | None = None
        """Addresses of the parts, once it was started."""

    def claim(self) -> None:
        """Lock the directory, and remove the ready files of an earlier run.

        Raises `StackFailure` when a stack runs there already. `start` calls it if the caller has not.
        """
        if not self._ownership.held:
            try:
                self.layout.make()
                self._ownership.take()
            except OSError as error:
                raise refused_by_the_system(error) from error
            self._forget_ready()

    async def start(self) -> Ready:
        """Start everything and wait until it is ready. Raises `StackFailure`, with nothing left running."""
        self.claim()
        try:
            plan = await asyncio.to_thread(self._prepare)
            await _together(self._start_nats(plan), self._start_temporal(plan))
            await _together(*(self._start(part) for part in self._own_parts(plan)))
            self.ready = self._ready(plan)
            for path in self._ready_files:
                self.ready.write(path)
            self._watch = asyncio.create_task(self._watching(plan).run(), name="watch-work")
        except (OSError, ValueError) as error:
            await self.stop()
            told = refused_by_the_system(error) if isinstance(error, OSError) else StackFailure(str(error))
            raise told from error
        except BaseException:
            await self.stop()
            raise
        return self.ready

    async def stop(self) -> None:
        """Stop the services and the board, then the servers that they need. What they hold stays on disk."""
        if not self._ownership.held:
            return
        self._forget_ready()
        if self._watch is not None:
            self._watch.cancel()
            await asyncio.gather(self._watch, return_exceptions=True)
        servers = [child for name, (child, _) in self._running.items() if name in (NATS, TEMPORAL)]
        others = [child for name, (child, _) in self._running.items() if name not in (NATS, TEMPORAL)]
        await asyncio.gather(*(child.stop() for child in others))
        await asyncio.gather(*(child.stop() for child in servers))
        self._running.clear()
        self._ownership.give_back()

    def pid(self, name: str) -> int | None:
        """Process id of `nats`, `temporal`, a service, `board` or `door`; None while it is down."""
        return self._running[name][0].pid

    async def kill(self, name: str, *, restart: bool = True) -> None:
        """`kill -9` of a part. It is started again by itself, or with `restart=False` stays down."""
        await self._running[name][0].kill(restart=restart)

    async def revive(self, name: str) -> None:
        """Start a part that was killed for good, and wait until it is ready."""
        await self._running[name][0].start()
        await self.wait_ready(name)

    async def wait_ready(self, name: str) -> None:
        """Wait until a part answers. Raises `StackFailure` after the limit."""
        child, part = self._running[name]
        await readiness.until_ready(child, part.check)

    def _prepare(self) -> Blueprint:
        """Everything on disk that the parts expect."""
        for name in end_leftovers(self.layout):
            self._report(name, "had been left running by an earlier start, and was ended")
        self._name_missing_databases()
        make_secrets(self.layout)
        plan = Blueprint(self.layout, choose_ports(self.layout.ports, self._wanted), self._policy)
        server = Server(self.layout.nats / "store", plan.ports[NATS])
        register = read(self.layout.clients)
        # The administrator of the directory does what `deploy` does elsewhere: one secret less.
        write_config(self.layout.nats_config, server, self.layout.keys, register, without=(DEPLOY,))
        return plan

    def _name_missing_databases(self) -> None:
        """Report databases that existed and are gone, since the service would make an empty one."""
        if not self.layout.ports.exists():
            return
        for service in self._services:
            if not self.layout.database(service).exists():
                self._report(
                    service, f"has no database any more, and makes an empty one. {how_to_mend(service)}"
                )

    def _watching(self, plan: Blueprint) -> Watching:
        """Everything that runs, each with what it is there for."""
        looks = {
            NATS: nats_stores(plan.nats_url, seed_file(self.layout.keys, ADMIN)),
            TEMPORAL: temporal_keeps(plan.temporal_address, NAMESPACE),
            **{str(one): service_answers(one, plan.ports[one]) for one in self._services},
        }
        patients = {
            name: Patient(child, looks[name], self._patience)
            for name, (child, _) in self._running.items()
            if name in looks
        }
        return Watching(patients, self.layout.root, self._report, every=min(10.0, self._patience / 3))

    def _forget_ready(self) -> None:
        for path in self._ready_files:
            path.unlink(missing_ok=True)

    def _own_parts(self, plan: Blueprint) -> list[Part]:
        board = [parts.board_part(plan)] if self._with_board else []
        door = [parts.door_part(plan)] if self._with_door else []
        return [parts.service_part(plan, service) for service in self._services] + board + door

    async def _start(self, part: Part) -> None:
        name = part.order.name
        child = Child(part.order, self._report)
        self._running[name] = (child, part)
        self._report(name, "is starting")
        await child.start()
        await readiness.until_ready(child, part.check)
        self._report(name, "is ready")

    async def _start_nats(self, plan: Blueprint) -> None:
        await self._start(parts.nats_part(plan))
        try:
            seed = str(seed_file(self.layout.keys, ADMIN))
            await provision.run(plan.nats_url, seed, read(self.layout.clients))
        except Error as error:
            log = self.layout.log(NATS)
            raise StackFailure(f"The streams could not be set up in nats ({error}); see {log}.") from error

    async def _start_temporal(self, plan: Blueprint) -> None:
        await self._start(parts.temporal_part(plan))
        if not await readiness.succeeds(parts.keep_workflows(plan)):
            log = self.layout.log(TEMPORAL)
            raise StackFailure(f"The retention could not be set in temporal; see {log}.")

    def _ready(self, plan: Blueprint) -> Ready:
        seeds = {client: str(seed_file(self.layout.keys, client)) for client in (ADMIN, *OUTSIDE)}
        return Ready(
            nats_url=plan.nats_url,
            temporal_address=plan.temporal_address,
            temporal_namespace=NAMESPACE,
            temporal_ui=f"http://{LOOPBACK}:{plan.ports[TEMPORAL_UI]}",
            board_url=f"http://{LOOPBACK}:{plan.ports[BOARD]}" if self._with_board else None,
            credentials=Credentials(**seeds),
            door_url=f"http://{LOOPBACK}:{plan.ports[DOOR]}" if self._with_door else None,
            door_token_file=str(self.layout.door_token) if self._with_door else None,
        )


async def _together(*starts: Coroutine[Any, Any, None]) -> None:
    """Run all; the first failure ends the rest and is raised as it is."""
    tasks = [asyncio.create_task(start) for start in starts]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
