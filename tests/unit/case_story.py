"""Story of a complaint for the invariants: its facts, and whom and what it is about."""

from dataclasses import dataclass
from datetime import datetime

from shared.contract.events import Fact
from shared.contract.recorded import RecordedFact
from shared.contract.values import Actor, Concerned
from shared.policy.models import Pack
from shared.policy.people import concerned_people, people
from shared.policy.roster import Staff


@dataclass(frozen=True)
class TriageInput:
    """Fact of the story: routing's own, or (seq 0) a fact that it received from follow-up."""

    fact: Fact
    at: datetime
    cycle: int
    seq: int
    actor: Actor
    stage: str = ""


@dataclass
class Story:
    """Facts of a complaint in the order in which they happened, and whom and what it is about."""

    pack: Pack
    about: Concerned
    opened_at: datetime
    told: list[TriageInput]
    now: datetime

    def tell(self, recorded: RecordedFact) -> None:
        self.told.append(
            TriageInput(
                recorded.fact(), recorded.at, recorded.cycle, recorded.seq, recorded.actor, recorded.stage
            )
        )

    def __post_init__(self) -> None:
        self.from_the_start = self.about
        self._people = people(self.pack)

    def concerned(self) -> set[str]:
        """Persons whom it is about by now."""
        return concerned_people(self._people, self.about)

    def person(self, staff_id: str) -> Staff:
        return next(person for person in self.pack.staff if person.id == staff_id)
