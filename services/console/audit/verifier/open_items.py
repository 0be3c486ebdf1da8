"""Whether a complaint left with something open: each way out must find everything done, moved or let go."""

from services.console.audit.verifier.stream import Event

OUT = ("resolved", "withdrawn", "referred")
RESPONSE = "response"
OPENS = {"task_opened": "task_id", "offer_made": "offer_id"}
DONE = {"action_completed": "action_id", "task_done": "task_id", "offer_answered": "offer_id",
        "offer_withdrawn": "offer_id", "offer_expired": "offer_id"}  # fmt: skip


def dropped(events: list[Event]) -> list[str]:
    """Faults: items still open when the complaint left, cycle by cycle; a task outlives its cycle."""
    faults: list[str] = []
    waiting: set[str] = set()
    cycle = 0
    for event in (one for one in events if one.service == "routing"):
        if event.cycle > cycle:
            cycle = event.cycle
            waiting = {name for name in waiting if name.startswith("task-")} | {RESPONSE}
        waiting |= _opened(event)
        waiting -= _ended(event)
        if event.name in OUT and waiting:
            faults.append(f"{event.id} ({event.name}) drops what is open: {', '.join(sorted(waiting))}")
    return faults


def _opened(event: Event) -> set[str]:
    said = event.data
    if event.name == "carried_over":
        return set(said["was"])
    if event.name == "agreed":
        return {action["action_id"] for action in said["actions"]}
    return {said[OPENS[event.name]]} if event.name in OPENS else set()


def _ended(event: Event) -> set[str]:
    if event.name == "responded":
        return {RESPONSE}
    if event.name == "released":
        return set(event.data["items"])
    if event.name == "task_signed" and event.data["accepted"]:
        return {event.data["task_id"]}
    return {event.data[DONE[event.name]]} if event.name in DONE and not event.data.get("sign_by") else set()
