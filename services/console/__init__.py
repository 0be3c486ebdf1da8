"""User interfaces: the `amends` command line and the board. Both only send and read messages."""
