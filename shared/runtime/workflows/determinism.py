"""Runner of workflow code: without the SDK's sandbox in production, inside it when a test asks for that.

The sandbox loads the workflow's module anew for each workflow, and costs memory and processor time at
every step. Three things keep workflow code deterministic without it: import contracts for the pure
modules, the API that ruff bans in them (both in `pyproject.toml`), and the replay of every stored history,
with and without the sandbox. `AMENDS_WORKFLOW_SANDBOX=true` runs a whole stack in it.
"""

from temporalio.worker import UnsandboxedWorkflowRunner, WorkflowRunner
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

PASSED_THROUGH = ("shared", "pydantic", "pydantic_core", "pydantic_extra_types", "pycountry", "orjson")
"""Modules that sandboxed workflow code shares with the process: pure, or never called from a workflow."""


def runner(*, sandboxed: bool = False) -> WorkflowRunner:
    """SDK's runner for workflow code."""
    if not sandboxed:
        return UnsandboxedWorkflowRunner()
    restrictions = SandboxRestrictions.default.with_passthrough_modules(*PASSED_THROUGH)
    return SandboxedWorkflowRunner(restrictions=restrictions)
