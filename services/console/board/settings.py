"""The settings of the board, from the environment."""

from pathlib import Path

from pydantic import Field, FilePath
from pydantic_settings import BaseSettings, SettingsConfigDict

LOOPBACK = "127.0.0.1"


class BoardSettings(BaseSettings):
    """Every field is the environment variable `AMENDS_<FIELD>`."""

    model_config = SettingsConfigDict(env_prefix="AMENDS_", env_ignore_empty=True, extra="ignore")

    nats_url: str = Field(description="URL of a NATS server, such as nats://127.0.0.1:4222")
    nats_seed_file: FilePath = Field(description="path of the nkey seed file of the board's NATS user")
    nats_tls_ca_file: FilePath | None = Field(None, description="path of the CA file for TLS to NATS")
    board_port: int = Field(8080, ge=1, le=65535, description="a free TCP port")
    board_host: str = Field(LOOPBACK, description="the address to listen on; loopback unless set")

    @property
    def seed(self) -> Path:
        return Path(self.nats_seed_file)

    @property
    def only_here(self) -> bool:
        """Whether nobody but this machine can reach the board."""
        return self.board_host in (LOOPBACK, "localhost", "::1")
