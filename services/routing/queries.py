"""Queries to routing."""

from datetime import UTC, datetime
from functools import partial

from services.routing import refusals
from services.routing.admission.queue import WaitingQueue
from services.routing.certificates import MIGRATED, certificates, opened_under
from services.routing.discretion import DEPARTMENT, discreet, may_see_reserve, without_reserve
from services.routing.elements_view import elements
from services.routing.negotiation_view import negotiation, reserve, without_proposals
from services.routing.notes import notes_of
from services.routing.policies import Policies
from services.routing.precedents import precedent
from services.routing.reading_back import page_of_certificates, timeline_page
from services.routing.staffing.live import LivePeople
from services.routing.staffing.missing import holders, missing
from services.routing.store import Store
from services.routing.view import allowed_in_followup
from shared.contract.cursors import BadCursor, bad_cursor
from shared.contract.errors import ErrorCode, Refusal, refuse
from shared.contract.queries import (
    Backlog,
    BacklogQuery,
    Certificate,
    ComplaintQuery,
    ComplaintState,
    Kept,
    Negotiation,
    NegotiationQuery,
    Orphan,
    PolicyQuery,
    PolicyView,
    Precedent,
    PrecedentMarks,
    Query,
    StaffView,
    Timeline,
    TimelineQuery,
    Worklist,
    WorklistQuery,
)
from shared.contract.recorded import RecordedFact
from shared.contract.values import NOBODY, Concerned, Outcome, PolicyId, Stage
from shared.policy.chains import answering
from shared.policy.deputies import here
from shared.policy.loader import Policy
from shared.policy.models import Pack
from shared.policy.people import concerned_people, people, roster_id
from shared.policy.problems import nearest
from shared.runtime.messages.aliases import Aliases
from shared.runtime.messages.publishing import Publisher
from shared.runtime.messages.requests import QueryWork
from shared.runtime.texts.query import Conflict

LISTED = (
    *("stage", "cycle", "outcome", "owner", "team", "severity", "category", "group_ref", "received_at"),
    *("next_due", "next_obligation"),
)
"""Columns that the lists use. A query for one complaint returns the same values."""


NAMED = 100
"""Most complaints with a missing person that are named; all are counted."""


def now() -> datetime:
    return datetime.now(UTC)


REGIMES = ("house", "promise")
"""Regimes of the smaller clocks, which no policy names."""


class Queries:
    """Answers from the tables, the stream and the policy; nothing changes by asking."""

    def __init__(
        self,
        policy: Policy,
        policies: Policies,
        store: Store,
        queue: WaitingQueue,
        publisher: Publisher,
        conflict: Conflict,
        live: LivePeople,
    ) -> None:
        self._live = live
        self._conflict = conflict
        self._policy = policy
        self._policies = policies
        self._store = store
        self._queue = queue
        self._publisher = publisher
        self._aliases = Aliases(publisher)

    def works(self) -> dict[type[Query], QueryWork]:
        """Handler of each query that is answered here."""
        return {
            ComplaintQuery: self.complaint,
            NegotiationQuery: self.negotiation,
            TimelineQuery: self.timeline,
            WorklistQuery: self.worklist,
            PolicyQuery: self.policy,
            BacklogQuery: self.backlog,
        }

    async def complaint(self, query: ComplaintQuery) -> ComplaintState | Refusal:
        """Whole state of one complaint; of a merged complaint, that of its survivor."""
        if query.actor and (why := await self._conflict(query.complaint_id, query.actor.id)):
            return why
        row = await self._store.case(query.complaint_id)
        if query.follow and (row is None or row.outcome == Outcome.MERGED):
            survivor = await self._aliases.survivor(query.complaint_id)
            if survivor != query.complaint_id:
                found = await self.complaint(
                    query.model_copy(update={"complaint_id": survivor, "follow": False})
                )
                named = {"alias": query.complaint_id}
                return found if isinstance(found, Refusal) else found.model_copy(update=named)
        if row is None:
            return await self._aliases.no_case(query.complaint_id)
        state = ComplaintState.model_validate(row.state)
        listed = {name: getattr(row, name) for name in LISTED}
        may = [*state.allowed, *allowed_in_followup(row.stage, row.cycle, row.followup)]
        facts = (await self._store.history(state.complaint_id)).facts
        first = opened_under(state.policy, facts)
        hashes = {first.hash, *(one.data["to"]["hash"] for one in facts if one.name == MIGRATED)}
        kept = await self._kept(row.recorded_seq, facts, hashes)
        proofs = [] if kept.missing_facts else await self._certificates(state, first, hashes, facts)
        try:
            proofs, cursor = page_of_certificates(query, proofs)
        except BadCursor:
            return bad_cursor()
        said = {"followup": row.followup, "certificates": proofs, "kept": kept, "allowed": may}
        notes, count = await self._store.database.read(partial(notes_of, complaint_id=state.complaint_id))
        said |= {"next_cursor": cursor, "notes": notes, "note_count": count}
        everybody = people(await self._live.pack())
        about = concerned_people(everybody, state.concerned or Concerned())
        held = {
            "missing": missing(row.state, here(await self._live.pack(), now())),
            "interested": sorted(holders(row.state) & about),
        }
        over = {} if row.stage == Stage.CLOSED else held
        whole = state.model_copy(update={"seq": row.recorded_seq, **listed, **said, **over})
        return discreet(whole, query.actor.id) if query.actor else whole

    async def negotiation(self, query: NegotiationQuery) -> Negotiation | Refusal:
        """Negotiation of one complaint; what is in reserve only for the owner and the people above."""
        wanted = ComplaintQuery(complaint_id=query.complaint_id, actor=query.actor)
        state = await self.complaint(wanted)
        if isinstance(state, Refusal):
            return state
        row, pack = state.model_dump(mode="json"), await self._live.pack()
        facts = (await self._store.history(state.complaint_id)).facts
        found = negotiation(row, facts, pack)
        marks = row["negotiation"].get("comparable")
        figures = await self._figures(PrecedentMarks.model_validate(marks)) if marks else None
        found.elements = elements(row, facts, figures)
        if query.actor and may_see_reserve(row, query.actor.id):
            found.reserve = reserve(row, pack, found.rounds)
        elif query.actor:
            found = without_proposals(found)
        return found

    async def _figures(self, marks: PrecedentMarks) -> Precedent:
        return await self._store.database.read(partial(precedent, one=marks))

    async def timeline(self, query: TimelineQuery) -> Timeline | Refusal:
        """Facts as in the stream: the audit record itself.

        After those of a merged id come those of its survivor.
        """
        if not query.complaint_id.isalnum():
            return refuse(ErrorCode.UNKNOWN_COMPLAINT, field="complaint_id")
        if query.actor and (why := await self._conflict(query.complaint_id, query.actor.id)):
            return why
        try:
            found = await timeline_page(self._publisher.client, self._aliases, query)
        except BadCursor:
            return bad_cursor()
        if found is None:
            return refuse(ErrorCode.UNKNOWN_COMPLAINT, field="complaint_id")
        if query.actor:
            inside = {one.id for one in (await self._live.pack()).staff if one.role == DEPARTMENT}
            found.events = without_reserve(found.events, query.actor.id, inside)
        return found

    async def worklist(self, query: WorklistQuery) -> Worklist | Refusal:
        """Page of open complaints."""
        pack = await self._live.pack()
        staff, teams = {person.id for person in pack.staff}, {team.id for team in pack.teams}
        named = {"owner": query.owner, "person": query.person, "manager": query.manager}
        if not ({*named.values()} <= {None, *staff} and {query.team} <= {None, *teams}):
            # What they held is found by the names of those who have left, too.
            former, once = await self._policies.known_names()
            staff, teams = staff | former | {NOBODY}, teams | once
        for field, one in named.items():
            if one and one not in staff and not await self._store.had(one, None):
                known = nearest(one, (person.id for person in pack.staff))
                return refuse(refusals.UNKNOWN_PERSON, field=field, name=one, known=known)
        if query.team and query.team not in teams and not await self._store.had(None, query.team):
            known = ", ".join(team.id for team in pack.teams)
            return refuse(refusals.UNKNOWN_TEAM, known=known)
        regimes = {*REGIMES, *pack.regimes, *(one.regime for one in pack.obligations)}
        if query.regime and query.regime not in regimes:
            regimes |= await self._store.regimes()
            if query.regime not in regimes:
                known = nearest(query.regime, regimes)
                return refuse(refusals.UNKNOWN_REGIME, name=query.regime, known=known)
        under = [team.id for team in pack.teams if query.manager in answering(pack, team)]
        try:
            found = await self._store.worklist(query, under if query.manager else None)
            present = here(pack, now())
            for item in found.items:
                item.missing = [one for one in item.missing if one not in present]
            return found
        except BadCursor:
            return bad_cursor()

    async def policy(self, query: PolicyQuery) -> PolicyView | Refusal:
        """Pack in force as integrators need it, or an earlier pack, with the text that was hashed."""
        if query.hash is None:
            return _view(self._policy.identity, self._policy.pack)
        found = await self._policies.find(query.hash)
        if found is None:
            return refuse(refusals.UNKNOWN_POLICY)
        identity, text, content = found
        return _view(identity, content.pack).model_copy(update={"content": text})

    async def backlog(self, _: BacklogQuery) -> Backlog:
        """Complaints that wait for a case, and those that wait for people who left or cannot be found."""
        waiting, pack = await self._queue.backlog(), await self._live.pack()
        staff = here(pack, now())
        count, rows = await self._store.orphans(roster_id(pack))
        found = [(row.complaint_id, missing(row.state, staff)) for row in rows]
        orphans = [Orphan(complaint_id=one, missing=who) for one, who in found if who]
        behind = count - len(rows) + len(orphans)
        queued, since = await self._store.queued()
        more = {"orphaned": behind, "orphans": orphans[:NAMED], "queued": queued, "queued_since": since}
        return waiting.model_copy(update=more)

    async def _kept(self, seq: int, facts: list[RecordedFact], hashes: set[str]) -> Kept:
        """Records that are missing behind a row which includes fact `seq`."""
        numbers = {one.seq for one in facts}
        last = max(numbers, default=0)
        gone = sorted(set(range(1, max(seq, last) + 1)) - numbers)
        missing = await self._policies.missing(hashes)
        return Kept(facts=len(facts), last=last, missing_policies=missing, missing_facts=gone)

    async def _certificates(
        self, state: ComplaintState, first: PolicyId, hashes: set[str], facts: list[RecordedFact]
    ) -> list[Certificate]:
        kept = {one: found[2] for one in hashes if (found := await self._policies.find(one))}
        return certificates(state.complaint_id, first, kept, facts) if len(kept) == len(hashes) else []


def _view(identity: PolicyId, pack: Pack) -> PolicyView:
    return PolicyView(
        policy=identity,
        obligations=[o.model_dump(mode="json") for o in pack.obligations],
        standards=[s.model_dump(mode="json") for s in pack.standards],
        remedies=[r.model_dump(mode="json") for r in pack.remedies],
        questions=[q.model_dump(mode="json", exclude_none=True) for q in pack.questions],
        teams=[t.model_dump(mode="json") for t in pack.teams],
        staff=[StaffView(id=p.id, role=p.role, team=p.team) for p in pack.staff],
        escalation_levels=[one.model_dump(mode="json") for one in pack.escalation_levels],
        response_rule=pack.response_rule,
    )
