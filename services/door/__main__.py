"""`python -m services.door`: settings in, door out."""

import asyncio
import sys

from services.door.service import NAME, serve
from services.door.settings import DoorSettings
from services.door.stamps import UnusableKey
from shared.policy.loader import PolicyError
from shared.runtime.clients.register import UnusableRegister
from shared.runtime.connections.nats import taken
from shared.runtime.connections.wrong import WrongSetting
from shared.runtime.log import set_up
from shared.runtime.settings import load


def main() -> int:
    """Exit status 0 after being stopped, 1 when the port is taken, 2 for wrong settings."""
    settings = load(DoorSettings)
    set_up(NAME, settings.log_level)
    try:
        asyncio.run(taken(settings.nats))
        return serve(settings)
    except WrongSetting as error:
        print(error, file=sys.stderr)
    except UnusableRegister as error:
        print(f"AMENDS_CLIENTS_FILE is not valid: {error}.", file=sys.stderr)
    except UnusableKey as error:
        print(f"AMENDS_DOOR_KEY_FILE is not valid: {error}.", file=sys.stderr)
    except PolicyError as error:
        print(f"AMENDS_POLICY is not valid: {error}.", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
