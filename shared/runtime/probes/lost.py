"""Error and sentence for a database whose file is gone."""

from shared.contract.subjects import Service


class StoreLost(OSError):
    """Raised when the file of the database is not the file that this process has open. Only a restart ends
    this.
    """


def how_to_mend(service: str | Service) -> str:
    """Sentence on what the operator can do about it."""
    return (
        f"Stop {service}, put its file back from a backup and start it; or start it without, "
        f"and run `amends rebuild rows --service {service}` at once (runbook: When a store is lost)."
    )
