"""Alembic migrations of one service, run when it starts, or by
`python -m shared.runtime.storage.migrations`."""

import sys
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine

from shared.runtime.storage.database import Database

ENVIRONMENT = Path(__file__).parent / "alembic"


def configuration(service: str, engine: Engine) -> Config:
    """Alembic configuration of `services/<service>/migrations`, bound to `engine`."""
    config = Config()
    config.set_main_option("script_location", str(ENVIRONMENT))
    versions = Path(__file__).parents[3] / "services" / service / "migrations"
    config.set_main_option("version_locations", str(versions))
    config.set_main_option("path_separator", "newline")
    config.attributes["engine"] = engine
    return config


def upgrade(service: str, database: Database) -> None:
    """Bring the service's tables to the newest version. Safe to run by several processes at once."""
    command.upgrade(configuration(service, database.engine), "head")


def current(database: Database) -> str | None:
    """Version of the database, or None for an empty database."""
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


if __name__ == "__main__":
    upgrade(sys.argv[1], Database(sys.argv[2]))
