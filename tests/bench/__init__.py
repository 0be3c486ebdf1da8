"""`make bench`: what Amends does per second, beside the bare libraries in the same run. It never fails."""
