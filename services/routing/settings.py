"""The settings of routing."""

from pydantic import Field, field_validator

from shared.runtime.settings import ServiceSettings
from shared.runtime.storage.urls import database_url


class RoutingSettings(ServiceSettings):
    """What all services share, and routing's own database."""

    routing_database_url: str = Field(
        description="a database URL, such as sqlite:////var/lib/amends/routing.db or postgresql://host/routing",
        repr=False,
    )

    _is_database_url = field_validator("routing_database_url")(database_url)
