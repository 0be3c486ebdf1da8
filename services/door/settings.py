"""Settings of the door, from the environment."""

from ipaddress import ip_network
from typing import Literal

from pydantic import Field, field_validator

from shared.runtime.connections.settings import NamedFile, NatsSettings, in_chinese
from shared.runtime.connections.wrong import Unfit

LOOPBACK = "127.0.0.1"


class DoorSettings(NatsSettings):
    """Every field is the environment variable `AMENDS_<FIELD>`. No database, no key of intake's."""

    door_host: str = Field(
        LOOPBACK,
        description="the address to listen on; loopback unless set",
        **in_chinese("监听地址；默认仅限本机"),
    )
    door_port: int = Field(
        8081, ge=1, le=65535, description="a free TCP port", **in_chinese("空闲的 TCP 端口")
    )
    clients_file: NamedFile = Field(
        description="path of the register of clients, see `amends client`",
        **in_chinese("客户端登记文件的路径（见 amends client）"),
    )
    door_key_file: NamedFile = Field(
        description="path of a file with 32 random bytes in base64",
        **in_chinese("存放 32 个随机字节（base64）的文件的路径"),
    )
    door_per_minute: int = Field(
        600,
        ge=1,
        description="how many requests a publisher may send in a minute, where its entry names no number",
        **in_chinese("登记中未注明时每个发布者每分钟的请求上限"),
    )
    door_form: bool = Field(
        True,
        description="true or false: whether there is a web form",
        **in_chinese("是否提供网页表单（true 或 false）"),
    )
    door_form_per_hour: int = Field(
        30,
        ge=1,
        description="how many forms one address may send in an hour",
        **in_chinese("每个地址每小时可提交的表单数"),
    )
    door_patience: float = Field(
        10,
        ge=1,
        description="seconds for a request to arrive, and as many for JetStream to acknowledge it",
        **in_chinese("等待请求到达及 JetStream 确认的秒数"),
    )
    door_trusted_proxies: str = Field(
        "",
        description="addresses or networks of proxies whose X-Forwarded-For is believed, with commas",
        **in_chinese("可信代理的地址或网段，以逗号分隔"),
    )
    policy: str = Field(
        "default",
        description="the policy pack that intake runs under: words of the form, reasons of refusals",
        **in_chinese("intake 所用的策略包"),
    )
    health_port: int | None = Field(
        None,
        ge=1,
        le=65535,
        description="a free TCP port for /livez, /readyz and /metrics",
        **in_chinese("用于 /livez、/readyz 与 /metrics 的空闲 TCP 端口"),
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="a log level", **in_chinese("日志级别")
    )

    @field_validator("door_trusted_proxies")
    @classmethod
    def are_networks(cls, addresses: str) -> str:
        for address in filter(None, addresses.split(",")):
            try:
                ip_network(address.strip())
            except ValueError:
                raise Unfit(f"{address} is no address or network", f"{address} 不是地址或网段") from None
        return addresses

    @property
    def only_here(self) -> bool:
        """Whether only this machine can reach the door."""
        return self.door_host in (LOOPBACK, "localhost", "::1")
