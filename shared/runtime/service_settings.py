"""Settings of the services: one class for the three, each with a database of its own."""

from functools import cache
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, Field, create_model

from shared.contract.subjects import Service
from shared.runtime.connections.settings import NamedFile, NatsSettings, TemporalSettings, in_chinese
from shared.runtime.connections.wrong import Unfit
from shared.runtime.storage.urls import database_url


def _is_http(url: str) -> str:
    if not url.startswith(("http://", "https://")):
        raise Unfit(f"{url} is no http URL", f"{url} 不是 http 地址")
    return url


class ServiceSettings(NatsSettings, TemporalSettings):
    """Settings of a service. Every field is the environment variable `AMENDS_<FIELD>`."""

    service: ClassVar[Service]

    clients_file: NamedFile | None = Field(
        None,
        description="path of the register of clients, see `amends client`; without it no client may connect",
        **in_chinese("客户端登记文件的路径（见 amends client）；缺省时任何客户端都不能使用"),
    )
    policy: str = Field(
        "default",
        description="a built-in policy pack, or a directory; regimes after commas",
        **in_chinese("内置策略包或目录；监管规则以逗号附在其后"),
    )
    master_key_file: NamedFile = Field(
        description="path of a file with 32 random bytes in base64",
        **in_chinese("存放 32 个随机字节（base64）的文件的路径"),
    )
    time_skipping: bool = Field(
        False,
        description="true where the Temporal server may move clocks",
        **in_chinese("允许 Temporal 移动时钟时为 true"),
    )
    health_port: int | None = Field(
        None,
        ge=1,
        le=65535,
        description="a free TCP port for /livez and /readyz",
        **in_chinese("用于 /livez 与 /readyz 的空闲 TCP 端口"),
    )
    shutdown_seconds: float = Field(
        15.0,
        gt=0,
        le=600,
        description="seconds, at most 600, that a service may take to end when it is asked to",
        **in_chinese("服务收到停止信号后结束的秒数上限（不超过 600）"),
    )
    workflow_cache_mb: int = Field(
        250,
        ge=10,
        le=100_000,
        description="megabytes, 10 to 100000, in which a service keeps the workflows of complaints at hand",
        **in_chinese("服务用于缓存投诉工作流的内存，单位 MB（10 至 100000）"),
    )
    workflow_sandbox: bool = Field(
        False,
        description="true for tests that run workflow code in the sandbox of Temporal's SDK",
        **in_chinese("测试时在 Temporal SDK 沙箱中运行工作流代码则为 true"),
    )
    otlp_endpoint: Annotated[str, AfterValidator(_is_http)] | None = Field(
        None,
        description="the http URL of a collector of OpenTelemetry, such as http://127.0.0.1:4318",
        **in_chinese("OpenTelemetry 收集器的地址，例如 http://127.0.0.1:4318"),
    )
    link_address: str = Field(
        "",
        description="the http address of the door as complainants reach it, for one-time links in notices",
        **in_chinese("投诉人访问门户的网址，用于通知中的一次性链接"),
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="a log level", **in_chinese("日志级别")
    )

    @property
    def database_url(self) -> str:
        """URL of this service's own database."""
        url: str = getattr(self, f"{self.service}_database_url")
        return url


@cache
def settings_of(service: Service) -> type[ServiceSettings]:
    """Settings of one service: those of all, and `AMENDS_<SERVICE>_DATABASE_URL`, a database of its own."""
    path, host = f"sqlite:////var/lib/amends/{service}.db", f"postgresql://host/{service}"
    own = Field(
        description=f"a database URL, such as {path} or {host}",
        repr=False,
        **in_chinese(f"数据库地址，例如 {path} 或 {host}"),
    )
    url: Any = (Annotated[str, AfterValidator(database_url)], own)
    name, doc = f"{service.title()}Settings", ServiceSettings.__doc__
    fields = {f"{service}_database_url": url}
    made: type[ServiceSettings] = create_model(name, __base__=ServiceSettings, __doc__=doc, **fields)
    made.service = service
    return made
