"""People's windows: the `amends` command line and the board. Both only send and read messages."""
