"""Fuzzing of what comes in from outside."""
