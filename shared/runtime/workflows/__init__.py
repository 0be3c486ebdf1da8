"""What every service needs of Temporal: connection, sandbox, moved clocks, commands as Updates."""
