"""Commands: what people and systems may request from Amends, on `complaints.v1.command.<verb>`, with one
reply.

`request` defines the request and its replies, `base` the fields that every verb has, `registry` all verbs
by name. The other modules hold the verbs by subject. Each has the name of the module in `events` that
holds the facts that follow from its verbs.
"""

from shared.contract.commands.base import *
from shared.contract.commands.clocks import *
from shared.contract.commands.followup import *
from shared.contract.commands.handing_over import *
from shared.contract.commands.intake import *
from shared.contract.commands.negotiation import *
from shared.contract.commands.outcome import *
from shared.contract.commands.ownership import *
from shared.contract.commands.parties import *
from shared.contract.commands.presence import *
from shared.contract.commands.questions import *
from shared.contract.commands.registry import *
from shared.contract.commands.request import *
from shared.contract.commands.settling import *
from shared.contract.commands.substance import *
from shared.contract.commands.swaps import *
from shared.contract.commands.tasks import *
from shared.contract.commands.understanding import *
