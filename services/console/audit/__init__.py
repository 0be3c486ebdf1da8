"""Recompute, compare and rebuild what the services store.

`verifier` recomputes certificates and imports no other code of the project; `proofs` reads for it the
facts and the policies. `reconciler` compares facts, rows and workflows. `checks` are the parts of `amends
doctor`. `rebuilding` restores stores from each other, and `replaying` processes quarantined messages
again.
"""
