"""Connections of the command line: where the stack is, and clients of its NATS and its Temporal."""
