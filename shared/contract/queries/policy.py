"""Policy pack in force, and the deadlines that a migration to it would move."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from shared.contract.queries.base import Query
from shared.contract.subjects import Service
from shared.contract.values import Instant, PolicyId


class StaffView(BaseModel):
    """Member of staff: an id for the roster, no personal data."""

    id: str
    role: str
    team: str


def _entries(about: str, **fields: str) -> WithJsonSchema:
    """Schema of a pack's entries: at least an id, a title by language, and these fields; a pack may add
    more.
    """
    title = {"type": "object", "additionalProperties": {"type": "string"}}
    properties = {"id": {"type": "string"}, "title": title}
    properties |= {name: {"type": kind} for name, kind in fields.items()}
    entry = {"type": "object", "properties": properties, "required": list(properties)}
    return WithJsonSchema({"description": about, "type": "array", "items": entry})


Entries = list[dict[str, Any]]


class PolicyView(BaseModel):
    """Parts of a policy pack that integrators need: of the pack in force, or of the pack with a given hash.

    `content` is present only for a given hash: it is the text whose SHA-256 in UTF-8 begins with that
    hash.
    """

    policy: PolicyId
    obligations: Annotated[Entries, _entries("Deadlines of a complaint.", regime="string", version="string")]
    standards: Annotated[Entries, _entries("Standards that offers cite.", version="string", source="string")]
    remedies: Annotated[Entries, _entries("Remedies that can be offered.", money="boolean", answers="array")]
    questions: Annotated[Entries, _entries("Questions that complainants are asked.")] = Field(
        default_factory=list
    )
    teams: Annotated[
        Entries, _entries("Teams, with the people above their members.", lead="string", manager="string")
    ]
    staff: list[StaffView]
    escalation_levels: Annotated[Entries, _entries("Levels above agents, from the lowest.")] = Field(
        default_factory=list
    )
    response_rule: str | None = None
    """Obligation that the response rate counts."""
    content: str | None = None


class PolicyQuery(Query):
    """Policy pack in force, or the pack with this hash if a complaint was ever opened under it."""

    NAME = "policy"
    SERVICES = (Service.ROUTING,)
    RESULT = PolicyView
    hash: str | None = None


class WouldMove(BaseModel):
    """Deadline that a migration would move. `was` is absent for a new deadline, `due` for a dropped deadline.

    `gained_seconds` is the time by which it would run out later; negative if sooner. `provisional`: `due`
    lies in a year whose holidays are not published under the policy in force; `was_provisional`: the same
    for `was` under the former policy. `over_by_then`: under the policy in force the deadline would already
    be over, so its whole budget counts from the migration.
    """

    obligation: str
    was: Instant | None = None
    due: Instant | None = None
    gained_seconds: int | None = None
    was_provisional: bool = False
    provisional: bool = False
    over_by_then: bool = False


class Migration(BaseModel):
    """Effect of a migration: `moves` holds only deadlines that would change."""

    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True, serialize_by_alias=True)
    complaint_id: str
    from_: PolicyId = Field(alias="from")
    to: PolicyId
    moves: list[WouldMove]


class MigrationQuery(Query):
    """Deadlines that `migrate_policy` would move, with the time that each would gain or lose."""

    NAME = "migration"
    SERVICES = (Service.ROUTING,)
    RESULT = Migration
    complaint_id: str
