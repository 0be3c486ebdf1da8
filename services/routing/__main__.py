"""Run routing: settings in, service out."""

import sys

from services.routing.service import NAME, run
from services.routing.settings import RoutingSettings
from shared.runtime.running import start
from shared.runtime.settings import load


def main() -> int:
    """Run routing; returns the exit status."""
    settings = load(RoutingSettings)
    return start(NAME, settings, run(settings))


if __name__ == "__main__":
    sys.exit(main())
