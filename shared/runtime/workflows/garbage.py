"""Garbage collection for a process that keeps its modules for good and throws away workflows in cycles."""

import gc

THRESHOLDS = 10_000, 4, 1
"""How many more objects, and rounds, than before until the young, the middle and the old are looked at.

A workflow that leaves the cache is one large cycle, a tenth of a megabyte, and is freed
only when the old are looked at: the last two numbers decide how many of those lie around. With few workflows
in the cache a look at the old is cheap.
"""


def spare_what_stays() -> None:
    """Leave what was loaded so far out of every later collection, and look at what is young more seldom.

    By default Python walks through all modules and models over and over. What has no cycles is freed at once
    all the same.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
