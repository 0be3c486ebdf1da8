"""URLs of databases, as settings give them and as SQLAlchemy takes them."""

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError


def sync_url(url: str) -> str:
    """The same database through the drivers that we use (threads, not asyncio)."""
    return url.replace("sqlite+aiosqlite:", "sqlite:", 1).replace("postgresql:", "postgresql+psycopg:", 1)


def database_url(url: str) -> str:
    """A field validator: the URL of an SQLite or PostgreSQL database."""
    try:
        backend = make_url(sync_url(url)).get_backend_name()
    except ArgumentError:
        raise ValueError("it cannot be read as a URL") from None
    if backend not in ("sqlite", "postgresql"):
        raise ValueError("only SQLite and PostgreSQL are supported")
    return url
