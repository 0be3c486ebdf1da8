"""Faults in the rules of one workflow: each leaves a marker in its history.

By the marker a replay takes the same way, also by code in which the rule is repaired.
"""

from collections.abc import Callable

from temporalio import workflow

from services.routing.attempting import Fault, Result, caught

RECORDED = "Recorded"
"""Kind of a fault that a replay finds in the history, where its exception is not."""


class Faults:
    """Runs steps, and holds the faults in them that are not reported yet."""

    def __init__(self) -> None:
        self.new: list[Fault] = []

    def attempt(self, step: str, work: Callable[[], Result]) -> Result | Fault:
        """Run a step. The marker names it with the instant, since a step may be tried again."""
        name = f"fault/{step}/{workflow.now().timestamp():.6f}"
        found: Result | Fault
        if workflow.unsafe.is_replaying() and workflow.patched(name):
            found = Fault(step, RECORDED)
        else:
            found = caught(step, work)
            if not isinstance(found, Fault):
                return found
            workflow.patched(name)
        self.new.append(found)
        return found
