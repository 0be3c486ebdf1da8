"""Names by which Temporal knows routing's workflow, its activities, signals and queries. They are pinned."""

TASK_QUEUE = "routing"
WORKFLOW = "ComplaintWorkflow"

OPEN, FLUSH, PEOPLE, FAULTS = "open_case", "flush_case", "look_up_people", "report_faults"
"""Activities."""

FACT = "hear"
"""Signal with a `SignalledFact`."""

ROSTER = "people"
"""Signal with the id of a roster: people changed."""

CALL = "call"
"""Signal: a person may be free for a complaint in the queue."""

CASE_SUBJECT, MIGRATION, WHOLE, SETTLED = "matter", "migration", "whole", "settled"
"""Queries."""
