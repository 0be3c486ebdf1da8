"""Every command of `amends`; importing this package gives them to the application."""

from services.console.commands import (
    certificate,
    command,
    contract,
    doctor,
    fast_forward,
    migrate,
    policy,
    quarantine,
    query,
    reconcile,
    show,
    submit,
    up,
    verify,
    watch,
    worklist,
)

__all__ = [
    "certificate",
    "command",
    "contract",
    "doctor",
    "fast_forward",
    "migrate",
    "policy",
    "quarantine",
    "query",
    "reconcile",
    "show",
    "submit",
    "up",
    "verify",
    "watch",
    "worklist",
]
