"""Read the pinned data: the text of a policy, its hash, and its terms for each clock."""

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from services.console.audit.verifier.arithmetic import Budget, Days
from services.console.audit.verifier.interests import Roster

HASH_LENGTH = 16

HOUSE: dict[str, tuple[str, ...]] = {
    "action-": ("action_completed",),
    "apology-": ("apology_given",),
    "approval-": ("approval_given",),
    "feedback-": ("feedback_acknowledged",),
    "inform-": ("stakeholder_informed",),
    "mediation-": ("mediation_finished",),
    "promise-": ("responded", "offer_made", "final_decision", "resolved"),
    "signature-": ("task_signed",),
    "task-": ("task_done",),
    "transfer-": ("assigned",),
}
"""Smaller clocks of the organisation by the beginning of their names, and the facts that meet them."""


def hash_of(text: str) -> str:
    """Hash that the policy must have."""
    return hashlib.sha256(text.encode()).hexdigest()[:HASH_LENGTH]


@dataclass(frozen=True)
class Rule:
    """Terms of one clock. `kind` is the id of the pack's obligation, or how a smaller name begins."""

    kind: str
    regime: str
    version: str | None
    starts: str
    met_by: tuple[str, ...]
    restarted_by: tuple[str, ...]
    silent: tuple[str, ...]
    days: Days
    budgets: dict[int, Budget]
    budget: Budget | None
    warn_at: tuple[int, ...]
    reminders: tuple[dict[str, Any], ...]
    pausable: bool
    through: bool = False
    """Whether it counts from the first receipt, through all cycles."""
    window: bool = False
    """Whether it is a window that no person has to keep: it ends, and is never breached."""
    own_waits: Budget | None = None

    def set_anew_by(self, name: str, template: str | None) -> bool:
        """Whether a fact sets the clock anew; silent notices do not."""
        return name in self.restarted_by and (name != "notice" or template not in self.silent)

    def budget_at(self, severity: int) -> Budget | None:
        """Budget of a complaint of this severity."""
        return self.budgets.get(severity, self.budget)


@lru_cache(maxsize=64)
def published(text: str) -> "PublishedPolicy":
    """Read a policy. Complaints under the same text share it, with the dates that it has worked out."""
    return PublishedPolicy(text)


class PublishedPolicy:
    """Policy, read from the text that was hashed."""

    def __init__(self, text: str) -> None:
        content = json.loads(text)
        self.hash = hash_of(text)
        self.roster = Roster.of(content["pack"])
        self._limits: dict[str, Any] = content["pack"]["limits"]
        self._days = {name: Days(data) for name, data in content["calendars"].items()}
        self.rules = {one["id"]: self._rule(one) for one in content["pack"]["obligations"]}

    def rule(self, name: str) -> Rule | None:
        """Terms of the clock of this name; None where nothing is known of such a clock."""
        kind = next((kind for kind in HOUSE if name.startswith(kind)), None)
        return self.rules.get(name) or (self._smaller(kind) if kind else None)

    def _rule(self, one: dict[str, Any]) -> Rule:
        return Rule(
            kind=one["id"],
            regime=one["regime"],
            version=one["version"],
            starts=one["starts"],
            met_by=tuple(one["met_by"]),
            restarted_by=tuple(one.get("restarted_by", ())),
            silent=tuple(one.get("silent_notices", ())),
            days=self._days[one.get("calendar") or ""],
            budgets={int(severity): budget for severity, budget in one["by_severity"].items()},
            budget=one["budget"],
            warn_at=tuple(one["warn_at"]),
            reminders=tuple(step for step in one["ladder"] if step.get("before")),
            pausable=one["pausable"],
            through=one.get("counts_from") == "first_receipt",
            window=one.get("duty") is False,
            own_waits=one.get("waits_at_most"),
        )

    def allowance(self, name: str) -> dict[str, Budget]:
        """Time that may be given: `waiting` for a complaint, `extensions` for a deadline."""
        return self._limits.get(name) or {}

    @property
    def days(self) -> Days:
        """Calendar of the organisation."""
        return self._days[""]

    def _smaller(self, kind: str) -> Rule:
        limit = {"approval-": "approval", "transfer-": "transfer"}.get(kind, "")
        own: dict[str, Any] = self._limits.get("promise") or {} if kind == "promise-" else {}
        return Rule(
            kind=kind,
            regime="promise" if kind == "promise-" else "house",
            version=None,
            starts="",
            met_by=HOUSE[kind],
            restarted_by=(),
            silent=(),
            days=self._days[""],
            budgets={},
            budget=self._limits.get(limit),
            warn_at=tuple(own.get("warn_at", ())),
            reminders=tuple(step for step in own.get("ladder", ()) if step.get("before")),
            pausable=False,
        )
