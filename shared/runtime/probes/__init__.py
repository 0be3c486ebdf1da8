"""Tries what the service does: a write in its database, a message that is stored, a workflow that is kept."""
