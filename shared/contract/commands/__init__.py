"""What people and systems may ask for: request to `complaints.v1.command.<verb>`, one reply.

`request` is what goes to and fro; `base` what every verb has; `registry` all verbs by name. The other modules
hold the verbs by what they are about, under the names of the facts that come of them in `events`.
"""

from shared.contract.commands.base import *
from shared.contract.commands.clocks import *
from shared.contract.commands.followup import *
from shared.contract.commands.intake import *
from shared.contract.commands.negotiation import *
from shared.contract.commands.outcome import *
from shared.contract.commands.ownership import *
from shared.contract.commands.registry import *
from shared.contract.commands.request import *
from shared.contract.commands.substance import *
from shared.contract.commands.tasks import *
