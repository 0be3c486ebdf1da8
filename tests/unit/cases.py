"""Case for tests: opened as asked, commanded by people of the default policy, its clock moved."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import count
from typing import Any, TypeVar

from services.routing.assignment import assign, instead, look_up
from services.routing.case import Case
from services.routing.rules.renewing import question
from services.routing.rules.state import LookedUp, Opening
from services.routing.rules.verbs import VERBS
from services.routing.triage import triage
from shared.contract.commands import Accepted
from shared.contract.concerned import concerned_in
from shared.contract.errors import Refusal
from shared.contract.events import Closed, ContactAdded, Fact, Merged, Promise, Received, Reopened
from shared.contract.orders import Order
from shared.contract.recorded import RecordedFact
from shared.contract.values import CUSTOMER, Actor
from shared.policy.house import Moment
from shared.policy.loader import Policy, load_policy
from shared.policy.models import Pack
from shared.policy.people import people, roster_id, units
from shared.policy.pinned import Pinned, pin
from shared.policy.roster import Staff

MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
"""Ten in the morning in Shanghai, on a working Monday."""

FactType = TypeVar("FactType", bound=Fact)

DECIDED = {verb for verb, row in VERBS.items() if row.rule}
"""Verbs that a case decides."""

OPTIONS = [
    {"option_id": "sorry", "remedy": "apology"},
    {"option_id": "some", "remedy": "refund", "amount": {"value": "100.00", "currency": "CNY"}},
    {"option_id": "all", "remedy": "refund", "amount": {"value": "199.00", "currency": "CNY"}},
]


@lru_cache(maxsize=1)
def policy() -> Policy:
    return load_policy("default")


@lru_cache(maxsize=1)
def roster() -> dict[str, Staff]:
    return {person.id: person for person in policy().pack.staff}


def actor(staff_id: str, known: Mapping[str, Staff] | None = None) -> Actor:
    """Person of the roster, or the complainant."""
    if staff_id == CUSTOMER:
        return Actor(id=CUSTOMER, role=CUSTOMER)
    return Actor(id=staff_id, role=(known or roster())[staff_id].role)


def received(received_at: datetime = MONDAY, recorded_at: datetime | None = None, **said: Any) -> Received:
    """Complaint about a product, as intake records it; `said` adds or replaces fields."""
    recorded_at = recorded_at or received_at
    usual: dict[str, Any] = {
        "channel": "web",
        "received_at": received_at,
        "recorded_at": recorded_at,
        "language": "zh",
        "customer_ref": "cust-1",
        "external_ref": "2026-1",
        "external_source": "crm.example",
        "safety": False,
        "hints": {"category": "product"},
        "promises": [
            Promise(promise_id="promise-1", what="first_answer", by_when=recorded_at + timedelta(hours=24))
        ],
    }
    return Received.model_validate(usual | said)


def contact(**brought: Any) -> ContactAdded:
    """Further submission that joined the complaint, and what it brought."""
    said = {"channel": "web", "at": MONDAY, "text_ref": "intake:C:narrative-x", "alias": "Cbbbbbbbbbbbbbbb"}
    return ContactAdded.model_validate(said | brought)


class Playing:
    """Case with its clock, and every fact that it recorded."""

    def __init__(
        self, complaint: Received, pack_policy: Policy, load: Mapping[str, int], at: datetime
    ) -> None:
        found = triage(complaint, pack_policy.pack)
        moment = Moment(at, dict(load))
        chosen = assign(pack_policy.pack, found.category, complaint, load, severity=found.severity, at=moment)
        self.opening = Opening(
            complaint_id="Caaaaaaaaaaaaaaa",
            received=complaint,
            triage=found,
            owner=chosen.owner,
            pinned=pin(pack_policy, chosen.team, chosen.chain),
            people=LookedUp(
                roster=roster_id(pack_policy.pack),
                roles=people(pack_policy.pack),
                units=units(pack_policy.pack),
                look_at=chosen.look_at,
                instead=instead(pack_policy.pack, chosen.chain, concerned_in(complaint), at),
            ),
            reasons=list(chosen.reasons),
            waits=list(chosen.waits),
        )
        self.live = pack_policy.pack
        self.now = self.opened_at = at
        self.case = Case.open(self.opening, at)
        self.recorded: list[RecordedFact] = []
        self.heard: list[tuple[int, Fact, datetime]] = []
        self.numbers: Iterator[int] = count(1)
        self.in_force: Pinned | None = None
        self._take()

    # --- doing ------------------------------------------------------------------------------------

    def ask(self, who: str, verb: str, **data: Any) -> Accepted | Refusal:
        """Answer of the case to `verb` by `who` now."""
        known = roster() | {one.id: one for one in self.live.staff}
        named = known.get(str(data.get("to")))
        everybody = people(self.live)
        order = Order(
            command_id=f"command-{next(self.numbers)}",
            verb=verb,
            actor=actor(who, known),
            units=everybody[who].units if who in everybody else [],
            named_units=everybody[named.id].units if named and named.id in everybody else [],
            data=data,
            named={"id": named.id, "role": named.role, "team": named.team} if named else {},
            attached=self.in_force.model_dump(mode="json") if self.in_force else None,
        )
        reply = self.case.decide(order, self.now)
        looked_up = self.case.state.people.due
        self._take()
        return reply.model_copy(update={"allowed": self.case.allowed}) if looked_up else reply

    def do(self, who: str, verb: str, **data: Any) -> Accepted:
        """As `ask`, and it must be accepted."""
        reply = self.ask(who, verb, **data)
        assert isinstance(reply, Accepted), reply
        return reply

    def refused(self, who: str, verb: str, **data: Any) -> Refusal:
        """As `ask`, and it must be refused, without a fact of its own."""
        self.later()
        before = len(self.recorded)
        reply = self.ask(who, verb, **data)
        assert isinstance(reply, Refusal), reply
        assert len(self.recorded) == before
        return reply

    def owner(self, verb: str, **data: Any) -> Accepted:
        """Accepted command of the present owner."""
        return self.do(self.case.state.owner, verb, **data)

    def customer(self, verb: str, **data: Any) -> Accepted:
        return self.do(CUSTOMER, verb, **data)

    def lead(self, verb: str, **data: Any) -> Accepted:
        """Done by the lead of the complaint's chain."""
        return self.do(self.opening.pinned.chain.lead, verb, **data)

    def migrated(self, to: Policy) -> Accepted:
        """Migrate the complaint to another policy, by a supervisor."""
        pinned = self.opening.pinned
        self.in_force = pin(to, pinned.team, pinned.chain)
        who = "manager-1" if self.owned_by == "lead-1" else "lead-1"
        reply = self.do(who, "migrate_policy", reason="r")
        self.in_force = None
        return reply

    def later(self, **delta: float) -> list[RecordedFact]:
        """Time passes; the facts that came of it."""
        self.now += timedelta(**delta)
        self.case.look_at_clock(self.now)
        return self._take()

    def until(self, instant: datetime) -> list[RecordedFact]:
        """Time passes until `instant`."""
        return self.later(seconds=(instant - self.now).total_seconds())

    def reopen(self, why: str = "dissatisfied") -> list[RecordedFact]:
        """Handle follow-up's fact that the complainant is not satisfied."""
        return self.receive(Reopened.model_validate({"why": why, "to_cycle": self.case.state.cycle + 1}))

    def close(self, outcome: str = "satisfied") -> list[RecordedFact]:
        return self.receive(Closed.model_validate({"outcome": outcome}))

    def merged(self, into: str = "Cbbbbbbbbbbbbbbb") -> list[RecordedFact]:
        """Handle intake's fact that a person has confirmed this complaint as a duplicate."""
        self.case.receive(Merged(into=into), self.now)
        return self._take()

    def came_again(self, **brought: Any) -> list[RecordedFact]:
        """Handle intake's fact that a further submission has joined this complaint."""
        self.case.receive(contact(**brought), self.now)
        return self._take()

    def receive(self, fact: Fact) -> list[RecordedFact]:
        self.heard.append((len(self.recorded), fact, self.now))
        self.case.receive(fact, self.now)
        return self._take()

    # --- the usual ways ---------------------------------------------------------------------------

    def ready_to_offer(self) -> "Playing":
        """Responded to, an interest confirmed, three alternatives prepared."""
        self.owner("respond", kind="proposal", text="t")
        self.owner("record_interest", party="customer", interest="money", confirmed=True)
        self.owner("prepare_options", options=OPTIONS)
        return self

    def offered(self, option_id: str = "some", **data: Any) -> str:
        """Make an offer; return its id."""
        said = {"option_id": option_id, "standards": ["after-sales-7"], "text": "t"} | data
        return str(self.owner("offer", **said).result["offer_id"])

    def agreed(self, option_id: str = "some") -> "Playing":
        self.ready_to_offer()
        self.customer("answer", offer_id=self.offered(option_id), answer="accepted")
        return self

    def resolved(self, option_id: str = "some") -> "Playing":
        self.agreed(option_id)
        for action in list(self.case.state.actions):
            self.owner("complete_action", action_id=action.action_id, evidence="e")
        return self

    # --- looking ----------------------------------------------------------------------------------

    @property
    def owned_by(self) -> str:
        return self.case.state.owner

    @property
    def names(self) -> list[str]:
        return [fact.name for fact in self.recorded]

    def all(self, kind: type[FactType]) -> list[FactType]:
        """Every fact of a kind, typed, in order."""
        return [fact for one in self.recorded if isinstance(fact := one.fact(), kind)]

    def last(self, kind: type[FactType]) -> FactType:
        return self.all(kind)[-1]

    def at(self, kind: type[Fact]) -> list[datetime]:
        """Instants at which each fact of a kind became true."""
        return [one.at for one in self.recorded if one.name == kind.NAME]

    def meet_people(
        self, live: Pack | None = None, load: Mapping[str, int] | None = None
    ) -> list[RecordedFact]:
        """Let the case meet the people of the policy, as the workflow does; `live` is put in force first."""
        self.live = live or self.live
        self.case.meet_people(look_up(self.live, question(self.case.state, self.now), load or {}), self.now)
        return self._take()

    def _take(self) -> list[RecordedFact]:
        if self.case.state.people.due:
            self.case.meet_people(look_up(self.live, question(self.case.state, self.now), {}), self.now)
        taken = self.case.take_new_facts()
        self.recorded += taken
        return taken


def play(
    received_at: datetime = MONDAY,
    *,
    opened_at: datetime | None = None,
    under: Policy | None = None,
    load: Mapping[str, int] | None = None,
    **said: Any,
) -> Playing:
    """Case opened at `opened_at` (else when it was received); `said` are fields of `received`."""
    at = opened_at or received_at
    said.setdefault("recorded_at", at)
    return Playing(received(received_at, **said), under or policy(), load or {}, at)


def names(facts: list[RecordedFact]) -> list[str]:
    return [fact.name for fact in facts]
