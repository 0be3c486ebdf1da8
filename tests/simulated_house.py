"""Simulation of a house over many complaints, with the code that chooses owners: load, and marks.

Time goes in steps. In each step complaints arrive, and each agent completes one of theirs, the soonest due
first. A complaint that is not completed within its time is breached, as under the 24-hour rule.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random

from services.routing.assignment import assign
from shared.contract.events import Received
from shared.contract.values import Category
from shared.policy.house import Moment
from shared.policy.models import Pack
from shared.policy.roster import Staff
from tests.unit.case_packs import person, with_people
from tests.unit.cases import MONDAY, received

STEP = timedelta(minutes=30)
DUE_STEPS = 16
"""Steps within which a complaint must be completed."""


@dataclass
class Outcome:
    """Number of complaints that each agent was given, and the complaints that were breached."""

    given: Counter[str] = field(default_factory=Counter)
    breached: set[int] = field(default_factory=set)


def house(agents: int, capacity: int = 50) -> Pack:
    """Pack with this number of agents, of different skills, a lead and a manager."""
    staff = [_agent(number, capacity) for number in range(agents)]
    return with_people(*staff, person("lead", "lead"), person("manager", "manager"))


def _agent(number: int, capacity: int) -> Staff:
    skills = {"product": 1 + number % 5}
    return person(f"agent-{number:02}", "agent", capacity=capacity).model_copy(update={"skills": skills})


def jain(numbers: list[int]) -> float:
    """Index of fairness: 1 where all are equal, 1/n where one has all."""
    return sum(numbers) ** 2 / (len(numbers) * sum(one * one for one in numbers))


def simulate(
    pack: Pack, complaints: int, per_step: float, *, marked: frozenset[int] = frozenset()
) -> Outcome:
    """Complaints arrive one by one; those in the queue are served first, gravest (all equal) and oldest."""
    found, moment, random = Outcome(), Moment(MONDAY), Random(7)
    lists: dict[str, list[int]] = {one.id: [] for one in pack.staff if one.role == "agent"}
    born: list[int] = []
    queue: list[int] = []
    plain = {mark: received(vip=mark) for mark in (False, True)}
    step = 0
    while len(born) < complaints or queue or any(lists.values()):
        arriving = min(int(per_step + random.random()), complaints - len(born))
        queue += range(len(born), len(born) + arriving)
        born += [step] * arriving
        queue = _given(pack, queue, plain, marked, moment, lists, found)
        for who, own in lists.items():
            if own:
                done = min(own, key=lambda one: born[one])
                own.remove(done)
                moment.load[who] -= 1
                if step - born[done] >= DUE_STEPS:
                    found.breached.add(done)
        step += 1
    return found


def _given(
    pack: Pack,
    queue: list[int],
    plain: dict[bool, Received],
    marked: frozenset[int],
    moment: Moment,
    lists: dict[str, list[int]],
    found: Outcome,
) -> list[int]:
    """Choose for each in the queue, in order, until one has to wait; so have those after it."""
    for place, one in enumerate(queue):
        chosen = assign(pack, Category.PRODUCT, plain[one in marked], moment.load, at=moment)
        if chosen.waits:
            return queue[place:]
        moment.count(chosen.owner)
        lists[chosen.owner].append(one)
        found.given[chosen.owner] += 1
    return []


def every_fifth(complaints: int) -> frozenset[int]:
    """A fifth of the complaints, at random."""
    return frozenset(Random(11).sample(range(complaints), complaints // 5))
