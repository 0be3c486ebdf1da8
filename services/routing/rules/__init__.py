"""The rules of complaint handling: plain functions that take values and `now`, and return facts or a refusal."""
