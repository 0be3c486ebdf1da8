"""Header of W3C Trace Context, the only one of a trace that is read and passed on."""

import re

TRACEPARENT = "traceparent"
WELL_FORMED = re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")


def trace_of(traceparent: str) -> dict[str, str]:
    """Headers that pass a trace on unchanged; empty unless the text is a trace's id and nothing else."""
    return {TRACEPARENT: traceparent} if WELL_FORMED.fullmatch(traceparent) else {}
