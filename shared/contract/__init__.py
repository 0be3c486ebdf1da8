"""Wire contract: every name that travels is defined here and nowhere else in Amends.

Read in this order:

- `subjects`, `envelope`, `ids`: addresses of messages, their envelope, and their identifiers
- `values`: small types in all messages, and the words for a faulty value
- `submission`: incoming complaints and how they are read; `quarantine`: where a submission goes that
  cannot be read
- `door`: the same over HTTP
- `events`: the story of a complaint as a list of facts; `completeness` is a part of some
- `commands`, `queries`: the requests of people and systems; `errors`: their refusals
- `generate`: all of this as `docs/contract`

Between the parts of Amends itself: `recorded` and `outgoing` (a fact before it is published), `orders` (a
command on its way into a workflow), `consumers`, `redelivery`, `erasure`.
"""
