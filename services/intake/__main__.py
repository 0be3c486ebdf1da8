"""Run intake, as `python -m services.intake`."""

import sys

from services.intake.service import NAME, run
from shared.runtime.running import main

if __name__ == "__main__":
    sys.exit(main(NAME, run))
