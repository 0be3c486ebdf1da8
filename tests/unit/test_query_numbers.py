"""Numbers in queries: a JSON number, never a truth value or a text that looks like one."""

from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import ValidationError

from shared.contract.queries import QUERIES
from shared.contract.subjects import Service

NEEDED = {
    "actor": {"id": "privacy-1"},
    "service": Service.INTAKE,
    "complaint_id": "Caaaaaaaaaaaaaaa",
}


def with_limits() -> Iterator[str]:
    yield from (name for name, query in QUERIES.items() if "limit" in query.model_fields)


def asked(name: str, limit: Any) -> Any:
    query = QUERIES[name]
    needed = {field: value for field, value in NEEDED.items() if field in query.model_fields}
    return query.model_validate(needed | {"limit": limit})


@pytest.mark.parametrize("limit", [True, False, "1", None, [1], 0, 501])
@pytest.mark.parametrize("name", [*with_limits()])
def test_a_limit_that_is_no_number_of_items_is_refused(name: str, limit: Any) -> None:
    with pytest.raises(ValidationError) as refused:
        asked(name, limit)
    assert refused.value.errors()[0]["loc"] == ("limit",)


@pytest.mark.parametrize("name", [*with_limits()])
def test_a_limit_that_is_a_number_is_taken(name: str) -> None:
    assert asked(name, 1).limit == 1


def test_several_queries_have_a_limit() -> None:
    assert {*with_limits()} >= {"worklist", "timeline", "reads", "rejected"}
