"""What is said of a database whose file is not there any more."""

from shared.contract.subjects import Service


class StoreLost(OSError):
    """The file of the database is not the one that this process has open. Only a new start ends this."""


def how_to_mend(service: str | Service) -> str:
    """What people do about it."""
    return (
        f"Stop {service}, put its file back from a backup and start it; or start it without, "
        f"and run `amends rebuild rows --service {service}` at once (runbook: When a store is lost)."
    )
