"""Settings of routing."""

from pydantic import Field, field_validator

from shared.runtime.connections.settings import in_chinese
from shared.runtime.settings import ServiceSettings
from shared.runtime.storage.urls import database_url


class RoutingSettings(ServiceSettings):
    """Settings shared by all services, and routing's own database."""

    routing_database_url: str = Field(
        description="a database URL, such as sqlite:////var/lib/amends/routing.db or postgresql://host/routing",
        repr=False,
        **in_chinese("数据库地址，例如 sqlite:////var/lib/amends/routing.db 或 postgresql://host/routing"),
    )

    _is_database_url = field_validator("routing_database_url")(database_url)
