"""Settings of the board, from the environment."""

from pydantic import Field

from shared.runtime.connections.settings import NatsSettings, in_chinese

LOOPBACK = "127.0.0.1"


class BoardSettings(NatsSettings):
    """Every field is the environment variable `AMENDS_<FIELD>`."""

    board_port: int = Field(
        8080, ge=1, le=65535, description="a free TCP port", **in_chinese("空闲的 TCP 端口")
    )
    board_host: str = Field(
        LOOPBACK,
        description="the address to listen on; loopback unless set",
        **in_chinese("监听地址；默认仅限本机"),
    )

    @property
    def only_here(self) -> bool:
        """Whether the board can be reached from this machine only."""
        return self.board_host in (LOOPBACK, "localhost", "::1")
