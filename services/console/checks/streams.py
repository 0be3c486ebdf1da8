"""Are the streams and the services' places in them there, and is anybody reading?"""

import nats.js.errors
from nats.js import JetStreamContext

from services.console.checks import Finding, well, wrong
from shared.contract import subjects
from shared.contract.consumers import DURABLES, Durable

PROVISION = "Start the stack again with `amends up`, or run `python -m deploy.nats.provision`."


async def check_streams(js: JetStreamContext) -> list[Finding]:
    """One finding per stream of the contract."""
    return [await _stream(js, config.name or "") for config in subjects.streams()]


async def _stream(js: JetStreamContext, name: str) -> Finding:
    try:
        info = await js.stream_info(name)
    except nats.js.errors.NotFoundError:
        return wrong(f"stream {name}", "it does not exist", PROVISION)
    return well(f"stream {name}", f"{info.state.messages} messages")


async def check_durables(js: JetStreamContext) -> list[Finding]:
    """One finding per durable consumer: does it exist, and is somebody there to read what waits?"""
    return [await _durable(js, durable) for durable in DURABLES]


async def _durable(js: JetStreamContext, durable: Durable) -> Finding:
    part = f"consumer {durable.name}"
    try:
        info = await js.consumer_info(durable.stream, durable.name)
    except nats.js.errors.NotFoundError:
        return wrong(part, "it does not exist, so nothing reaches its service", PROVISION)
    waiting, in_hand = info.num_pending or 0, info.num_ack_pending or 0
    seen = f"{waiting} waiting, {in_hand} in hand"
    if waiting and not info.num_waiting and not in_hand:
        return wrong(part, f"{seen}, and nobody reads", f"Start the {durable.service} service.")
    return well(part, seen)
