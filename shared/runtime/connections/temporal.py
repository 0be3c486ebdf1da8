"""Connecting to Temporal: with or without TLS, a client certificate and an API key, as the place says."""

import asyncio
import ssl
from typing import Any

from temporalio.client import Client, TLSConfig
from temporalio.service import RPCError, RPCStatusCode

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
"""How a client of HTTP/2 begins, with settings that set nothing. The server answers with its own."""

NOT_ALLOWED = (RPCStatusCode.UNAUTHENTICATED, RPCStatusCode.PERMISSION_DENIED)


async def connect(place: TemporalPlace, **more: Any) -> Client:
    """A client. Raises `WrongSetting` or `Unreachable`, within seconds."""
    if place.tls:
        await _shake_hands(place, place.tls)
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
        raise _unreachable(place, error.message) from error
    except (RuntimeError, TimeoutError) as error:
        if place.tls is None and await _speaks_tls(place):
            raise WrongSetting(
                TEMPORAL_TLS,
                f"is not set, and Temporal at {place.address} speaks TLS: set it to true, or name a CA file",
                f"未设置，而 {place.address} 的 Temporal 使用 TLS：请设为 true 或指定 CA 文件",
            ) from error
        raise _unreachable(place, str(error)) from error


def _config(tls: Tls) -> TLSConfig:
    return TLSConfig(
        server_root_ca_cert=tls.ca.read_bytes() if tls.ca else None,
        domain=tls.server_name,
        client_cert=tls.certificate.read_bytes() if tls.certificate else None,
        client_private_key=tls.key.read_bytes() if tls.key else None,
    )


async def _shake_hands(place: TemporalPlace, tls: Tls) -> None:
    """The SDK tells a wrong certificate from an outage in a Debug text only; OpenSSL names the reason."""
    try:
        try:
            await _try(place, tls, PREFACE)
        except Cut:
            await _try(place, tls, None)
    except ssl.SSLError as error:
        raise tls.refused(error, place.address, TEMPORAL_ADDRESS) from error
    except (OSError, TimeoutError, OverflowError) as error:
        words = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise _unreachable(place, words) from error


async def _try(place: TemporalPlace, tls: Tls, greeting: bytes | None) -> None:
    host, _, port = place.address.rpartition(":")
    context = tls.context()
    context.set_alpn_protocols(["h2"])
    async with asyncio.timeout(2 * ANSWER_SECONDS):
        reader, writer = await asyncio.open_connection(
            host, int(port), ssl=context, server_hostname=tls.server_name or host
        )
        try:
            await judged(reader, writer, greeting)
        finally:
            await gone(writer)


async def _speaks_tls(place: TemporalPlace) -> bool:
    host, _, port = place.address.rpartition(":")
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            _, writer = await asyncio.open_connection(host, int(port), ssl=context)
            await gone(writer)
    except ssl.SSLError as error:
        return "ALERT" in (error.reason or "")
    except (OSError, TimeoutError, OverflowError):
        return False
    return True


def _unreachable(place: TemporalPlace, words: str) -> Unreachable:
    short = words.splitlines()[0][:200] if words else "no answer"
    return Unreachable(
        f"Temporal does not answer at {place.address} ({short})",
        f"Temporal 在 {place.address} 无应答（{short}）",
    )


def _not_allowed(place: TemporalPlace, error: RPCError) -> WrongSetting:
    variable = API_KEY_FILE if place.api_key_file else API_KEY
    words = error.message[:200] or error.status.name
    return WrongSetting(
        variable,
        f"does not let us in at {place.address} ({words})",
        f"未被 {place.address} 接受（{words}）",
    )
