"""Command line `amends`: its options, its commands, and its output."""
