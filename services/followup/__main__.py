"""Run followup, as `python -m services.followup`."""

import sys

from services.followup.service import NAME, run
from shared.runtime.running import main

if __name__ == "__main__":
    sys.exit(main(NAME, run))
