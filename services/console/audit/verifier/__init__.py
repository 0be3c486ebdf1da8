"""Recomputes deadline certificates from the facts of the stream and the content of the policy.

It shares nothing with the engine: neither its clocks nor its rules nor its models, only the pinned data.
The standard library is all it needs; simple and slow. `arithmetic` counts time, `pack` reads the pinned
data, `stream` the facts, `due_dates` goes through them, `comparing` finds where a certificate differs.
"""
