"""The Python client library of Amends: connect, submit, command, query, follow facts (docs/client.md).

The command line and the board use the same modules. `fast_forward` is for test stacks and imports Temporal.
"""

from shared.client.amends import AmendsClient, connect
from shared.client.facts import PublishedFact
from shared.client.failures import AmendsError, RequestRefused
from shared.client.submitting import Receipt

__all__ = ["AmendsClient", "AmendsError", "PublishedFact", "Receipt", "RequestRefused", "connect"]
