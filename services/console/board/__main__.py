"""`python -m services.console.board`."""

from services.console.board.service import serve
from services.console.board.settings import BoardSettings
from shared.runtime.log import set_up
from shared.runtime.settings import load


def main() -> None:
    """Settings in, board out."""
    settings = load(BoardSettings)  # type: ignore[type-var]
    set_up("board", "info")
    serve(settings)


if __name__ == "__main__":
    main()
