"""Distinguishes an outage, which passes, from a failure, which would come again."""

import asyncio

import nats.errors
import nats.js.errors
from sqlalchemy.exc import InterfaceError, OperationalError
from temporalio.client import RPCTimeoutOrCancelledError, WorkflowUpdateRPCTimeoutOrCancelledError
from temporalio.service import RPCError, RPCStatusCode

from shared.runtime.texts.master_key import MasterKeyMissing

PASSING_RPC = {
    RPCStatusCode.UNAVAILABLE,
    RPCStatusCode.DEADLINE_EXCEEDED,
    RPCStatusCode.RESOURCE_EXHAUSTED,
    RPCStatusCode.ABORTED,
    RPCStatusCode.CANCELLED,
}

BETWEEN_WORKERS = "Workflow Task in failed state"
"""Error text of Temporal for a workflow whose worker died in the middle of it, until another takes it up."""


class NotYet(Exception):
    """Raised when a needed message is still on its way, however long an outage delays it."""


PASSING = (
    NotYet,
    MasterKeyMissing,
    asyncio.TimeoutError,
    ConnectionError,
    OperationalError,
    InterfaceError,
    nats.errors.TimeoutError,
    nats.errors.ConnectionClosedError,
    nats.errors.ConnectionReconnectingError,
    nats.errors.NoRespondersError,
    nats.errors.OutboundBufferLimitError,
    nats.js.errors.NoStreamResponseError,
    nats.js.errors.ServiceUnavailableError,
    RPCTimeoutOrCancelledError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)


def is_outage(error: BaseException) -> bool:
    """Whether trying again later, however often, is the right answer."""
    if isinstance(error, RPCError):
        return error.status in PASSING_RPC or BETWEEN_WORKERS in error.message
    return isinstance(error, PASSING)
