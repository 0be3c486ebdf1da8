"""Every command of `amends`; importing this package gives them to the application."""

from services.console.commands import (
    command,
    contract,
    doctor,
    fast_forward,
    migrate,
    policy,
    quarantine,
    query,
    show,
    submit,
    up,
    watch,
    worklist,
)

__all__ = [
    "command",
    "contract",
    "doctor",
    "fast_forward",
    "migrate",
    "policy",
    "quarantine",
    "query",
    "show",
    "submit",
    "up",
    "watch",
    "worklist",
]
