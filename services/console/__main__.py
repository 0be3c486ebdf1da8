"""`amends`: the command line of Amends."""

import contextlib
import os
import sys

from services.console.cli.app import app


def main() -> None:
    """Run one command and leave with 0, 1 (refused or not found) or 2 (usage)."""
    status = _run()
    if "temporalio" in sys.modules:
        # The Temporal SDK's threads outlive the interpreter and can abort it: flush, and leave at once.
        with contextlib.suppress(OSError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(status)
    sys.exit(status)


def _run() -> int:
    try:
        app(prog_name="amends")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 1
    return 0


if __name__ == "__main__":
    main()
