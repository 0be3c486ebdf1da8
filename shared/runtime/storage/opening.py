"""Opens a service's database and brings its tables up to date; an outage is waited for, and logged."""

import asyncio
import os
from pathlib import Path

from alembic.util import CommandError
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from shared.contract.subjects import Service
from shared.named_file import Unreadable, read_named
from shared.runtime.connections.wrong import PREFIX, WrongSetting
from shared.runtime.log import logger
from shared.runtime.reasons import reason
from shared.runtime.storage import migrations
from shared.runtime.storage.database import Database

log = logger("database")

AGAIN_SECONDS = 1.0

Words = tuple[str, str]

OF_POSTGRES: tuple[tuple[str, Words], ...] = (
    ("password authentication failed", ("password authentication failed", "密码验证失败")),
    ("no password supplied", ("no password is given, and one is needed", "未提供密码，而服务器要求密码")),
    (
        "no pg_hba.conf entry",
        ("the server lets this user in from elsewhere only", "服务器不接受该用户从此处登录"),
    ),
    ("permission denied", ("its user lacks permissions there", "该用户权限不足")),
    ("does not support SSL", ("it wants TLS, and the server has none", "要求 TLS，而服务器不支持")),
    ("certificate", ("the certificates do not fit", "证书不匹配")),
    ("invalid connection option", ("it has an option that the driver does not know", "含有驱动不认识的选项")),
    ("invalid value for", ("an option in it has a value that does not exist", "其中一个选项的值无效")),
)
"""Messages of PostgreSQL and its driver where only another setting helps. Other failures pass."""

MAGIC = b"SQLite format 3\0"
NOT_THERE = ("role", "database")


async def opened(service: Service, database: Database) -> None:
    """Return when the tables are there. Raises `WrongSetting` where waiting will not help."""
    while True:
        try:
            return await asyncio.to_thread(migrations.upgrade, service, database)
        except (DBAPIError, ArgumentError, TypeError, CommandError) as error:
            if words := why_never(error, database):
                why, why_zh = words
                raise WrongSetting(
                    f"{PREFIX}{service.upper()}_DATABASE_URL",
                    f"names a database that cannot be used: {why}",
                    f"所指数据库无法使用：{why_zh}",
                ) from error
            log.warning("database_unreachable", error=reason(error), server=_server(database))
            await asyncio.sleep(AGAIN_SECONDS)


def why_never(error: Exception, database: Database) -> Words | None:
    """Reason why this database will never open, or None for an outage. Never quotes a URL or a password."""
    if isinstance(error, CommandError):
        return "a newer release has changed its tables", "更新的版本已修改其表结构"
    if isinstance(error, ArgumentError | TypeError):
        return "it has an option that the driver does not know", "含有驱动不认识的选项"
    return _of_sqlite(database) if database.is_sqlite else _of_postgres(error)


def _of_postgres(error: Exception) -> Words | None:
    said = str(getattr(error, "orig", error))
    for part, words in OF_POSTGRES:
        if part in said:
            return words
    for what in NOT_THERE:
        if f'{what} "' in said and "does not exist" in said:
            return {
                "role": ("there is no such user", "没有该用户"),
                "database": ("there is no such database", "没有该数据库"),
            }[what]
    return None


def _of_sqlite(database: Database) -> Words | None:
    path = Path(str(make_url(database.url).database)).absolute()
    try:
        return _of_path(path)
    except Unreadable as error:
        return f"{path}: {error.why}", f"{path}：{error.why_zh}"
    except PermissionError:
        return f"there is no permission to look at {path}", f"没有访问 {path} 的权限"
    except OSError:
        return None


def _of_path(path: Path) -> Words | None:
    place = path.parent
    if not place.exists():
        return f"there is no directory {place}", f"没有目录 {place}"
    if not place.is_dir():
        return f"{place} is no directory", f"{place} 不是目录"
    if path.is_dir():
        return f"{path} is a directory", f"{path} 是目录"
    if not os.access(path if path.exists() else place, os.W_OK | os.R_OK):
        return f"there is no permission to write {path}", f"没有写入 {path} 的权限"
    if not os.access(place, os.W_OK | os.X_OK):
        return f"there is no permission to write in {place}", f"没有写入目录 {place} 的权限"
    if path.exists() and read_named(path, len(MAGIC), whole=False)[: len(MAGIC)] not in (b"", MAGIC):
        return f"{path} is no SQLite database", f"{path} 不是 SQLite 数据库"
    return None


def _server(database: Database) -> str | None:
    """Address of the server, without the user's name."""
    url = make_url(database.url)
    return f"{url.host}:{url.port or 5432}" if url.host else None
