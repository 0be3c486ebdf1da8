"""Audits the whole archive: the invariants of every history, from the facts of the stream alone.

It shares nothing with the engine: none of its rules, models or tables; the standard library is all it
needs. `stream` reads a fact, `numbering` puts the facts of a complaint in order, the checks (`owners`,
`transfers`, `offers`, `endings`, `deadlines`, `second_person`) each remember what they need of a complaint as
plain JSON, `invariants` names what they look for, and `kept` holds the memory of each complaint in a file,
so that an audit of any size needs little memory and continues where it was stopped.
"""
