"""Intake's settings."""

from pydantic import Field, field_validator

from shared.runtime.connections.settings import in_chinese
from shared.runtime.settings import ServiceSettings
from shared.runtime.storage.urls import database_url


class IntakeSettings(ServiceSettings):
    """Settings that all services share, and intake's own database."""

    intake_database_url: str = Field(
        description="a database URL, such as sqlite:////var/lib/amends/intake.db or postgresql://host/intake",
        repr=False,
        **in_chinese("数据库地址，例如 sqlite:////var/lib/amends/intake.db 或 postgresql://host/intake"),
    )

    _is_database_url = field_validator("intake_database_url")(database_url)
