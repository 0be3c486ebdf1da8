"""Recipients of notifications about overdue calls: people of the roster in force, without those whom the
complaint concerns.
"""

from pydantic import BaseModel

from shared.contract.values import NOBODY, Concerned
from shared.policy.models import Pack
from shared.policy.people import concerned_people, people
from shared.policy.roster import SUPERVISORS, Role, Staff


class ResolvedComplaint(BaseModel):
    """Complaint, and its owner when it was resolved."""

    complaint_id: str
    owner: str | None = None


class Recipients(BaseModel):
    """Person in each role of the ladder now; `nobody` where no unconcerned person is left."""

    owner: str = NOBODY
    lead: str = NOBODY
    manager: str = NOBODY

    def at(self, role: str) -> str:
        """Person in this role."""
        return {"owner": self.owner, "manager": self.manager}.get(role, self.lead)


def recipients(pack: Pack, concerned: Concerned, owner: str | None) -> Recipients:
    """Recipients of the ladder. An owner who left or is concerned is replaced by the lead."""
    interested = concerned_people(people(pack), concerned)
    free = [
        one for one in pack.staff if one.role not in ("privacy", "department") and one.id not in interested
    ]
    own = next((one.team for one in pack.staff if one.id == owner), pack.teams[0].id)
    team = next((one for one in pack.teams if one.id == own), pack.teams[0])
    lead = _above(free, "lead", team.lead)
    manager = _above(free, "manager", team.manager, taken=lead)
    there = owner is not None and any(one.id == owner for one in free)
    return Recipients(owner=owner if owner and there else lead, lead=lead, manager=manager)


def _above(free: list[Staff], role: Role, own: str, taken: str = "") -> str:
    """Team's own supervisor, else another of that role, else another supervisor, else `nobody`."""
    supervisors = [one for one in free if one.role in SUPERVISORS]
    if not supervisors:
        return NOBODY
    return min(supervisors, key=lambda one: (one.id == taken, one.role != role, one.id != own)).id
