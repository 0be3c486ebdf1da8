"""Workflow of a department's task: its own clock and ladder, beside the clocks of the complaint.

The case works out the plan and records all facts; this workflow waits for the planned instants and signals
each to the case. So a silent department delays nothing but its own task, and a workflow that was lost is
started again with the plan of the present. It ends when the case reports that the task is over, or when no
case is there any more.

The case starts it through `PlanTask`, a child that ends at once: a pending child would stop the clock of
its parent wherever clocks are moved (`docs/decisions/0015-tasks-are-workflows.md`).
"""

from contextlib import suppress

from temporalio import workflow
from temporalio.exceptions import FailureError, WorkflowAlreadyStartedError

with workflow.unsafe.imports_passed_through():
    from services.routing.flushing import URGED, SignalledFact
    from services.routing.rules.urging import Plan, Urge
    from shared.contract.ids import complaint_workflow_id, task_workflow_id
    from shared.runtime.workflows.durable import Alarm

NAME, PLAN = "TaskWorkflow", "PlanTask"

ATTEMPTS = 3


@workflow.defn(name=PLAN)
class PlanTask:
    """Starts the workflow of a task, or signals the present plan to it."""

    @workflow.run
    async def run(self, plan: Plan) -> None:
        """Start the task, or signal to it. One that ends in between is started again: no plan is lost."""
        task = task_workflow_id(plan.complaint_id, plan.task_id)
        for _ in range(ATTEMPTS):
            try:
                await workflow.start_child_workflow(
                    NAME, plan, id=task, parent_close_policy=workflow.ParentClosePolicy.ABANDON
                )
            except WorkflowAlreadyStartedError:
                with suppress(FailureError):
                    await workflow.get_external_workflow_handle(task).signal("plan", plan)
                    return
            else:
                return


@workflow.defn(name=NAME)
class TaskWorkflow:
    """Runs until the task is over, for weeks if need be."""

    @workflow.init
    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._sent: set[str] = set()
        self._new_plan = False
        self._alarm = Alarm()

    @workflow.run
    async def run(self, plan: Plan) -> None:
        while not self._plan.over:
            urge = self._next()
            if urge and urge.at <= workflow.now():
                if not await self._signalled(urge):
                    return
                continue
            self._alarm.set(urge.at if urge else None)
            self._new_plan = False
            await workflow.wait_condition(lambda: self._alarm.rang or self._new_plan)

    @workflow.signal(name="plan")
    def plan(self, plan: Plan) -> None:
        """Take a newer plan. One that came late is older, and changes nothing."""
        if plan.version > self._plan.version:
            self._plan, self._new_plan = plan, True

    @workflow.query(name="settled")
    def settled(self) -> dict[str, object]:
        """Whether every urge that fell due was signalled."""
        urge, now = self._next(), workflow.now()
        return {
            "settled": urge is None or urge.at > now,
            "now": now.isoformat(),
            "next_due": urge.at.isoformat() if urge else None,
        }

    def _next(self) -> Urge | None:
        known = {*self._plan.known, *self._sent}
        return next((one for one in self._plan.urges if one.key not in known), None)

    async def _signalled(self, urge: Urge) -> bool:
        """Signal the urge to the case. False: there is no case any more."""
        task = task_workflow_id(self._plan.complaint_id, self._plan.task_id)
        heard = SignalledFact(
            event_id=f"{task}:{urge.key}",
            name=URGED,
            at=urge.at,
            data={"task_id": self._plan.task_id, "key": urge.key},
        )
        case = workflow.get_external_workflow_handle(complaint_workflow_id(self._plan.complaint_id))
        try:
            await case.signal("hear", heard)
        except FailureError:
            return False
        self._sent.add(urge.key)
        return True
