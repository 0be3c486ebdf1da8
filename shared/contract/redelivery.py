"""Redelivery of a quarantined message to its service: request to `complaints.v1.redeliver.<service>`.

The request has the original bytes and the headers of the copy: the subject, the instant of arrival, and
the sender's own headers. Only an admin may ask. The service does the same work as when the message came.
"""

from pydantic import BaseModel


class Redelivered(BaseModel):
    """`ok`: its effect is durable, and the copy may go. Else the reason in one word, and in a sentence."""

    ok: bool
    reason: str | None = None
    detail: str | None = None
    detail_zh: str | None = None
    field: str | None = None
