"""Run routing, as `python -m services.routing`."""

import sys

from services.routing.service import NAME, run
from shared.runtime.running import main

if __name__ == "__main__":
    sys.exit(main(NAME, run))
