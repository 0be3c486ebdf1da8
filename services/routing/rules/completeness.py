"""Completeness of the record: the known fields, the missing fields, and the steps that wait for them
(`sources.md` 53, 57).

A complaint that was received before its record was measured counts as complete: a later rule holds up no
complaint.
"""

from datetime import datetime

from services.routing import refusals
from services.routing.rules.concerned import named
from services.routing.rules.decision import ActorCommand, Decision
from services.routing.rules.described import is_described
from services.routing.rules.facts import CaseFact
from services.routing.rules.state import CaseState
from shared.contract.commands import CompleteRecord
from shared.contract.completeness import Completeness, RecordField
from shared.contract.concerned import concerned_in
from shared.contract.errors import Refusal, refuse
from shared.contract.events import ContactAdded, RecordCompleted
from shared.contract.values import Party
from shared.contract.values.problems import Words
from shared.policy.record import measured

FIELDS: dict[str, RecordField] = {
    "text": "narrative",
    "remedy_sought": "remedy_sought",
    "product": "product",
    "order_ref": "order_ref",
    "unit": "unit",
    "loss": "loss",
}
"""Field of the record that each field of `complete_record` fills."""


def completeness(state: CaseState) -> Completeness | None:
    """Completeness of the record now; None where the policy does not measure it."""
    return _after(state, set())


def known_enough(state: CaseState, verb: str) -> Refusal | None:
    """Refused while something that the policy wants before this step is not known."""
    found = completeness(state)
    asked = state.pinned.record.waits_for(verb)
    lacking = [field for field in found.missing if field in asked] if found else []
    if not lacking:
        return None
    fields = Words.listed(Words(name, f"{refusals.FIELDS_ZH[name]}（{name}）") for name in lacking)
    return refuse(refusals.RECORD_LACKS, field=lacking[0], fields=fields)


def complete_record(
    state: CaseState, request: ActorCommand[CompleteRecord], now: datetime
) -> Decision | Refusal:
    """Add missing fields to the record. The fact has codes, an amount and references."""
    command = request.command
    given = [own for own in FIELDS if getattr(command, own) is not None]
    if not given and command.about_staff is None:
        names = ", ".join([*FIELDS, "about_staff"])
        return refuse(refusals.NOTHING_COMPLETED, names=names)
    fields = [FIELDS[own] for own in given]
    after = _after(state, set(fields)) or Completeness(score=1, missing=[])
    travels = {
        name: value
        for name in ("remedy_sought", "unit", "about_staff")
        if (value := getattr(command, name)) is not None and not is_described(state, value)
    }
    texts = [own for own in given if own not in (*travels, "loss")]
    refs: dict[str, str] = {FIELDS[own]: getattr(command, own) for own in texts}
    if command.about_staff and "about_staff" not in travels:
        refs["about_staff"] = command.about_staff  # no record lacks it, so it is no field of one
    fact = RecordCompleted(
        fields=fields,
        missing=after.missing,
        score=after.score,
        loss=command.loss,
        text_refs=refs,
        concerned=request.concerned or None,
        **travels,
    )
    return Decision([fact, *named(state, concerned_in(fact), "completed")], after.model_dump(mode="json"))


def known_already(state: CaseState, field: RecordField) -> bool:
    """Whether the record has this field; a field that the policy does not weigh counts as unknown."""
    found = completeness(state)
    return found is not None and field in state.pinned.record.weights and field not in found.missing


def supplied(state: CaseState, field: RecordField, ref: str) -> list[CaseFact]:
    """Fact that an answer supplies this field; none where it is known or not weighed."""
    found = completeness(state)
    if found is None or field not in found.missing:
        return []
    after = _after(state, {field}) or Completeness(score=1, missing=[])
    return [RecordCompleted(fields=[field], missing=after.missing, score=after.score, text_refs={field: ref})]


def completed_by(state: CaseState, contact: ContactAdded) -> list[CaseFact]:
    """Facts that a joined submission adds to the record: only missing fields, and its group.

    A known field stays: of two demands the second may be a mistake, and people see both.
    """
    wanted = _not_known(state, contact)
    fields = [field for field in FIELDS.values() if field in wanted]
    group = contact.group_ref if state.group_ref is None else None
    if not (fields or group):
        return []
    after = _after(state, set(fields)) or Completeness(score=1, missing=[])
    values = {name: getattr(contact, name) for name in ("remedy_sought", "unit", "loss") if name in fields}
    fact = RecordCompleted(
        fields=fields,
        missing=after.missing,
        score=after.score,
        group_ref=group,
        contact=contact.alias,
        **values,
    )
    return [fact]


def _not_known(state: CaseState, contact: ContactAdded) -> set[RecordField]:
    """Missing fields that the contact has, and the first demand in a code."""
    found = completeness(state)
    lacking = {*found.missing} & {*(contact.told or ())} if found else set()
    if contact.remedy_sought and not (state.told_remedy or state.opening.received.remedy_sought):
        lacking.add("remedy_sought")
    return lacking


def _after(state: CaseState, given: set[RecordField]) -> Completeness | None:
    first = state.opening.received.completeness
    if first is None:
        return None
    lacking = set(first.missing) - {*state.completed} - given
    if any(interest.party == Party.CUSTOMER for interest in state.interests):
        lacking.discard("remedy_sought")
    return measured({*FIELDS.values()} - lacking, state.pinned.record)
