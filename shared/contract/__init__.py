"""The wire contract: nothing else in Amends may define a name that travels.

Read in this order: `subjects`, `envelope`, `submission`, `events` (the story of a complaint as a
list of facts), `commands`, `queries`, `errors`, `quarantine`.
"""
