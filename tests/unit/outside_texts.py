"""Every function that takes a text or bytes from outside, found by walking the modules that have them."""

import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson

from services.intake.registration import IntakeContext
from shared.contract.commands import Note
from shared.contract.subjects import Service
from shared.masking.masker import Masker
from shared.masking.scanning import Care, Spared
from shared.policy.loader import load_policy
from shared.policy.problems import PolicyError

WALKED = (
    "services.door",
    "services.intake.admitting",
    "services.intake.grumbles.rules",
    "services.intake.duplicates.text_similarity",
    "services.intake.duplicates.judging",
    "services.intake.duplicates.order_numbers",
    "services.intake.registration",
    "services.intake.robots",
    "services.intake.texts",
    "shared.contract.ids",
    "shared.contract.json_objects",
    "shared.contract.submission",
    "shared.contract.values",
    "shared.masking",
    "shared.policy.bounded",
    "shared.policy.marked",
    "shared.policy.patterns",
    "shared.runtime.messages.requests",
    "shared.runtime.texts.text_fields",
    "shared.wording.marking",
    "shared.wording.sentences",
)

OUTSIDE = (str, bytes, str | None)

OURS = {
    "behaviour_of", "task_workflow_id",
    "answer", "channel_of", "command_reader", "command_handler", "event_id", "explained", "fact_of",
    "followup_workflow_id",
    "headline", "language_for", "notice_of", "opening", "problem", "serve_inside",
    "query_reader", "query_handler", "person_reader", "decoded_as", "serve",
    "text_key", "text_ref", "unknown_query", "unknown_verb", "why_not_answer",
    "why_not_promote", "with_words", "answered",
    "without_strangers", "is_text_ref", "masked", "is_of_a_thing", "decimal_places", "within_limits",
    "may_answer", "note_answer",
}  # fmt: skip
"""Functions whose texts are ours, or of a bounded length for every caller."""

NOW = datetime(2026, 11, 21, 3, tzinfo=UTC)
KINDS = ("card", "identity", "phone")
DESK = IntakeContext.under(load_policy("default"))
SUBJECT = "complaints.v1.submit.web"

Reader = Callable[[str], object]


def submission(words: str) -> bytes:
    data = {"customer": {"ref": "c"}, "title": words[:200], "narrative": words, "order_ref": "A-1"}
    head = {"specversion": "1.0", "type": "complaints.submitted.v1", "source": "s.example", "id": "1"}
    return orjson.dumps(head | {"data": data})


def command(words: str) -> bytes:
    head = {"command_id": "c-1", "complaint_id": "C2345672345672ab", "actor": {"id": "agent-1"}}
    return orjson.dumps(head | {"data": {"text": words}})


def pack_file(words: str) -> object:
    with TemporaryDirectory() as directory:
        path = Path(directory) / "pack.yaml"
        path.write_text(words, encoding="utf-8")
        return _reader("shared.policy.marked", "read")(path, "pack.yaml")


def groups(words: str) -> list[tuple[int, int]]:
    return [found.span() for found in re.finditer("[0-9]+", words)]


def _reader(module: str, name: str) -> Callable[..., object]:
    found: Callable[..., object] = getattr(importlib.import_module(module), name)
    return found


def cases() -> dict[str, Reader]:
    """Functions with more than one parameter: how each is called with a text."""
    call = dict(every_function())

    def message(words: str) -> dict[str, Any]:
        return {"x": words}

    return {
        "find": lambda t: list(call["find"](t, Care(), Spared(t))),
        "find_spread": lambda t: list(call["find_spread"](t, Care(), Spared(t))),
        "among": lambda t: list(call["among"](t, groups(t), lambda *_: 0, Care(), Spared(t))),
        "free_before": lambda t: call["free_before"](t, groups(t), 1),
        "free_after": lambda t: call["free_after"](t, groups(t), 0),
        "ends": lambda t: call["ends"](t, groups(t), 0, 3),
        "in_a_code": lambda t: call["in_a_code"](t, len(t) // 2, len(t) // 2 + 1),
        "named_as_a_thing": lambda t: call["named_as_a_thing"](t, len(t) // 2, len(t) // 2 + 1),
        "whole_number": lambda t: call["whole_number"](t, KINDS),
        "number_in_uri": lambda t: call["number_in_uri"](f"https://x.example/{t}", KINDS),
        "code": lambda t: call["code"](t, frozenset()),
        "form_letters": lambda t: call["form_letters"](call["plain"](t), call["plain"](t + " b")),
        "text_similarity": lambda t: call["text_similarity"](call["plain"](t), call["plain"](t[::-1])),
        "specific": lambda t: call["specific"](call["plain"](t)),
        "only_asks": lambda t: call["only_asks"](call["plain"](t)),
        "beyond_asking": lambda t: call["beyond_asking"](call["plain"](t)),
        "terms": lambda t: call["terms"](call["plain"](t)),
        "unambiguous": lambda t: call["unambiguous"](message(t), orjson.dumps(message(t)), frozenset("x")),
        "read_submission": lambda t: call["read_submission"](SUBJECT, submission(t), NOW),
        "written_by_machine": lambda t: call["written_by_machine"](t, t),
        "register": lambda t: call["register"](SUBJECT, submission(t), NOW, DESK),
        "admitted": lambda t: call["admitted"](SUBJECT, submission(t), NOW, DESK),
        "complaint_id": lambda t: call["complaint_id"](t, t),
        "short_hash": lambda t: call["short_hash"](t),
        "normal_form": lambda t: call["normal_form"]("NFKC", t),
        "structured_event": lambda t: call["structured_event"]([(b"ce-x", t.encode())], t.encode()),
        "prepared": lambda t: call["prepared"](submission(t), None, NOW),
        "parsed": lambda t: call["parsed"](t.encode()),
        "decode_command": lambda t: call["decode_command"]("note", command(t)),
        "number_left": lambda t: call["number_left"](Service.ROUTING, "C", {"x": t}, Masker(KINDS)),
        "take_out": lambda t: call["take_out"](Service.ROUTING, "C", "c", Note.model_construct(text=t)),
        "read": pack_file,
        "compiled": lambda t: call["compiled"]("(a+)+$|1 *b|(.*)x").hits(t),
    }


METHODS: dict[str, Reader] = {
    "Masker.__call__": Masker(KINDS),
    "Finder.signals": lambda t: DESK.finder.signals([t]),
}
"""Callables that take a text and are no functions of a module."""


def every_function() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Every public function of these modules, by name."""
    for name in WALKED:
        found = importlib.import_module(name)
        inside = pkgutil.walk_packages(getattr(found, "__path__", []), f"{name}.")
        modules = [importlib.import_module(one.name) for one in inside if not one.name.endswith("__main__")]
        for module in (found, *modules):
            for called, one in vars(module).items():
                if inspect.isfunction(one) and one.__module__ == module.__name__ and called[0] != "_":
                    yield called, one


def readers() -> dict[str, Reader]:
    """Every function that takes something from outside, ready to be called with a text."""
    found: dict[str, Reader] = dict(METHODS)
    known = cases()
    for name, one in every_function():
        taken = list(inspect.signature(one, eval_str=True).parameters.values())
        if name in known:
            found[name] = known[name]
        elif name not in OURS and any(p.annotation in OUTSIDE for p in taken):
            if len(taken) > 1 or inspect.iscoroutinefunction(one):
                raise AssertionError(f"{name} takes a text: name it in `cases` or, if it is ours, in `OURS`")
            found[name] = _with_bytes(one) if taken[0].annotation is bytes else one
    return found


def _with_bytes(one: Callable[..., Any]) -> Reader:
    return lambda text: one(text.encode())


def refused(call: Reader, text: str) -> None:
    """Call it; that it refuses the text is as good as any other answer."""
    try:
        call(text)
    except (ValueError, PolicyError, LookupError, AssertionError):
        return
    except Exception as error:
        if type(error).__name__ not in ("Misfit", "NotUnderstood", "PydanticCustomError", "RefusedRequest"):
            raise
