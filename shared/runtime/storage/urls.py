"""URLs of databases, as settings give them and as SQLAlchemy takes them."""

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from shared.runtime.connections.wrong import Unfit


def sync_url(url: str) -> str:
    """Same database through the drivers that we use (threads, not asyncio)."""
    return url.replace("sqlite+aiosqlite:", "sqlite:", 1).replace("postgresql:", "postgresql+psycopg:", 1)


DRIVERS = ("sqlite", "sqlite+pysqlite", "postgresql+psycopg")


def database_url(url: str) -> str:
    """Validate the URL of an SQLite or PostgreSQL database. The error never quotes it, since it may hold a
    password.
    """
    try:
        parsed = make_url(sync_url(url))
    except (ArgumentError, ValueError):
        raise Unfit("it cannot be read as a URL", "无法解析为地址") from None
    if parsed.drivername not in DRIVERS:
        raise Unfit("only SQLite and PostgreSQL are supported", "仅支持 SQLite 与 PostgreSQL")
    if parsed.get_backend_name() == "sqlite" and parsed.database in (None, "", ":memory:"):
        raise Unfit("it names no file", "未指定文件")
    return url
