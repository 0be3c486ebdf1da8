"""TLS by files: the CA, and a client's certificate with its key. Wrong files are found before their use."""

import asyncio
import ssl
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from shared.named_file import Unreadable, check_named, read_named
from shared.runtime.connections.failing import not_trusted
from shared.runtime.connections.wrong import WrongSetting

ANSWER_SECONDS = 5.0

NOT_THIS_NAME = (62, 64)
"""Codes of OpenSSL for a trusted certificate that belongs to another name or address."""


@dataclass(frozen=True)
class Tls:
    """Files of one TLS connection. `variables` begins the names of their settings, such as `AMENDS_NATS_TLS`.

    `server_name` is the name in the server's certificate, where that is not the name in its address.
    """

    variables: str
    ca: Path | None = None
    certificate: Path | None = None
    key: Path | None = None
    server_name: str | None = None

    def context(self) -> ssl.SSLContext:
        """Context of a client. Raises `WrongSetting` for a file that cannot be read or used."""
        context = self._trusting()
        if self.certificate or self.key:
            self._present(context)
        return context

    def _trusting(self) -> ssl.SSLContext:
        variable = f"{self.variables}_CA_FILE"
        try:
            if self.ca:
                check_named(self.ca)
            return ssl.create_default_context(cafile=self.ca)
        except ssl.SSLError as error:
            raise WrongSetting(
                variable,
                f"names {self.ca}, which holds no certificates in PEM",
                f"指向的 {self.ca} 不含 PEM 证书",
            ) from error
        except Unreadable as error:
            raise unreadable(variable, error) from error

    def _present(self, context: ssl.SSLContext) -> None:
        certificate, key = f"{self.variables}_CERTIFICATE_FILE", f"{self.variables}_KEY_FILE"
        if self.certificate is None:
            raise WrongSetting(certificate, f"has to be set as well as {key}", f"须与 {key} 一同设置")
        if self.key is None:
            raise WrongSetting(key, f"has to be set as well as {certificate}", f"须与 {certificate} 一同设置")
        for variable, path in ((certificate, self.certificate), (key, self.key)):
            readable(variable, path)
        try:
            # Without a password OpenSSL would ask for one on the terminal, and wait.
            context.load_cert_chain(self.certificate, self.key, password="")
        except ssl.SSLError as error:
            if error.reason == "KEY_VALUES_MISMATCH":
                raise WrongSetting(
                    key,
                    f"names {self.key}, which is not the key of the certificate in {self.certificate}",
                    f"指向的 {self.key} 与证书 {self.certificate} 不匹配",
                ) from error
            raise self._no_pair(certificate, key) from error
        except (OSError, ValueError) as error:
            raise self._no_pair(certificate, key) from error

    def _no_pair(self, certificate: str, key: str) -> WrongSetting:
        """Error for the unreadable one of the two files, which OpenSSL does not name."""
        try:
            ssl.create_default_context().load_verify_locations(self.certificate)
        except (ssl.SSLError, OSError):
            return WrongSetting(
                certificate,
                f"names {self.certificate}, which holds no certificate in PEM",
                f"指向的 {self.certificate} 不含 PEM 证书",
            )
        return WrongSetting(
            key,
            f"names {self.key}, which holds no private key in PEM without a password",
            f"指向的 {self.key} 不含无密码的 PEM 私钥",
        )

    def refused(self, error: ssl.SSLError, server: str, variable_of_address: str) -> WrongSetting:
        """Error for a failed handshake with `server`."""
        if isinstance(error, ssl.SSLCertVerificationError):
            if error.verify_code in NOT_THIS_NAME:
                return WrongSetting(
                    variable_of_address,
                    f"names {server}, and the certificate there is for another name; "
                    f"correct it, or set {self.variables}_SERVER_NAME",
                    f"指向 {server}，但其证书属于其他名称；请更正，或设置 {self.variables}_SERVER_NAME",
                )
            why, why_zh = not_trusted(error)
            return WrongSetting(
                f"{self.variables}_CA_FILE",
                f"does not vouch for the certificate of {server} ({why})",
                f"不能验证 {server} 的证书（{why_zh}）",
            )
        reason = (error.reason or "").replace("_", " ").lower() or type(error).__name__
        if "alert" in reason or "certificate" in reason:
            word = (
                "is not accepted by" if self.certificate else "is not set, and a certificate is required by"
            )
            zh = "未被接受" if self.certificate else "未设置，而服务器要求客户端证书"
            return WrongSetting(
                f"{self.variables}_CERTIFICATE_FILE",
                f"{word} {server} ({reason})",
                f"{zh}：{server}",
            )
        return WrongSetting(
            variable_of_address,
            f"names {server}, which does not speak TLS there ({reason})",
            f"指向的 {server} 不使用 TLS",
        )


class Cut(ConnectionError):
    """Raised when the server ended the connection after the handshake, and its reason was lost."""


async def judged(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, greeting: bytes | None) -> None:
    """Return when the server has answered: under TLS 1.3 it judges a certificate after the handshake.

    What we write then may reach a closed connection, and its reset takes the server's alert with it: `Cut`.
    Without a greeting nothing is written, so that the alert is read (`ssl.SSLError`).
    """
    try:
        if greeting:
            writer.write(greeting)
        async with asyncio.timeout(ANSWER_SECONDS):
            if await reader.read(1):
                return
    except ssl.SSLError:
        raise
    except ConnectionError as error:
        raise Cut("closed after the handshake") from error
    raise Cut("closed after the handshake")


async def gone(writer: asyncio.StreamWriter) -> None:
    """End a connection at once. Its fault was reported already; asyncio would log it once more."""
    writer.transport.abort()
    with suppress(Exception):
        await asyncio.wait_for(writer.wait_closed(), 1.0)


def readable(variable: str, path: Path) -> bytes:
    """Content of a small file that a setting names. Raises `WrongSetting` if it cannot be read."""
    try:
        return read_named(path)
    except Unreadable as error:
        raise unreadable(variable, error) from error


def unreadable(variable: str, error: Unreadable) -> WrongSetting:
    """Error for a file that cannot be read."""
    where = error.filename
    return WrongSetting(
        variable,
        f"names {where}, which cannot be read: {error.why}",
        f"指向的 {where} 无法读取：{error.why_zh}",
    )
