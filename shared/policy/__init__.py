"""Policy is data: what a pack may say, how it is loaded, and the part that a complaint is pinned to."""
