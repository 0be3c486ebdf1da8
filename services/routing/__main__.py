"""Run routing: settings in, service out."""

import gc
import sys


def main() -> int:
    """Run routing; returns the exit status."""
    gc.disable()  # all that is loaded stays; `start` lets collection begin
    from services.routing.service import NAME, run
    from services.routing.settings import RoutingSettings
    from shared.runtime.running import start
    from shared.runtime.settings import load

    settings = load(RoutingSettings)
    return start(NAME, settings, run(settings))


if __name__ == "__main__":
    sys.exit(main())
