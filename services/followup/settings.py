"""Followup's settings."""

from pydantic import Field, field_validator

from shared.runtime.connections.settings import in_chinese
from shared.runtime.settings import ServiceSettings
from shared.runtime.storage.urls import database_url


class FollowUpSettings(ServiceSettings):
    """Settings shared by all services, and followup's own database."""

    followup_database_url: str = Field(
        description="a database URL, such as sqlite:////var/lib/amends/followup.db "
        "or postgresql://host/followup",
        repr=False,
        **in_chinese("数据库地址，例如 sqlite:////var/lib/amends/followup.db 或 postgresql://host/followup"),
    )

    _is_database_url = field_validator("followup_database_url")(database_url)
