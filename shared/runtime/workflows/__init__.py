"""Temporal in every service: connection, workers, moved clocks, commands as Updates."""
