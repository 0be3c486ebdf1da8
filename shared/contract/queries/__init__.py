"""Queries: what people and systems may ask, on `complaints.v1.query.<name>`, with one reply. A query changes
nothing.

Each module holds the request of a query beside its result. This package lists the queries by their names
on the wire.
"""

from shared.contract.queries.base import *
from shared.contract.queries.certificates import *
from shared.contract.queries.complaint import *
from shared.contract.queries.elements import *
from shared.contract.queries.fairness import *
from shared.contract.queries.figures import *
from shared.contract.queries.grumbles import *
from shared.contract.queries.negotiation import *
from shared.contract.queries.policy import *
from shared.contract.queries.precedent import *
from shared.contract.queries.presence import *
from shared.contract.queries.reads import *
from shared.contract.queries.record import *
from shared.contract.queries.registry import *
from shared.contract.queries.rejected import *
from shared.contract.queries.verbs import *
from shared.contract.queries.wording import *
from shared.contract.queries.worklist import *
