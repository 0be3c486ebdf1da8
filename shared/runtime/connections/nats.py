"""Connecting to NATS: whether a server takes us is found out first, with a limit and a reason."""

import asyncio
import errno
import json
import logging
import os
import ssl
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from nats.aio.client import Client
from nats.errors import Error

from shared.contract.subjects import inbox_prefix
from shared.runtime.connections.answering import what_answers
from shared.runtime.connections.failing import why_not
from shared.runtime.connections.places import CREDENTIALS_FILE, NATS_URL, SEED_FILE, NatsPlace
from shared.runtime.connections.tls import gone, judged
from shared.runtime.connections.wrong import NotLetIn, Unreachable, WrongSetting

NOISE = "returning true from eof_received() has no effect when using ssl"
"""Log message of asyncio when a server closes a connection of nats-py that has TLS. It has no meaning."""

logging.getLogger("asyncio").addFilter(lambda record: record.msg != NOISE)

ANSWER_SECONDS = 5.0


def options(place: NatsPlace) -> dict[str, Any]:
    """Options that `nats.connect` and FastStream's broker share; `identity` adds the credentials."""
    tls = place.tls_or_default()
    given: dict[str, Any] = {"servers": list(place.servers)}
    if place.secure:
        given["tls"] = tls.context()
        if tls.server_name:
            given["tls_hostname"] = tls.server_name
    return given


def identity(place: NatsPlace) -> dict[str, Any]:
    """Credentials for `nats.connect`."""
    if place.credentials_file:
        return {"user_credentials": str(place.credentials_file)}
    return {"nkeys_seed": str(place.seed_file)} if place.seed_file else {}


async def taken(place: NatsPlace, user: str) -> None:
    """Raise `WrongSetting` if a server answers and none will ever take us; one that is away may come."""
    with suppress(Unreachable):
        await reach(place, user)


async def reach(place: NatsPlace, user: str | None = None) -> None:
    """Return if one of the servers takes us, and as `user` where one is named.

    Raises `WrongSetting` or `Unreachable`, within seconds.
    """
    outcomes = await asyncio.gather(*(_try(place, server, user) for server in place.servers))
    if None in outcomes:
        return
    for outcome in outcomes:
        if isinstance(outcome, WrongSetting):
            raise outcome
    raise next(outcome for outcome in outcomes if outcome is not None)


async def _try(place: NatsPlace, server: str, user: str | None) -> WrongSetting | Unreachable | None:
    """Fault that prevents a connection to one server; None if it accepts us."""
    where = urlsplit(server).netloc
    try:
        async with asyncio.timeout(2 * ANSWER_SECONDS):
            secured = await _greet(place, server)
            try:
                await _log_in(place, server, user)
            except (OSError, TimeoutError, Error):
                # Under TLS 1.3 a certificate is judged after the handshake; what was written then may take
                # the reason with it. So listen once more, and write nothing.
                if secured:
                    await _greet(place, server, judge=True)
                raise
    except (WrongSetting, Unreachable) as error:
        return error
    except ssl.SSLError as error:
        return place.tls_or_default().refused(error, where, NATS_URL)
    except (OSError, TimeoutError, Error) as error:
        why, why_zh = why_not(error)
        return Unreachable(f"NATS does not answer at {where} ({why})", f"NATS 在 {where} 无应答（{why_zh}）")
    return None


async def _greet(place: NatsPlace, server: str, *, judge: bool = False) -> bool:
    """Read how the server introduces itself, and shake hands: nats-py gives no reason where that fails.

    Returns whether it has TLS.
    """
    parts = urlsplit(server)
    reader, writer = await asyncio.wait_for(
        asyncio.open_connection(parts.hostname, parts.port), ANSWER_SECONDS
    )
    try:
        if (await _introduced(reader, server)).get("tls_required"):
            tls = place.tls_or_default()
            await writer.start_tls(tls.context(), server_hostname=tls.server_name or parts.hostname)
            if judge:
                await judged(reader, writer, None)
            return True
        if place.secure:
            raise WrongSetting(
                NATS_URL,
                f"names {parts.netloc}, which does not offer TLS, and TLS is set",
                f"指向的 {parts.netloc} 不提供 TLS，而设置要求 TLS",
            )
        return False
    finally:
        await gone(writer)


async def _introduced(reader: asyncio.StreamReader, server: str) -> dict[str, Any]:
    """Greeting of a server. Raises `WrongSetting` if it is no NATS server."""
    parts = urlsplit(server)
    try:
        line = await asyncio.wait_for(reader.readline(), ANSWER_SECONDS)
        if not line:
            raise ConnectionResetError(errno.ECONNRESET, os.strerror(errno.ECONNRESET))
        said = json.loads(line.removeprefix(b"INFO ")) if line.startswith(b"INFO ") else None
    except TimeoutError:
        answering = await what_answers(str(parts.hostname), int(parts.port or 0))
        if answering == "nothing":
            raise
        raise _speaks_first(parts.netloc) if answering == "tls" else _no_nats(parts.netloc) from None
    except ValueError:  # no JSON, no text, or no end of a line
        said = None
    if not isinstance(said, dict):
        raise _no_nats(parts.netloc)
    return said


def _speaks_first(where: str) -> WrongSetting:
    return WrongSetting(
        NATS_URL,
        f"names {where}, which wants TLS before its first message: it is no NATS, "
        "or one with handshake_first, which has to be off",
        f"指向的 {where} 要求先建立 TLS：它不是 NATS，或启用了 handshake_first，须将其关闭",
    )


def _no_nats(where: str) -> WrongSetting:
    return WrongSetting(
        NATS_URL,
        f"names {where}, where something other than NATS answers",
        f"指向的 {where} 不是 NATS 服务器",
    )


async def _log_in(place: NatsPlace, server: str, user: str | None) -> None:
    client, denied = Client(), asyncio.Event()

    async def note(error: Exception) -> None:
        if "permissions violation" in str(error).lower():
            denied.set()

    try:
        await once(place, client, note, servers=[server])
        if not client.is_connected:  # nats-py treats a connection that is cut now as connected
            raise ConnectionResetError(errno.ECONNRESET, os.strerror(errno.ECONNRESET))
        if user:
            # Each user of ours has an inbox prefix that no other user, and no client, may listen to.
            await client.subscribe(f"{inbox_prefix(user)}.>")
            for _ in range(2):  # the first ping of nats-py may overtake what it still has to send
                await client.flush(int(ANSWER_SECONDS))
        if denied.is_set():
            raise _another_user(place, urlsplit(server).netloc, str(user))
    except Error as error:
        if "authorization violation" in str(error).lower():
            variable = CREDENTIALS_FILE if place.credentials_file else SEED_FILE
            where = urlsplit(server).netloc
            raise NotLetIn(
                variable,
                f"holds a key that NATS at {where} does not know",
                f"所指用户不为 {where} 的 NATS 所知",
            ) from error
        raise
    finally:
        await client.close()


def _another_user(place: NatsPlace, where: str, user: str) -> WrongSetting:
    return WrongSetting(
        CREDENTIALS_FILE if place.credentials_file else SEED_FILE,
        f"belongs to another user of NATS at {where}: name the file of the user {user}",
        f"所指文件属于 {where} 上的其他用户：请指定用户 {user} 的文件",
    )


OnError = Callable[[Exception], Awaitable[None]]


async def in_silence(_: Exception) -> None:
    """Ignore the error: the failure that counts is raised. nats-py would also log each attempt with a
    traceback.
    """


async def once(place: NatsPlace, client: Client, on_error: OnError = in_silence, **more: Any) -> None:
    """Connect, or raise at once: a connection that does not outlive its server."""
    given = options(place) | identity(place) | more
    await client.connect(
        **given,
        allow_reconnect=False,
        connect_timeout=int(ANSWER_SECONDS),
        # nats-py would try the first connection 60 times, two seconds apart.
        max_reconnect_attempts=1,
        reconnect_time_wait=0,
        error_cb=on_error,
    )
