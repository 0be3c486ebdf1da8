"""Connects to Temporal: with or without TLS, a client certificate and an API key, as the settings demand."""

import asyncio
import ssl
from typing import Any

from temporalio.client import Client, TLSConfig
from temporalio.service import RPCError, RPCStatusCode

from shared.named_file import BUNDLE_BYTES, read_named
from shared.runtime.connections.answering import what_answers
from shared.runtime.connections.failing import TIMED_OUT, Words, why_not
from shared.runtime.connections.places import (
    API_KEY,
    API_KEY_FILE,
    TEMPORAL_ADDRESS,
    TEMPORAL_TLS,
    TemporalPlace,
)
from shared.runtime.connections.tls import ANSWER_SECONDS, Cut, Tls, gone, judged
from shared.runtime.connections.wrong import Unreachable, WrongSetting

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00"
"""First bytes of an HTTP/2 client, with settings that set nothing. The server answers with its own."""

SETTINGS_FRAME = b"\x04"
NOT_ALLOWED = (RPCStatusCode.UNAUTHENTICATED, RPCStatusCode.PERMISSION_DENIED)


async def connect(place: TemporalPlace, **more: Any) -> Client:
    """Connected client. Raises `WrongSetting` or `Unreachable`, within seconds."""
    if place.tls:
        await _shake_hands(place, place.tls)
    else:
        await _knock(place)
    try:
        async with asyncio.timeout(2 * ANSWER_SECONDS):
            return await Client.connect(
                place.address,
                namespace=place.namespace,
                api_key=place.key(),
                tls=_config(place.tls) if place.tls else False,
                **more,
            )
    except RPCError as error:
        if error.status in NOT_ALLOWED:
            raise _not_allowed(place, error) from error
        raise _unreachable(place, (f"it answers {error.status.name}", "其应答表示失败")) from error
    except (RuntimeError, TimeoutError) as error:
        if place.tls is None:
            await _judge(place)
        raise _unreachable(place, TIMED_OUT) from error


async def _knock(place: TemporalPlace) -> None:
    """Connect and leave: the SDK hides in its own words why that fails."""
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            _, writer = await asyncio.open_connection(place.host, place.port)
            await gone(writer)
    except (OSError, TimeoutError) as error:
        raise _unreachable(place, why_not(error)) from error


async def _judge(place: TemporalPlace) -> None:
    """Raise `WrongSetting` if something answers there that will never be Temporal."""
    answering = await what_answers(place.host, place.port)
    if answering == "tls" or await _speaks_tls(place):
        raise WrongSetting(
            TEMPORAL_TLS,
            f"is not set, and Temporal at {place.address} speaks TLS: set it to true, or name a CA file",
            f"未设置，而 {place.address} 的 Temporal 使用 TLS：请设为 true 或指定 CA 文件",
        )
    if answering != "nothing" and not await _speaks_http2(place):
        raise WrongSetting(
            TEMPORAL_ADDRESS,
            f"names {place.address}, where something other than Temporal answers",
            f"指向的 {place.address} 不是 Temporal 服务器",
        )


async def _speaks_http2(place: TemporalPlace) -> bool:
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            reader, writer = await asyncio.open_connection(place.host, place.port)
            try:
                writer.write(PREFACE)
                return (await reader.readexactly(9))[3:4] == SETTINGS_FRAME
            finally:
                await gone(writer)
    except (OSError, TimeoutError, EOFError):
        return False


def _config(tls: Tls) -> TLSConfig:
    return TLSConfig(
        server_root_ca_cert=read_named(tls.ca, BUNDLE_BYTES) if tls.ca else None,
        domain=tls.server_name,
        client_cert=read_named(tls.certificate) if tls.certificate else None,
        client_private_key=read_named(tls.key) if tls.key else None,
    )


async def _shake_hands(place: TemporalPlace, tls: Tls) -> None:
    """Shake hands by OpenSSL, which names the reason. The SDK distinguishes a wrong certificate from an
    outage in a Debug text only.
    """
    try:
        try:
            await _try(place, tls, PREFACE)
        except Cut:
            await _try(place, tls, None)
    except ssl.SSLError as error:
        raise tls.refused(error, place.address, TEMPORAL_ADDRESS) from error
    except (OSError, TimeoutError) as error:
        raise _unreachable(place, why_not(error)) from error


async def _try(place: TemporalPlace, tls: Tls, greeting: bytes | None) -> None:
    context = tls.context()
    context.set_alpn_protocols(["h2"])
    async with asyncio.timeout(2 * ANSWER_SECONDS):
        reader, writer = await asyncio.open_connection(
            place.host, place.port, ssl=context, server_hostname=tls.server_name or place.host
        )
        try:
            await judged(reader, writer, greeting)
        finally:
            await gone(writer)


async def _speaks_tls(place: TemporalPlace) -> bool:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            _, writer = await asyncio.open_connection(place.host, place.port, ssl=context)
            await gone(writer)
    except ssl.SSLError as error:
        return "ALERT" in (error.reason or "")
    except (OSError, TimeoutError):
        return False
    return True


def _unreachable(place: TemporalPlace, words: Words) -> Unreachable:
    return Unreachable(
        f"Temporal does not answer at {place.address} ({words[0]})",
        f"Temporal 在 {place.address} 无应答（{words[1]}）",
    )


def _not_allowed(place: TemporalPlace, error: RPCError) -> WrongSetting:
    variable = API_KEY_FILE if place.api_key_file else API_KEY
    words = error.status.name.lower().replace("_", " ")
    return WrongSetting(
        variable,
        f"does not let us in at {place.address} ({words})",
        f"未被 {place.address} 接受",
    )
