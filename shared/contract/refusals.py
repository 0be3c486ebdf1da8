"""Catalogue of the refusals that all services share, in English and Chinese.

Each service has a catalogue of its own beside it, with its own refusals.
"""

from shared.contract.errors import ErrorCode, RefusalText

BAD_CURSOR = RefusalText(
    ErrorCode.MALFORMED,
    "{field}: use the next_cursor of the page before, with the same filter",
    "{field}：请使用上一页的 next_cursor，并保持相同的筛选条件",
    "cursor",
)

COMMAND_ID_USED = RefusalText(
    ErrorCode.MALFORMED,
    "{field}: another command to this complaint has it (another verb, actor or data), and each needs one of "
    "its own",
    "{field}：该编号已用于此投诉的另一操作（操作、操作人或数据不同），每个操作须有自己的编号",
    "command_id",
)

PERSON_COMMAND_ID_USED = RefusalText(
    ErrorCode.MALFORMED,
    "{field}: another command about a person has it (another verb, actor or data), and each needs one of its "
    "own",
    "{field}：该编号已用于另一次针对人员的操作（操作、操作人或数据不同），每个操作须有自己的编号",
    "command_id",
)

CONCERNED = RefusalText(
    ErrorCode.CONFLICT_OF_INTEREST,
    "the complaint is about {actor} or a unit of theirs",
    "投诉涉及 {actor} 或其部门",
    "actor.id",
)

WRONG_FIELD = RefusalText(ErrorCode.MALFORMED, "{field}: {problem}", "{field}：{problem}")
