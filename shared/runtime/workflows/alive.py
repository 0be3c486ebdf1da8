"""Whether a workflow runs, asked of Temporal."""

from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.service import RPCError, RPCStatusCode


async def runs(client: Client, workflow_id: str) -> bool:
    """Whether this workflow is running."""
    try:
        found = await client.get_workflow_handle(workflow_id).describe()
    except RPCError as error:
        if error.status != RPCStatusCode.NOT_FOUND:
            raise
        return False
    return found.status == WorkflowExecutionStatus.RUNNING
