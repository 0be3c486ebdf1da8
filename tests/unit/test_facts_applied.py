"""A fact that nobody applies is an error: the unions name every fact, and the type checker every branch."""

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any, get_args

from services.followup.progress import FollowUpFact
from services.routing.rules.facts import CaseFact
from shared.contract.events import FACTS, Closed, Reopened
from shared.contract.subjects import Service

ROOT = Path(__file__).parents[2]


def by(service: Service) -> set[Any]:
    return {fact for fact in FACTS.values() if service in fact.BY}


def test_the_union_of_routing_names_every_fact_that_it_publishes_or_is_told_by_followup() -> None:
    assert set(get_args(CaseFact)) == by(Service.ROUTING) | {Reopened, Closed}


def test_the_union_of_followup_names_every_fact_that_it_publishes() -> None:
    assert set(get_args(FollowUpFact)) == by(Service.FOLLOWUP)


FORGOTTEN = {
    "services/routing/rules/history.py": [
        "        case TaskMoved():\n",
        "        case Closed():\n",
        "        case Notice():\n",
        "    elif isinstance(fact, OfferFact):\n",
    ],
    "services/routing/rules/clock_history.py": ["        case DeadlineBreached():\n"],
    "services/followup/progress.py": ["        case CallbackOverdue():\n"],
}
"""Branches that are taken out of the modules; each alone is an error of types."""


def test_the_type_checker_fails_for_each_fact_that_is_not_applied(tmp_path: Path) -> None:
    shadows: list[str] = []
    for number, (module, branches) in enumerate(FORGOTTEN.items()):
        source = (ROOT / module).read_text(encoding="utf-8")
        for branch in branches:
            source = _without(branch, source)
        shadow = tmp_path / f"shadow{number}.py"
        shadow.write_text(source, encoding="utf-8")
        shadows += ["--shadow-file", module, str(shadow)]
    command = [sys.executable, "-m", "mypy", f"--cache-dir={tmp_path / 'cache'}", *shadows, *FORGOTTEN]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout
    errors = re.findall(r"^(\S+?):\d+: error: Argument .* has incompatible type", said, re.M)
    assert Counter(errors) == {module: len(branches) for module, branches in FORGOTTEN.items()}, said


def _without(branch: str, source: str) -> str:
    """The source without a branch and all that is indented below it."""
    deeper = len(branch) - len(branch.lstrip()) + 4
    lesser, removed = re.subn(re.escape(branch) + rf"(?: {{{deeper},}}[^\n]*\n)+", "", source, count=1)
    assert removed == 1, branch
    return lesser
