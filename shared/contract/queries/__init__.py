"""What can be asked: request to `complaints.v1.query.<name>`, one reply. Nothing changes by asking.

Each module has what is asked beside what is answered; here they are by their names on the wire.
"""

from shared.contract.queries.base import *
from shared.contract.queries.certificates import *
from shared.contract.queries.complaint import *
from shared.contract.queries.figures import *
from shared.contract.queries.grumbles import *
from shared.contract.queries.policy import *
from shared.contract.queries.reads import *
from shared.contract.queries.record import *
from shared.contract.queries.registry import *
from shared.contract.queries.rejected import *
from shared.contract.queries.verbs import *
from shared.contract.queries.worklist import *
