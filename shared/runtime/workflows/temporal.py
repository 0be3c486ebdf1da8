"""Connection to Temporal, and making of workers: the same converter everywhere."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from temporalio.client import Client
from temporalio.worker import Worker

from shared.contract.subjects import Service
from shared.runtime.connections.side_by_side import both, until_connected
from shared.runtime.health import Check
from shared.runtime.probes.cached import Cached
from shared.runtime.probes.keeping import keep_probe
from shared.runtime.service_settings import ServiceSettings
from shared.runtime.tracing import tracing
from shared.runtime.workflows.determinism import runner
from shared.runtime.workflows.garbage import spare_what_stays
from shared.runtime.workflows.payloads import data_converter

KEPT_SECONDS = 30.0
"""Seconds after a successful probe in which Temporal counts as storing workflows."""

STICKY_FOR = timedelta(seconds=5)
"""Time that Temporal waits for the worker with a workflow in memory, before any other may take it. After a
crash commands wait as long; it must stay below the time in which a command is answered.
"""

BYTES_CACHED = 150_000
"""Memory of one workflow in the cache, as measured (`docs/scaling.md`)."""


async def connect(settings: ServiceSettings) -> Client:
    """Client of Temporal; waits, with log messages, until it is there. Raises `WrongSetting`."""
    return await until_connected(
        settings.temporal, data_converter=data_converter, interceptors=tracing().interceptors
    )


async def connect_both(settings: ServiceSettings, service: Service) -> Client:
    """Client of Temporal, once NATS accepts us as `service`, too. A fault of either is reported while the
    other is away.
    """
    spans = tracing().interceptors
    return await both(
        settings.nats, settings.temporal, service, data_converter=data_converter, interceptors=spans
    )


def temporal_check(client: Client) -> Check:
    """For `/readyz`: Temporal answers, and keeps workflows. The latter is tried less often."""
    kept = Cached(partial(keep_probe, client), fresh=KEPT_SECONDS)

    async def check() -> None:
        if not await client.service_client.check_health():
            raise ConnectionError("Temporal is not serving")
        await kept()

    return check


def cached_in(megabytes: int) -> int:
    """Number of workflows that stay in memory. A workflow that left is replayed from its history when a
    message comes.
    """
    return megabytes * 1_000_000 // BYTES_CACHED


def make_worker(
    client: Client,
    task_queue: str,
    workflows: Sequence[type],
    activities: Sequence[Any],
    *,
    cached: int = 1000,
    sandboxed: bool = False,
) -> Worker:
    """Worker for one service's workflows and their activities, which all are local."""
    spare_what_stays()
    return Worker(
        client,
        task_queue=task_queue,
        workflows=workflows,
        activities=activities,
        workflow_runner=runner(sandboxed=sandboxed),
        max_cached_workflows=cached,
        max_concurrent_local_activities=200,
        no_remote_activities=True,
        sticky_queue_schedule_to_start_timeout=STICKY_FOR,
    )
