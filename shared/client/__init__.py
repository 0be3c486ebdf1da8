"""Python client library of Amends: connect, submit, command, query, follow facts (docs/client.md).

The command line and the board use the same modules. `fast_forward` is for test stacks and imports
Temporal. A public name is imported at its first use: a program that needs one module does not wait for the
others.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from shared.client.amends import AmendsClient, connect
    from shared.client.facts import PublishedFact
    from shared.client.failures import AmendsError, RequestRefused
    from shared.client.submitting import Receipt
else:
    MODULES = {
        "AmendsClient": "amends",
        "AmendsError": "failures",
        "PublishedFact": "facts",
        "Receipt": "submitting",
        "RequestRefused": "failures",
        "connect": "amends",
    }

    def __getattr__(name: str) -> Any:
        """Import the module that defines a public name."""
        if name not in MODULES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(f"{__name__}.{MODULES[name]}"), name)


__all__ = ["AmendsClient", "AmendsError", "PublishedFact", "Receipt", "RequestRefused", "connect"]
