"""Cluster on one machine, as `docs/runbook.md` promises it: NATS nodes with mutual TLS, PostgreSQL, Temporal
and several of each service. `parts` starts it, `playing` kills parts, `counting` looks for losses.
"""
