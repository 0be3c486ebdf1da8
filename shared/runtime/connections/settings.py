"""Variables with the addresses of NATS and Temporal: each field is the variable `AMENDS_<FIELD>`."""

from pathlib import Path
from typing import Annotated, Any, ClassVar, Self

from pydantic import AfterValidator, Field, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.named_file import Unreadable, check_named
from shared.runtime.connections.places import (
    NATS_TLS,
    SEED_FILE,
    TEMPORAL_TLS,
    NatsPlace,
    TemporalPlace,
    is_host_and_port,
    servers,
)
from shared.runtime.connections.tls import Tls
from shared.runtime.connections.wrong import PREFIX, Unfit, WrongSetting


def _named(path: Path) -> Path:
    """Validate that the path is a regular file that can be read."""
    try:
        return check_named(path)
    except Unreadable as error:
        raise Unfit(f"{path}: {error.why}", f"{path}：{error.why_zh}") from None


NamedFile = Annotated[Path, AfterValidator(_named)]
"""Path of an existing, readable file."""


def in_chinese(expected: str) -> dict[str, Any]:
    """Chinese half of a field's description."""
    return {"json_schema_extra": {"zh": expected}}


def _file(expected: str, zh: str) -> Any:
    return Field(None, description=f"path of {expected}", **in_chinese(f"{zh}的路径"))


class NatsSettings(BaseSettings):
    """Address of NATS, and the credentials. `may_be_nobody` where a server may accept unknown clients."""

    may_be_nobody: ClassVar[bool] = False

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, extra="ignore")

    nats_url: str = Field(
        description="NATS servers with commas, such as nats://127.0.0.1:4222",
        **in_chinese("以逗号分隔的 NATS 服务器，例如 nats://127.0.0.1:4222"),
    )
    nats_seed_file: NamedFile | None = _file(
        "the nkey seed file of our NATS user", "本方 NATS 用户的 nkey 种子文件"
    )
    nats_credentials_file: NamedFile | None = _file(
        "the credentials file of our NATS user", "本方 NATS 用户的凭据文件"
    )
    nats_tls_ca_file: NamedFile | None = _file("the CA file for TLS to NATS", "NATS 的 CA 证书文件")
    nats_tls_certificate_file: NamedFile | None = _file(
        "the file of our certificate for NATS", "用于 NATS 的客户端证书文件"
    )
    nats_tls_key_file: NamedFile | None = _file(
        "the file of our certificate's key for NATS", "用于 NATS 的客户端私钥文件"
    )
    nats_tls_server_name: str | None = Field(
        None, description="the name in the certificates of NATS", **in_chinese("NATS 证书中的名称")
    )

    @field_validator("nats_url")
    @classmethod
    def are_servers(cls, urls: str) -> str:
        servers(urls)
        return urls

    @model_validator(mode="after")
    def can_be_used_for_nats(self) -> Self:
        """Find wrong files now, before anything is started."""
        if not (self.nats_seed_file or self.nats_credentials_file or self.may_be_nobody):
            raise WrongSetting(
                SEED_FILE,
                "is not set: it expects the path of the nkey seed file of our NATS user",
                "未设置：应为本方 NATS 用户的 nkey 种子文件的路径",
            )
        self.nats.check()
        return self

    @property
    def nats(self) -> NatsPlace:
        """All of it as one value."""
        names = (self.nats_tls_ca_file, self.nats_tls_certificate_file, self.nats_tls_key_file)
        return NatsPlace(
            servers(self.nats_url),
            self.nats_seed_file,
            self.nats_credentials_file,
            _tls(NATS_TLS, *names, self.nats_tls_server_name),
        )


class TemporalSettings(BaseSettings):
    """Address of Temporal, with TLS as soon as one of its files or an API key is named."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, extra="ignore")

    temporal_address: str = Field(
        "127.0.0.1:7233",
        description="host:port of Temporal",
        **in_chinese("Temporal 的 主机:端口"),
    )
    temporal_namespace: str = Field(
        "default", description="a Temporal namespace", **in_chinese("Temporal 命名空间")
    )
    temporal_tls: bool = Field(
        False, description="true where Temporal speaks TLS", **in_chinese("Temporal 使用 TLS 时为 true")
    )
    temporal_tls_ca_file: NamedFile | None = _file(
        "the CA file for TLS to Temporal", "Temporal 的 CA 证书文件"
    )
    temporal_tls_certificate_file: NamedFile | None = _file(
        "the file of our certificate for Temporal", "用于 Temporal 的客户端证书文件"
    )
    temporal_tls_key_file: NamedFile | None = _file(
        "the file of our certificate's key for Temporal", "用于 Temporal 的客户端私钥文件"
    )
    temporal_tls_server_name: str | None = Field(
        None, description="the name in the certificate of Temporal", **in_chinese("Temporal 证书中的名称")
    )
    temporal_api_key: str | None = Field(
        None,
        description="API key, for Temporal Cloud",
        repr=False,
        **in_chinese("Temporal Cloud 的 API 密钥"),
    )
    temporal_api_key_file: NamedFile | None = _file("a file that holds the API key", "存放 API 密钥的文件")

    @field_validator("temporal_address")
    @classmethod
    def is_an_address(cls, address: str) -> str:
        if not is_host_and_port(address):
            raise Unfit(f"{address} is no host and port", f"{address} 不是主机与端口")
        return address

    @model_validator(mode="after")
    def can_be_used_for_temporal(self) -> Self:
        """Find wrong files now, before anything is started."""
        self.temporal.check()
        return self

    @property
    def temporal(self) -> TemporalPlace:
        """All of it as one value."""
        names = (self.temporal_tls_ca_file, self.temporal_tls_certificate_file, self.temporal_tls_key_file)
        wanted = self.temporal_tls or bool(self.temporal_api_key or self.temporal_api_key_file)
        tls = _tls(TEMPORAL_TLS, *names, self.temporal_tls_server_name)
        return TemporalPlace(
            self.temporal_address,
            self.temporal_namespace,
            tls or (Tls(TEMPORAL_TLS) if wanted else None),
            self.temporal_api_key,
            self.temporal_api_key_file,
        )


def _tls(
    variables: str, ca: Path | None, certificate: Path | None, key: Path | None, server_name: str | None
) -> Tls | None:
    named = ca or certificate or key or server_name
    return Tls(variables, ca, certificate, key, server_name) if named else None
