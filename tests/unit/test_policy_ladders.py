"""A ladder that cannot be climbed is refused when its pack is loaded."""

import pytest

from shared.policy.loader import load_policy
from tests.unit.bad_packs import TODAY, PackCopy

LADDER = "      - {to: lead}\n      - {after: {clock: elapsed, amount: 24h}, to: manager, repeat: true}\n"


LADDERS = [
    ("- {to: manager}\n      - {after: {clock: elapsed, amount: 24h}, to: lead}", 1, "to",
     "lead is below manager of the rung before; allowed are manager"),
    ("- {to: lead}\n      - {after: {clock: elapsed, amount: -24h}, to: manager}", 1, "after.amount",
     "'-24h' is not an amount of the clock elapsed"),
    ("- {to: lead}\n      - {to: manager}", 1, "", "needs `after`"),
    ("- {to: lead, repeat: true}", 0, "repeat", "needs `after`, the time in between"),
    ("- {after: {clock: elapsed, amount: 1h}, to: lead, repeat: true}\n"
     "      - {after: {clock: elapsed, amount: 24h}, to: manager}", 0, "repeat", "would never be reached"),
    ("- {to: lead}\n      - {name: a, before: {clock: elapsed, amount: 1h}, to: lead}", 1, "before",
     "goes back in time"),
    ("- {name: a, before: {clock: elapsed, amount: 1h}, to: owner}\n"
     "      - {name: b, before: {clock: elapsed, amount: 2h}, to: owner}", 1, "before.amount",
     "goes back in time: must be nearer to the due instant than 1h"),
    ("- {name: a, before: {clock: elapsed, amount: 24h}, to: owner}", 0, "before.amount",
     "lies before the start: must be shorter than the budget of 24h"),
    ("- {name: a, before: {clock: business_days, amount: 40d}, to: owner}", 0, "before.amount",
     "lies before the start: must be shorter than the budget of 24h"),
    ("- {name: a, before: {clock: business, amount: 20h}, to: owner}", 0, "before.amount",
     "lies before the start: must be shorter than the budget of 24h"),
    ("- {name: a, before: {clock: elapsed, amount: 1h}, after: {clock: elapsed, amount: 1h}, to: owner}", 0,
     "after", "has `before` or `after`, not both"),
    ("- {before: {clock: elapsed, amount: 1h}, to: owner}", 0, "", "needs a `name`"),
]  # fmt: skip


@pytest.mark.parametrize(("ladder", "rung", "field", "says"), LADDERS)
def test_a_ladder_that_goes_back_or_cannot_be_climbed_is_refused(
    pack: PackCopy, ladder: str, rung: int, field: str, says: str
) -> None:
    problem = pack.change("obligations.yaml", LADDER, f"      {ladder}\n").problem()
    assert problem.file == "obligations.yaml"
    assert problem.line == pack.line_of("obligations.yaml", ladder.split("\n")[0]) + rung
    assert problem.field == ".".join(filter(None, ("obligations.response_24h.ladder", str(rung), field)))
    assert says in problem.sentence


@pytest.mark.parametrize("before", ["clock: business_days, amount: 1d", "clock: business, amount: 2h"])
def test_a_reminder_on_another_clock_is_taken_where_it_comes_after_some_starts(
    pack: PackCopy, before: str
) -> None:
    rungs = f"      - {{name: a, before: {{{before}}}, to: owner}}\n      - {{to: lead}}\n"
    pack.change("obligations.yaml", LADDER, rungs)
    assert load_policy(str(pack.directory), TODAY).pack.obligations
