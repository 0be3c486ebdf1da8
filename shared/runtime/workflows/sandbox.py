"""The sandbox that workflow code runs in, without work that our payloads do not need."""

from typing import Any

from temporalio.bridge.proto.workflow_activation import WorkflowActivation
from temporalio.bridge.proto.workflow_completion import WorkflowActivationCompletion
from temporalio.contrib.pydantic import PydanticPayloadConverter
from temporalio.converter import (
    CompositePayloadConverter,
    DataConverter,
    SerializationContext,
    StorageDriverStoreContext,
)
from temporalio.worker import WorkflowInstance, WorkflowInstanceDetails, WorkflowRunner
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions
from temporalio.workflow import Info

PASSED_THROUGH = (
    "shared",
    "pydantic",
    "pydantic_core",
    "pydantic_extra_types",
    "pycountry",
    "orjson",
    "nats",
)
"""Modules that workflow code shares with the process: pure, or never called from a workflow."""


def sandbox(*own: str) -> WorkflowRunner:
    """The sandbox for workflow code; `own` are the service's pure modules that it imports."""
    restrictions = SandboxRestrictions.default.with_passthrough_modules(*PASSED_THROUGH, *own)
    return ContextFreeRunner(SandboxedWorkflowRunner(restrictions=restrictions))


class ContextFreeRunner(WorkflowRunner):
    """Runs workflows in another runner, and answers for it which context a payload is converted in: none.

    The SDK asks that of each payload several times, and each time the sandbox compiles and runs a piece of
    code for the answer: a fifth of a worker's time. Our converter knows no contexts (no codec, no external
    storage), so the answer does not matter. Should it ever know one, this class has to go.
    """

    def __init__(self, inner: WorkflowRunner) -> None:
        self._inner = inner

    def prepare_workflow(self, defn: Any) -> None:
        """What the other runner does before the first workflow of its kind."""
        self._inner.prepare_workflow(defn)

    def create_instance(self, det: WorkflowInstanceDetails) -> WorkflowInstance:
        """A workflow in the other runner."""
        return _ContextFree(self._inner.create_instance(det))

    def set_worker_level_failure_exception_types(self, types: Any) -> None:
        """Passed on."""
        self._inner.set_worker_level_failure_exception_types(types)


class _ContextFree(WorkflowInstance):
    def __init__(self, inner: WorkflowInstance) -> None:
        self._inner = inner

    def activate(self, act: WorkflowActivation) -> WorkflowActivationCompletion:
        return self._inner.activate(act)

    def get_serialization_context(self, command_info: Any) -> SerializationContext | None:
        return None

    def get_external_store_context(self, command_info: Any) -> StorageDriverStoreContext:
        return StorageDriverStoreContext(target=None)

    def get_info(self) -> Info:
        return self._inner.get_info()

    def get_thread_id(self) -> int | None:
        return self._inner.get_thread_id()


_PYDANTIC = PydanticPayloadConverter()


class SharedPydanticConverter(CompositePayloadConverter):
    """The Pydantic converter of the SDK, made once: the SDK makes one for each activation and workflow."""

    def __init__(self) -> None:
        self.converters = _PYDANTIC.converters


data_converter = DataConverter(payload_converter_class=SharedPydanticConverter)
"""Payloads as `pydantic_data_converter` reads and writes them, byte for byte."""
