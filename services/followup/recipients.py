"""Recipients of notifications about overdue calls: people of the roster in force, without those whom the
complaint concerns.
"""

from pydantic import BaseModel

from shared.contract.values import NOBODY, Concerned
from shared.policy.chains import OWNER, Chain, chain_of
from shared.policy.models import Pack
from shared.policy.people import concerned_people, people
from shared.policy.roster import HANDLING_NONE


class ResolvedComplaint(BaseModel):
    """Complaint, and its owner when it was resolved."""

    complaint_id: str
    owner: str | None = None


class Recipients(Chain):
    """Person in each role of the ladder now; `nobody` where no unconcerned person is left."""

    owner: str = NOBODY

    def at(self, role: str) -> str:
        """Person in this role."""
        return self.owner if role == OWNER else super().at(role)


def recipients(pack: Pack, concerned: Concerned, owner: str | None) -> Recipients:
    """Recipients of the ladder. An owner who left or is concerned is replaced by the lead."""
    interested = concerned_people(people(pack), concerned)
    free = [one for one in pack.staff if one.role not in HANDLING_NONE and one.id not in interested]
    own = next((one.team for one in pack.staff if one.id == owner), pack.teams[0].id)
    team = next((one for one in pack.teams if one.id == own), pack.teams[0])
    chain = chain_of(pack, team, free)
    there = owner is not None and any(one.id == owner for one in free)
    return Recipients(owner=owner if owner and there else chain.lead, **dict(chain))
