"""A client library for Amends."""
