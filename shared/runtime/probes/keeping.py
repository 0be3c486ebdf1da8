"""Tries whether Temporal keeps workflows: one is started and deleted, so its database is written twice.

Temporal answers many questions, its health among them, without its database, and reads while it is locked.
"""

from datetime import timedelta
from uuid import uuid4

from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import DeleteWorkflowExecutionRequest
from temporalio.client import Client

NAME = "amends-probe"
"""The type, the task queue and the beginning of the id. No worker takes from this queue."""

NEVER = timedelta(hours=1)
"""When the first task would be due: it never is, because the probe is deleted before."""

TIMEOUT = timedelta(seconds=5)


async def keep_probe(client: Client) -> None:
    """Start a workflow that has nothing to do yet, and delete it. Raises `RPCError`."""
    handle = await client.start_workflow(
        NAME,
        id=f"{NAME}/{uuid4().hex}",
        task_queue=NAME,
        start_delay=NEVER,
        execution_timeout=2 * NEVER,
        rpc_timeout=TIMEOUT,
    )
    execution = WorkflowExecution(workflow_id=handle.id, run_id=handle.first_execution_run_id or "")
    await client.workflow_service.delete_workflow_execution(
        DeleteWorkflowExecutionRequest(namespace=client.namespace, workflow_execution=execution),
        timeout=TIMEOUT,
    )
