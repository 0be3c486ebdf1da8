"""Report of a fault in a rule: in the log, as a metric, and among the dead letters, which `doctor` shows."""

from prometheus_client import Counter

from services.routing.flushing import FaultReport
from shared.contract.ids import short_hash
from shared.contract.subjects import QUARANTINE_STREAM, Service, deadletter, event
from shared.runtime.log import logger
from shared.runtime.messages.publishing import Publisher
from shared.runtime.messages.quarantining import Destination, quarantine_copy

log = logger("faults")

FAULTS = Counter("amends_rule_faults", "Steps of complaints in which a rule had a fault", ["step"])


async def report(publisher: Publisher, fault: FaultReport) -> None:
    """Report it; a second report of the same fault is the same dead letter."""
    FAULTS.labels(fault.step.partition("/")[0]).inc()
    log.error(
        "rule_failed", complaint_id=fault.complaint_id, step=fault.step, error=fault.kind, place=fault.place
    )
    body = fault.model_dump_json().encode()
    detail = f"{fault.kind} in {fault.place} at the step {fault.step} of {fault.complaint_id}"
    chinese = f"投诉 {fault.complaint_id} 的步骤 {fault.step} 出错：{fault.kind}（{fault.place}）"
    where = Destination(deadletter(Service.ROUTING), fault.kind, detail, detail_zh=chinese)
    copy = quarantine_copy(event("fault", fault.complaint_id), body, {}, short_hash(body.hex()), where)
    await publisher.put_all(QUARANTINE_STREAM, [copy])
