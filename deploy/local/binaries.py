"""Paths of the two servers of the embedded stack."""

import os
import shutil
import sys
from pathlib import Path

from deploy.local.failure import StackFailure

NATS, TEMPORAL = "nats-server", "temporal"
VARIABLES = {NATS: "AMENDS_NATS_BIN", TEMPORAL: "AMENDS_TEMPORAL_BIN"}


def find(program: str) -> str:
    """Path of `program`: from its variable, from the directory of this Python, or from the search path.

    Raises `StackFailure` with a sentence on what to do.
    """
    variable = VARIABLES[program]
    named = os.environ.get(variable)
    if named:
        program_there = shutil.which(named)
        if program_there is None:
            raise StackFailure(f"{variable} names {named}, which is no program that can be run.")
        return str(Path(program_there).absolute())
    beside = Path(sys.executable).with_name(program)
    found = str(beside) if os.access(beside, os.X_OK) else shutil.which(program)
    if found is None:
        raise StackFailure(
            f"The program {program} is missing: install Amends with its extra 'local', or set {variable}."
        )
    return found
