"""All parties of a complaint: who has to be informed, and by when (`sources.md` 69)."""

from collections.abc import Iterator
from datetime import datetime
from typing import Literal

from services.routing import refusals
from services.routing.rules.decision import ActorCommand, Decision
from services.routing.rules.facts import CaseFact
from services.routing.rules.gates import OVER
from services.routing.rules.leadership import new_commander
from services.routing.rules.motives import wants_punishment
from services.routing.rules.state import CaseState
from shared.clocks.budget import due
from shared.contract.commands import InformParty
from shared.contract.errors import Refusal, refuse
from shared.contract.events import (
    ChainChanged,
    ConcernedAdded,
    InterestRecorded,
    StakeholderAdded,
    StakeholderInformed,
    TaskOpened,
    Triaged,
    VulnerabilityMarked,
)
from shared.policy.leadership import Stakeholder

GRAVE = (Triaged, InterestRecorded, ChainChanged, ConcernedAdded, TaskOpened, VulnerabilityMarked)
"""Facts after which another person may command, and more parties have to be informed."""

Why = Literal["severity", "safety", "vulnerable", "retaliation", "concerned", "task"]


def new_parties(state: CaseState, at: datetime) -> Iterator[StakeholderAdded]:
    """Parties that have to be informed by now and were not added before."""
    known = {one.party for one in state.stakeholders}
    for terms in state.pinned.stakeholders:
        why = _why(state, terms)
        if why and terms.party not in known:
            until = due(at, terms.within, state.pinned.calendar)
            yield StakeholderAdded(party=terms.party, why=why, due=until)


def _why(state: CaseState, terms: Stakeholder) -> Why | None:
    """First condition of the terms that holds."""
    holds: dict[Why, bool] = {
        "safety": terms.safety and state.triage.safety,
        "vulnerable": terms.vulnerable and state.vulnerable,
        "retaliation": terms.retaliation and wants_punishment(state),
        "severity": bool(terms.from_severity and state.triage.severity >= terms.from_severity),
        "concerned": terms.concerned and bool(state.concerned),
        "task": terms.task and bool(state.tasks),
    }
    return next((why for why, true in holds.items() if true), None)


def called_for(state: CaseState, at: datetime) -> list[CaseFact]:
    """Facts of a grave complaint that are due now: another commander, and new parties to be informed."""
    return [*new_commander(state), *new_parties(state, at)] if state.stage not in OVER else []


def inform_party(state: CaseState, request: ActorCommand[InformParty], now: datetime) -> Decision | Refusal:
    """Record that a party was informed, also one that the policy did not ask for; each once."""
    party = request.command.party
    if any(one.party == party and one.informed_at for one in state.stakeholders):
        return refuse(refusals.INFORMED_ALREADY, party=party)
    return Decision([StakeholderInformed(party=party, text_ref=request.command.text)])
