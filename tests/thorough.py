"""Thoroughness of a run: `make nightly` multiplies what `make test` tries."""

import os

THOROUGH = int(os.environ.get("AMENDS_THOROUGH", "1"))
"""1 in `make test`; 20 in `make nightly`."""
