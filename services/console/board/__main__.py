"""`python -m services.console.board`."""

import sys

from services.console.board.service import serve
from services.console.board.settings import BoardSettings
from shared.runtime.connections.wrong import WrongSetting
from shared.runtime.log import set_up
from shared.runtime.settings import load


def main() -> int:
    """Exit status 0 after being stopped, 1 when the port is taken, 2 for wrong settings."""
    settings = load(BoardSettings)
    set_up("board", "info")
    try:
        return serve(settings)
    except WrongSetting as error:
        print(error, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
