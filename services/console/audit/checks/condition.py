"""Check what each process reports of itself: its writes, its flushes, its rows against the stream."""

from collections.abc import Iterator

from nats.aio.client import Client

from services.console.audit.checks import CheckResult, odd, well, wrong
from services.console.audit.checks.asking import every_process
from services.console.audit.checks.disks import of_space
from shared.contract import subjects
from shared.contract.health import HealthAsked
from shared.contract.subjects import Service
from shared.runtime.probes.lost import StoreLost, how_to_mend

LOST_ROWS = "Run `amends rebuild rows`, then `amends reconcile` (runbook: When a store is lost)."
LOST_FACTS = "Run `amends rebuild stream`, then `amends reconcile` (runbook: When a store is lost)."


async def check_condition(client: Client) -> list[CheckResult]:
    """Findings per process; a service that is down has a finding of its own already."""
    found: list[CheckResult] = []
    for service in Service:
        processes = await every_process(client, subjects.health(service), HealthAsked)
        for one in processes:
            found += of_process(one)
        found += differences(service, processes)
    return found


def of_process(one: HealthAsked) -> list[CheckResult]:
    """Faults of one process; one good finding if it has none."""
    problems = [*_checks(one), *_flushes(one), *_records(one)]
    if one.disk_free is not None and one.disk_total:
        problems += of_space(f"disk of {one.service}", one.disk_free, one.disk_total, only_problems=True)
    return problems or [well(f"health of {one.service}", f"{one.process}: it writes, stores and publishes")]


def _checks(one: HealthAsked) -> Iterator[CheckResult]:
    for name, said in one.checks.items():
        if said != "ok":
            remedy = f"See the runbook, Health: what fails, and the log of {one.service}."
            if said.startswith(StoreLost.__name__):
                remedy = how_to_mend(one.service)
            yield wrong(f"{name} of {one.service}", f"{one.process}: {said}", remedy)


def _flushes(one: HealthAsked) -> Iterator[CheckResult]:
    if failing := one.flushes:
        seen = (
            f"{one.process}: flushes of {failing.count} complaints fail since {failing.since:%F %T} UTC, "
            f"one of them {failing.tries} times ({failing.reason})"
        )
        yield wrong(f"flushes of {one.service}", seen, "Mend what the reason names; they are tried again.")


def _records(one: HealthAsked) -> Iterator[CheckResult]:
    part, records = f"records of {one.service}", one.records
    if records.rows_missing:
        some = ", ".join(records.some)
        seen = f"the stream has facts of {records.rows_missing} complaints that the database lacks ({some})"
        yield wrong(part, f"{seen}: it was lost, or restored from an older backup", LOST_ROWS)
    if records.fact_missing:
        seen = f"the stream lacks fact {records.fact_missing}, which it had before"
        yield wrong(part, f"{seen}: it was lost, or restored from an older backup", LOST_FACTS)


def differences(service: Service, processes: list[HealthAsked]) -> list[CheckResult]:
    """Processes of one service that run another policy or another build."""
    found = []
    for what, values in (
        ("policies", {one.process: f"{one.policy.id} {one.policy.hash[:12]}" for one in processes}),
        ("builds", {one.process: one.build for one in processes}),
    ):
        if len(set(values.values())) > 1:
            seen = "; ".join(f"{process} has {value}" for process, value in sorted(values.items()))
            remedy = (
                "A rolling change ends this; otherwise start all processes under the same policy and build."
            )
            found.append(odd(f"{what} of {service}", seen, remedy))
    return found
