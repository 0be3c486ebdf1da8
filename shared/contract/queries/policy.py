"""The policy pack in force, and what going over to it would move."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from shared.contract.queries.base import Query
from shared.contract.subjects import Service
from shared.contract.values import Instant, PolicyId


class StaffView(BaseModel):
    """A member of staff: a name for the roster, no personal data."""

    id: str
    role: str
    team: str


def _entries(about: str, **fields: str) -> WithJsonSchema:
    """Entries of a pack: at least an id, a title by language, and these fields; a pack may say more."""
    title = {"type": "object", "additionalProperties": {"type": "string"}}
    properties = {"id": {"type": "string"}, "title": title}
    properties |= {name: {"type": kind} for name, kind in fields.items()}
    entry = {"type": "object", "properties": properties, "required": list(properties)}
    return WithJsonSchema({"description": about, "type": "array", "items": entry})


Entries = list[dict[str, Any]]


class PolicyView(BaseModel):
    """What integrators need to know of the pack in force, or of one that was asked for by its hash.

    `content` only comes for a hash: the text whose SHA-256 in UTF-8 begins with it.
    """

    policy: PolicyId
    obligations: Annotated[Entries, _entries("The deadlines.", regime="string", version="string")]
    standards: Annotated[Entries, _entries("What offers cite.", version="string", source="string")]
    remedies: Annotated[Entries, _entries("What can be offered.", money="boolean", answers="array")]
    teams: Annotated[Entries, _entries("Who answers for what.", lead="string", manager="string")]
    staff: list[StaffView]
    response_rule: str | None = None
    """The obligation that the response rate counts."""
    content: str | None = None


class PolicyQuery(Query):
    """The pack in force, or the one with this hash if a complaint was ever opened under it."""

    NAME = "policy"
    SERVICES = (Service.ROUTING,)
    RESULT = PolicyView
    hash: str | None = None


class WouldMove(BaseModel):
    """One deadline: `was` is absent for a new one, `due` for one that would be dropped.

    `gained_seconds`: how much later it would run out; negative if sooner. `provisional`: `due` lies in a
    year whose holidays are not published under the policy in force, `was_provisional` under the old one.
    `over_by_then`: under the policy in force it would be over already, so its whole budget counts from the
    migration.
    """

    obligation: str
    was: Instant | None = None
    due: Instant | None = None
    gained_seconds: int | None = None
    was_provisional: bool = False
    provisional: bool = False
    over_by_then: bool = False


class Migration(BaseModel):
    """What a migration would do: nothing is in `moves` that would stay as it is."""

    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True, serialize_by_alias=True)
    complaint_id: str
    from_: PolicyId = Field(alias="from")
    to: PolicyId
    moves: list[WouldMove]


class MigrationQuery(Query):
    """What `migrate_policy` would move, and who would gain or lose time by it."""

    NAME = "migration"
    SERVICES = (Service.ROUTING,)
    RESULT = Migration
    complaint_id: str
