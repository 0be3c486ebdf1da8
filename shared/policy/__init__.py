"""Policy as data: the fields of a pack, the loader, and the part that a complaint is pinned to."""
