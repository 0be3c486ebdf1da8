"""`python -m services.door`: settings in, door out."""

import asyncio
import sys

from services.door.service import NAME, serve
from services.door.settings import DoorSettings
from services.door.stamps import UnusableKey
from shared.policy.problems import PolicyError
from shared.runtime.clients.register import UnusableRegister
from shared.runtime.connections.nats import taken
from shared.runtime.connections.wrong import WrongSetting
from shared.runtime.log import set_up
from shared.runtime.settings import load
from shared.runtime.unusable import not_valid, unusable


def main() -> int:
    """Exit status 0 after being stopped, 1 when the port is taken, 2 for wrong settings."""
    settings = load(DoorSettings)
    set_up(NAME, settings.log_level)
    try:
        asyncio.run(taken(settings.nats, NAME))
        return serve(settings)
    except (WrongSetting, UnusableRegister, PolicyError) as error:
        print(unusable(error), file=sys.stderr)
    except UnusableKey as error:
        print(not_valid("DOOR_KEY_FILE", str(error), "文件须存放 32 个随机字节（base64）"), file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
