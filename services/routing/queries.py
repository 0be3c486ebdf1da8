"""What can be asked of routing."""

from services.routing.store import Store
from shared.contract.errors import ErrorCode, Refusal, refuse
from shared.contract.queries import (
    ComplaintQuery,
    ComplaintState,
    PolicyQuery,
    PolicyView,
    StaffView,
    Timeline,
    TimelineQuery,
    Worklist,
    WorklistQuery,
)
from shared.policy.loader import Policy
from shared.runtime.publishing import Publisher
from shared.runtime.timeline import read_timeline


class Queries:
    """Answers from the tables, the stream and the policy; nothing changes by asking."""

    def __init__(self, policy: Policy, store: Store, publisher: Publisher) -> None:
        self._policy = policy
        self._store = store
        self._publisher = publisher

    async def complaint(self, query: ComplaintQuery) -> ComplaintState | Refusal:
        """The whole state of one complaint."""
        row = await self._store.case(query.complaint_id)
        if row is None:
            return refuse(ErrorCode.UNKNOWN_COMPLAINT, field="complaint_id")
        state = ComplaintState.model_validate(row.state)
        due = {"next_due": row.next_due, "next_obligation": row.next_obligation}
        return state.model_copy(update={"followup": row.followup, **due})

    async def timeline(self, query: TimelineQuery) -> Timeline | Refusal:
        """The facts as they stand in the stream: the audit record itself."""
        if not query.complaint_id.isalnum():
            return refuse(ErrorCode.UNKNOWN_COMPLAINT, field="complaint_id")
        events = await read_timeline(self._publisher.client, query.complaint_id)
        if not events:
            return refuse(ErrorCode.UNKNOWN_COMPLAINT, field="complaint_id")
        return Timeline(events=events)

    async def worklist(self, query: WorklistQuery) -> Worklist | Refusal:
        """A page of what is open."""
        pack = self._policy.pack
        if query.owner and query.owner not in {person.id for person in pack.staff}:
            return refuse(ErrorCode.UNKNOWN_ACTOR, field="owner")
        if query.team and query.team not in {team.id for team in pack.teams}:
            known = ", ".join(team.id for team in pack.teams)
            return refuse(ErrorCode.MALFORMED, detail=f"team: there are only {known}", field="team")
        try:
            return await self._store.worklist(query)
        except ValueError as error:
            return refuse(ErrorCode.MALFORMED, detail=str(error), field="cursor")

    async def policy(self, _: PolicyQuery) -> PolicyView:
        """The pack in force, as integrators need it."""
        pack = self._policy.pack
        return PolicyView(
            policy=self._policy.identity,
            obligations=[o.model_dump(mode="json") for o in pack.obligations],
            standards=[s.model_dump(mode="json") for s in pack.standards],
            remedies=[r.model_dump(mode="json") for r in pack.remedies],
            teams=[t.model_dump(mode="json") for t in pack.teams],
            staff=[StaffView(id=p.id, role=p.role, team=p.team) for p in pack.staff],
        )
