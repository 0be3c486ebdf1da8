"""The wire contract: nothing else in Amends may define a name that travels.

Read in this order:

- `subjects`, `envelope`, `ids`: where messages go, what they are wrapped in, how they are named
- `values`: the small things that all messages are made of, and what is said where one is wrong
- `submission`: what comes in, and how it is read; `quarantine`: where it goes if it cannot be
- `door`: the same over HTTP
- `events`: the story of a complaint as a list of facts; `completeness` is a part of some
- `commands`, `queries`: what can be ordered and what can be asked; `errors`: how that is refused
- `generate`: all of this as `docs/contract`

And between our own parts: `recorded` and `outgoing` (a fact on its way out), `orders` (a command on its way
into a workflow), `consumers`, `redelivery`, `erasure`.
"""
