"""What every service needs of Temporal: connection, workers, moved clocks, commands as Updates."""
