"""The settings of the door, from the environment."""

from ipaddress import ip_network
from typing import Literal

from pydantic import Field, FilePath, field_validator

from shared.runtime.connections.settings import NatsSettings

LOOPBACK = "127.0.0.1"


class DoorSettings(NatsSettings):
    """Every field is the environment variable `AMENDS_<FIELD>`. No database, no key of intake's."""

    door_host: str = Field(LOOPBACK, description="the address to listen on; loopback unless set")
    door_port: int = Field(8081, ge=1, le=65535, description="a free TCP port")
    clients_file: FilePath = Field(description="path of the register of clients, see `amends client`")
    door_key_file: FilePath = Field(description="path of a file with 32 random bytes in base64")
    door_per_minute: int = Field(
        600,
        ge=1,
        description="how many requests a publisher may send in a minute, where its entry says nothing",
    )
    door_form: bool = Field(True, description="true or false: whether there is a web form")
    door_form_per_hour: int = Field(30, ge=1, description="how many forms one address may send in an hour")
    door_patience: float = Field(
        10, ge=1, description="seconds for a request to arrive, and as many for JetStream to acknowledge it"
    )
    door_trusted_proxies: str = Field(
        "", description="addresses or networks of proxies whose X-Forwarded-For is believed, with commas"
    )
    policy: str = Field(
        "default",
        description="the policy pack that intake runs under: what the form says, what is refused",
    )
    health_port: int | None = Field(
        None, ge=1, le=65535, description="a free TCP port for /livez, /readyz and /metrics"
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="a log level")

    @field_validator("door_trusted_proxies")
    @classmethod
    def are_networks(cls, addresses: str) -> str:
        for address in filter(None, addresses.split(",")):
            ip_network(address.strip())
        return addresses

    @property
    def only_here(self) -> bool:
        """Whether nobody but this machine can reach the door."""
        return self.door_host in (LOOPBACK, "localhost", "::1")
