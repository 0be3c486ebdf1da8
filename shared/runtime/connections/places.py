"""Addresses of NATS and Temporal with the credentials: plain values, from settings or from a ready file."""

import re
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from shared.runtime.connections.tls import Tls, readable
from shared.runtime.connections.wrong import PREFIX, WrongSetting

NATS_URL = f"{PREFIX}NATS_URL"
SEED_FILE, CREDENTIALS_FILE = f"{PREFIX}NATS_SEED_FILE", f"{PREFIX}NATS_CREDENTIALS_FILE"
NATS_TLS, TEMPORAL_TLS = f"{PREFIX}NATS_TLS", f"{PREFIX}TEMPORAL_TLS"
TEMPORAL_ADDRESS = f"{PREFIX}TEMPORAL_ADDRESS"
API_KEY, API_KEY_FILE = f"{PREFIX}TEMPORAL_API_KEY", f"{PREFIX}TEMPORAL_API_KEY_FILE"

SCHEMES = ("nats", "tls")
PORT = 4222
LABEL = re.compile(r"^(?!-)[A-Za-z0-9_-]{1,63}(?<!-)$")
LONGEST_HOST = 253


def is_host(host: str) -> bool:
    """Whether this can be the name or the address of a host; whether there is one, only the network knows."""
    if ":" in host:
        return _is_address(host)
    *_, last = labels = host.removesuffix(".").split(".")
    if last.isdigit():
        return _is_address(host)
    return len(host) <= LONGEST_HOST and all(LABEL.match(label) for label in labels)


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def servers(urls: str) -> tuple[str, ...]:
    """Servers of a list with commas or spaces. Raises `WrongSetting`."""
    found = tuple(dict.fromkeys(_server(url) for url in re.split(r"[,\s]+", urls.strip()) if url))
    if not found:
        raise WrongSetting(NATS_URL, "names no server", "未指定服务器")
    return found


def _server(url: str) -> str:
    """Server with scheme and port, as nats-py expects it."""
    try:
        parts = urlsplit(url if "://" in url else f"{SCHEMES[0]}://{url}")
        host, port = parts.hostname, PORT if parts.port is None else parts.port
    except ValueError:
        raise _no_server(url) from None
    if parts.username is not None or parts.password is not None:
        raise WrongSetting(
            NATS_URL,
            f"must not hold a user or password; name a file in {SEED_FILE} or {CREDENTIALS_FILE}",
            f"不得包含用户名或密码；请用 {SEED_FILE} 或 {CREDENTIALS_FILE} 指定文件",
        )
    if (
        parts.scheme not in SCHEMES
        or not host
        or not is_host(host)
        or not port
        or parts.path.strip("/")
        or parts.query
    ):
        raise _no_server(url)
    return f"{parts.scheme}://{f'[{host}]' if ':' in host else host}:{port}"


def _no_server(url: str) -> WrongSetting:
    shown = url.rpartition("@")[2]
    return WrongSetting(
        NATS_URL,
        f"is not valid ({shown} is no server): it expects servers with commas, such as nats://a:4222,tls://b:4222",
        f"无效（{shown} 不是服务器地址）：应为以逗号分隔的服务器，例如 nats://a:4222,tls://b:4222",
    )


@dataclass(frozen=True)
class NatsPlace:
    """Servers of one NATS cluster, and the credentials: a seed or a credentials file, or none."""

    servers: tuple[str, ...]
    seed_file: Path | None = None
    credentials_file: Path | None = None
    tls: Tls | None = None

    @property
    def secure(self) -> bool:
        """Whether nothing may be sent before TLS is on."""
        return self.tls is not None or any(server.startswith("tls:") for server in self.servers)

    @property
    def shown(self) -> str:
        """For people."""
        return ", ".join(self.servers)

    def tls_or_default(self) -> Tls:
        """TLS settings for a server that has TLS: without files, the certificates that this machine
        trusts.
        """
        return self.tls or Tls(NATS_TLS)

    def check(self) -> None:
        """Read every file. Raises `WrongSetting`."""
        if self.seed_file and self.credentials_file:
            raise WrongSetting(
                CREDENTIALS_FILE,
                f"and {SEED_FILE} are both set; keep one of them",
                f"与 {SEED_FILE} 只能设置其一",
            )
        if self.seed_file:
            check_seed(SEED_FILE, self.seed_file, readable(SEED_FILE, self.seed_file))
        if self.credentials_file:
            check_credentials(self.credentials_file)
        if self.tls:
            self.tls.context()


def check_seed(variable: str, path: Path, content: bytes) -> None:
    """Raise `WrongSetting` unless `content` is the seed of a NATS user."""
    import nkeys

    try:
        nkeys.from_seed(bytearray(content.strip()))
        if content.strip()[:2] != b"SU":
            raise ValueError("not a user")
    except (nkeys.NkeysError, ValueError, TypeError) as error:
        raise WrongSetting(
            variable,
            f"names {path}, which holds no nkey seed of a user",
            f"指向的 {path} 不含用户的 nkey 种子",
        ) from error


def check_credentials(path: Path) -> None:
    """Raise `WrongSetting` unless the file holds a token and a seed, as `nsc` writes them."""
    content = readable(CREDENTIALS_FILE, path)
    blocks = re.findall(rb"-----BEGIN [A-Z ]+-----\s*(\S+)\s*-+END [A-Z ]+-+", content)
    if len(blocks) < 2:
        raise WrongSetting(
            CREDENTIALS_FILE,
            f"names {path}, which holds no NATS credentials (a token and a seed)",
            f"指向的 {path} 不含 NATS 凭据（令牌与种子）",
        )
    check_seed(CREDENTIALS_FILE, path, blocks[1])


def is_host_and_port(address: str) -> bool:
    """Whether this is `host:port`; an IPv6 address is in brackets."""
    host, _, port = address.rpartition(":")
    if host.startswith("[") and host.endswith("]"):
        host = host[1:-1] if ":" in host else ""
    elif ":" in host:
        return False
    return is_host(host) and re.fullmatch(r"[0-9]{1,5}", port) is not None and 0 < int(port) < 65536


@dataclass(frozen=True)
class TemporalPlace:
    """Address of Temporal. TLS is on if `tls` is set; the API key is read at each connection."""

    address: str
    namespace: str = "default"
    tls: Tls | None = None
    api_key: str | None = None
    api_key_file: Path | None = None

    @property
    def host(self) -> str:
        return self.address.rpartition(":")[0].strip("[]")

    @property
    def port(self) -> int:
        return int(self.address.rpartition(":")[2])

    def check(self) -> None:
        """Read every file. Raises `WrongSetting`."""
        self.key()
        if self.tls:
            self.tls.context()

    def key(self) -> str | None:
        """API key, if there is one; a file is read again each time. Raises `WrongSetting`."""
        if self.api_key_file is None:
            return self.api_key
        if self.api_key:
            raise WrongSetting(
                API_KEY_FILE, f"and {API_KEY} are both set; keep one of them", f"与 {API_KEY} 只能设置其一"
            )
        key = readable(API_KEY_FILE, self.api_key_file).strip()
        if not key or not key.isascii() or len(key.split()) != 1:
            raise WrongSetting(
                API_KEY_FILE,
                f"names {self.api_key_file}, which holds no API key (one word)",
                f"指向的 {self.api_key_file} 不含 API 密钥（一个词）",
            )
        return key.decode()
