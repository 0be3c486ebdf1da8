"""Messages of machines and of people, each set in two halves: one to tune with, one never looked at for that.

One message is a block of a file: its first line is the title (`-` for none), the rest the narrative.
"""

from pathlib import Path

Message = tuple[str | None, str]


def messages(kind: str, half: str) -> list[Message]:
    """`automatic` or `human` messages of the half that is `tuned_on` or `held_out`."""
    words = (Path(__file__).parent / f"{kind}_{half}.txt").read_text(encoding="utf-8")
    return [_message(block) for block in words.strip().split("\n\n")]


def _message(block: str) -> Message:
    title, _, narrative = block.partition("\n")
    return (None if title == "-" else title), narrative
