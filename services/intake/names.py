"""Names by which Temporal knows intake's workflow, its activity, signal and query. They are pinned."""

TASK_QUEUE = "intake"
WORKFLOW = "GrumbleWorkflow"

PROMOTE = "promote_unanswered"
"""Activity that takes `UnansweredGrumble`."""

END = "end"
"""Signal, with a `Became`, that the grumble was answered, or is a complaint already."""

SETTLED = "settled"
"""Query whether everything that became true is stored."""
