"""What doctor makes of the answers of processes, and what a reason may hold."""

import sqlite3
from datetime import UTC, datetime
from typing import Any

import pytest
from nats.js.errors import APIError
from sqlalchemy.exc import OperationalError
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from services.console.audit.checks.condition import differences, of_process
from services.console.audit.checks.disks import of_space
from shared.contract.health import Disagreement, FailingFlushes, HealthAsked
from shared.contract.subjects import Service
from shared.contract.values import PolicyId
from shared.runtime.reasons import reason

AT = datetime(2026, 11, 30, 8, tzinfo=UTC)
GIB = 1024**3
COMPLAINT = f"C{'a' * 15}"


def process(name: str = "one", **changes: Any) -> HealthAsked:
    own: dict[str, Any] = {"policy": PolicyId(id="default", hash="a" * 64), "build": "b1"}
    whole = {"service": "routing", "process": name, "checks": {"nats": "ok", "database": "ok"}, **own}
    return HealthAsked(**(whole | changes))


def seen(**changes: Any) -> list[tuple[str, str]]:
    return [(one.part, one.state) for one in of_process(process(**changes))]


def test_a_process_that_is_well_has_one_good_finding() -> None:
    assert seen() == [("health of routing", "ok")]


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"checks": {"database": "OperationalError SQLITE_FULL"}}, "database of routing"),
        (
            {"flushes": FailingFlushes(count=3, tries=80, since=AT, reason="TimeoutError")},
            "flushes of routing",
        ),
        ({"records": Disagreement(rows_missing=1, some=[COMPLAINT])}, "records of routing"),
        ({"records": Disagreement(fact_missing=f"{COMPLAINT}-routing-1")}, "records of routing"),
        ({"disk_free": 1024, "disk_total": 100 * GIB}, "disk of routing"),
    ],
)
def test_each_trouble_is_wrong(changes: dict[str, Any], part: str) -> None:
    assert seen(**changes) == [(part, "wrong")]


def test_a_flush_that_failed_eighty_times_is_reported_with_its_reason() -> None:
    failing = FailingFlushes(count=3, tries=80, since=AT, reason="OperationalError SQLITE_FULL")
    (found,) = of_process(process(flushes=failing))
    for word in ("3 complaints", "80 times", "2026-11-30 08:00:00", "SQLITE_FULL"):
        assert word in found.seen


def test_processes_under_another_policy_or_build_are_named() -> None:
    other = PolicyId(id="default", hash="c" * 64)
    same = [process("one"), process("two")]
    assert differences(Service.ROUTING, same) == []
    mixed = [process("one"), process("two", policy=other), process("three", build="b2")]
    found = differences(Service.ROUTING, mixed)
    assert [one.part for one in found] == ["policies of routing", "builds of routing"]
    assert "two has default cccccccccccc" in found[0].seen
    assert "three has b2" in found[1].seen


@pytest.mark.parametrize(
    ("free", "state"), [(50 * GIB, "ok"), (GIB, "warning"), (100 * 1024**2, "wrong"), (0, "wrong")]
)
def test_little_space_is_a_warning_and_almost_none_is_wrong(free: int, state: str) -> None:
    assert [one.state for one in of_space("disk of nats", free, 100 * GIB)] == [state]


def test_a_small_disk_that_is_mostly_free_is_well() -> None:
    assert [one.state for one in of_space("disk of nats", GIB, 2 * GIB)] == ["ok"]


def by_sqlite() -> Exception:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE person (phone TEXT CHECK (phone = 'x'))")
    try:
        connection.execute("INSERT INTO person VALUES ('13800138000')")
    except sqlite3.Error as error:
        return OperationalError("INSERT INTO person VALUES (?)", ("13800138000",), error)
    finally:
        connection.close()
    raise AssertionError("the database took it")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (by_sqlite(), "OperationalError SQLITE_CONSTRAINT_CHECK"),
        (OSError(28, "No space left on device", "/secret/path"), "OSError ENOSPC"),
        (RPCError("王小明", RPCStatusCode.UNAVAILABLE, b""), "RPCError UNAVAILABLE"),
        (APIError(code=503, err_code=10077, description="王小明"), "APIError 503/10077"),
        (ApplicationError("王小明", type="Refused"), "Refused"),
        (ApplicationError("x", type="a text of 王小明"), "ApplicationError"),
        (ValueError("13800138000"), "ValueError"),
    ],
)
def test_a_reason_has_types_and_codes_and_no_word_of_a_person(error: Exception, words: str) -> None:
    assert reason(error) == words


def test_a_reason_names_the_cause() -> None:
    error = RuntimeError("13800138000")
    error.__cause__ = TimeoutError("13800138000")
    assert reason(error) == "RuntimeError < TimeoutError"


def test_a_lost_file_of_a_database_is_wrong_with_what_to_do() -> None:
    said = "StoreLost: its file was deleted or moved under this process, which writes nothing any more: /db"
    (finding,) = of_process(process(checks={"nats": "ok", "database": said}))
    assert (finding.part, finding.state) == ("database of routing", "wrong")
    assert "amends rebuild rows --service routing" in finding.remedy
