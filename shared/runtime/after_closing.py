"""What is told after `closed`: the sender hears what to do instead, and a danger is an error in the log."""

from prometheus_client import Counter

from shared.contract.errors import ErrorCode, Refusal, refuse
from shared.runtime.log import logger

log = logger("after_closing")

DANGERS = Counter("amends_dangers_turned_away", "Messages that tell of a danger and that nobody could take")

AGAIN = (
    "nothing is added to it; submit this as a new complaint, under an id of its own, and quote {name} in it",
    "不再接收新内容；请使用新的编号将此内容作为新投诉提交，并注明 {name}",
)
DANGER = (
    "it tells of a danger: call the customer now, and submit it at once as a new complaint",
    "其中提到危险：请立即致电客户，并马上作为新投诉提交",
)


def closed(complaint_id: str, *, outcome: str | None = None, danger: bool = False) -> Refusal:
    """The refusal of what is told to a closed complaint; a danger in it is an error in the log."""
    how = f" ({outcome})" if outcome else ""
    how_zh = f"（{outcome}）" if outcome else ""
    english, chinese = (words.format(name=complaint_id) for words in AGAIN)
    if danger:
        turned_away(complaint_id)
        english, chinese = f"{DANGER[0]}; {english}", f"{DANGER[1]}；{chinese}"
    return refuse(
        ErrorCode.NOT_ALLOWED_NOW,
        detail=f"the complaint is closed{how}; {english}",
        detail_zh=f"投诉已关闭{how_zh}；{chinese}",
    )


def turned_away(complaint_id: str) -> None:
    """Say loudly that somebody told of a danger and nobody could take it."""
    DANGERS.inc()
    log.error("danger_turned_away", complaint_id=complaint_id)
