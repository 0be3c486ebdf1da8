"""`python -m services.intake`: settings in, service out."""

import gc
import sys


def main() -> int:
    """Exit status 0 after being stopped, 1 after a failure, 2 for wrong settings."""
    gc.disable()  # all that is loaded stays; `start` lets collection begin
    from services.intake.service import NAME, run
    from services.intake.settings import IntakeSettings
    from shared.runtime.running import start
    from shared.runtime.settings import load

    settings = load(IntakeSettings)
    return start(NAME, settings, run(settings))


if __name__ == "__main__":
    sys.exit(main())
