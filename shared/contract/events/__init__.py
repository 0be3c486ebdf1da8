"""Facts: the story of a complaint, as Amends publishes it; `registry` lists all facts in order.

A fact is past and is never taken back. Each fact goes to `complaints.v1.event.<name>.<complaint_id>` as a
CloudEvent. Its data are the fields of `FactHeader` and the fact's own fields. Facts carry codes, numbers
and references, never a name or a text.

To read the story from its beginning, take the modules in this order. Intake: `received`, `contacts`,
`grumbles`, `texts`. Routing: `triage`, `ownership`, `handing_over`, `parties`, `tasks`, `questions`;
`deadlines`, `clocks`; `substance`, `understanding`, `negotiation`, `settling`,
`outcome`. Follow-up: `followup`.
"""

from shared.contract.events.base import *
from shared.contract.events.clocks import *
from shared.contract.events.contacts import *
from shared.contract.events.deadlines import *
from shared.contract.events.followup import *
from shared.contract.events.grumbles import *
from shared.contract.events.handing_over import *
from shared.contract.events.negotiation import *
from shared.contract.events.outcome import *
from shared.contract.events.ownership import *
from shared.contract.events.parties import *
from shared.contract.events.questions import *
from shared.contract.events.received import *
from shared.contract.events.registry import *
from shared.contract.events.settling import *
from shared.contract.events.substance import *
from shared.contract.events.tasks import *
from shared.contract.events.texts import *
from shared.contract.events.triage import *
from shared.contract.events.understanding import *
