"""Tries whether Temporal keeps workflows: one is started and deleted, so its database is written twice.

Temporal answers many questions, its health among them, without its database, and reads while it is locked.
"""

from datetime import timedelta
from uuid import uuid4

from google.protobuf.duration_pb2 import Duration
from temporalio.api.common.v1 import WorkflowExecution, WorkflowType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DeleteWorkflowExecutionRequest, StartWorkflowExecutionRequest
from temporalio.client import Client

NAME = "amends-probe"
"""Type, task queue and prefix of the id. No worker takes from this queue."""

NEVER = Duration(seconds=3600)
"""Delay of the first task, which never falls due, because the probe is deleted before."""

TIMEOUT = timedelta(seconds=5)


async def keep_probe(client: Client) -> None:
    """Start a workflow that has nothing to do yet, and delete it. Raises `RPCError` at the first failure.

    These are the plain calls: others are tried again for long, and their library writes that to the output.
    """
    service, name = client.workflow_service, f"{NAME}/{uuid4().hex}"
    start = StartWorkflowExecutionRequest(
        namespace=client.namespace,
        workflow_id=name,
        workflow_type=WorkflowType(name=NAME),
        task_queue=TaskQueue(name=NAME),
        identity=NAME,
        request_id=name,
        workflow_start_delay=NEVER,
    )
    started = await service.start_workflow_execution(start, timeout=TIMEOUT)
    execution = WorkflowExecution(workflow_id=name, run_id=started.run_id)
    delete = DeleteWorkflowExecutionRequest(namespace=client.namespace, workflow_execution=execution)
    await service.delete_workflow_execution(delete, timeout=TIMEOUT)
