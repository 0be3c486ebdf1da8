"""`python -m services.followup`: settings in, service out."""

import gc
import sys


def main() -> int:
    """Exit status 0 after being stopped, 1 after a failure, 2 for wrong settings."""
    gc.disable()  # all that is loaded stays; `start` lets collection begin
    from services.followup.service import NAME, run
    from services.followup.settings import FollowUpSettings
    from shared.runtime.running import start
    from shared.runtime.settings import load

    settings = load(FollowUpSettings)
    return start(NAME, settings, run(settings))


if __name__ == "__main__":
    sys.exit(main())
