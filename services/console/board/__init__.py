"""Board of open complaints in a browser. It reads by queries and from the stream of facts; it can change
nothing.
"""
