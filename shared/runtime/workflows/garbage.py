"""Garbage collection for a process that keeps its modules for good and throws away workflows in cycles."""

import gc

THRESHOLDS = 10_000, 4, 1
"""Thresholds of the three generations of garbage collection.

A workflow that leaves the cache is one large cycle, a tenth of a megabyte, and is freed only with the
oldest generation: the last two numbers decide how many of those wait. With few workflows in the cache a
collection of the oldest generation is cheap.
"""


def spare_what_stays() -> None:
    """Leave what was loaded so far out of every later collection, and look at what is young more seldom.

    By default Python walks through all modules and models over and over. What has no cycles is freed at once
    all the same.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
