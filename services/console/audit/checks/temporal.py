"""Check that Temporal answers, and that workers poll its task queues."""

import asyncio
from typing import TYPE_CHECKING

from services.console.audit.checks import CheckResult, well, wrong
from services.console.connection.place import Place
from services.console.connection.temporal import temporal_client
from shared.client.failures import AmendsError
from shared.contract.subjects import Service
from shared.runtime.reasons import reason

if TYPE_CHECKING:
    from temporalio.client import Client

KEEPS_NOTHING = "Look at its database: is its disk full, or does another program hold it?"

QUEUES = tuple(Service)
"""Intake polls one, too, for the timers of grumbles; it takes submissions without it."""


async def check_temporal(place: Place) -> list[CheckResult]:
    """Check the server and the namespace first; then each task queue."""
    from temporalio.service import RPCError

    from shared.runtime.probes.keeping import keep_probe

    try:
        client = await temporal_client(place)
        server = await _describe(client)
    except AmendsError as failure:
        return [
            wrong("temporal", failure.sentence, "Start it: `amends up`, or check AMENDS_TEMPORAL_ADDRESS.")
        ]
    except RPCError as error:
        remedy = "Create the namespace, or correct AMENDS_TEMPORAL_NAMESPACE."
        return [wrong("temporal", f"namespace {place.temporal_namespace}: {error.message}", remedy)]
    try:
        await keep_probe(client)
    except RPCError as error:
        return [wrong("temporal", f"{server}; it keeps no workflow: {reason(error)}", KEEPS_NOTHING)]
    queues = await asyncio.gather(*(_queue(client, queue) for queue in QUEUES))
    return [well("temporal", server), *queues]


async def _describe(client: "Client") -> str:
    from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest, GetSystemInfoRequest

    system = await client.workflow_service.get_system_info(GetSystemInfoRequest())
    request = DescribeNamespaceRequest(namespace=client.namespace)
    namespace = await client.workflow_service.describe_namespace(request)
    kept = namespace.config.workflow_execution_retention_ttl.ToTimedelta()
    return f"server {system.server_version}, namespace {client.namespace}, histories kept {kept.days} days"


async def _queue(client: "Client", queue: str) -> CheckResult:
    from temporalio.api.enums.v1 import TaskQueueType
    from temporalio.api.taskqueue.v1 import TaskQueue
    from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest

    answer = await client.workflow_service.describe_task_queue(
        DescribeTaskQueueRequest(
            namespace=client.namespace,
            task_queue=TaskQueue(name=queue),
            task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
        )
    )
    if not answer.pollers:
        return wrong(f"task queue {queue}", "no worker polls it", f"Start the {queue} service.")
    return well(f"task queue {queue}", f"{len(answer.pollers)} workers")
