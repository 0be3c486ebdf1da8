"""Grumbles: dissatisfaction short of a complaint, and how it becomes one (`sources.md` 9).

`rules` is pure. `admitting` decides at the door, `steps` later on, ordered by `commands` or by the workflow
of `services/intake/workflow.py`, which takes and gives what is in `waiting`; `timers` starts and ends those
workflows, and `temporal_side` runs all that needs Temporal.
"""
