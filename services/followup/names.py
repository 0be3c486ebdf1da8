"""Names by which Temporal knows followup's workflow, its activities, signals and query. They are pinned."""

TASK_QUEUE = "followup"
WORKFLOW = "FollowUpWorkflow"

FLUSH, PEOPLE = "flush", "look_up_recipients"
"""Activities: they take a `Flush` and a `ResolvedComplaint`."""

END = "end"
"""Signal: the complaint was merged into another."""

DANGER = "danger"
"""Signal: a danger was reported while the complaint was followed up."""

ERASED = "erased"
"""Signal: the texts of the complaint were destroyed."""

REPLIES = "replies"
"""Query: the replies of a follow-up so far."""
