"""What the auditor finds in the published facts of a case that was played."""

import json
from typing import Any

from services.console.audit.auditor.auditing import Auditor
from services.console.audit.auditor.kept import KeptAudit
from tests.unit.cases import Playing
from tests.unit.certified import timeline

Json = dict[str, Any]
LIMITS: dict[str, int | None] = {}


def found_in(facts: list[Json], limits: dict[str, int | None] | None = None) -> list[tuple[str, str]]:
    """Findings in these facts: the invariant and the name of the fact (its id where it is missing)."""
    kept = KeptAudit(None)
    auditor = Auditor(kept, limits if limits is not None else LIMITS)
    names = {one["id"]: str(one["type"]).split(".")[-2] for one in facts}
    found = [one for fact in facts for one in auditor.take(json.dumps(fact).encode())]
    kept.save()
    found += auditor.at_the_end()
    kept.close()
    return [(code, names.get(about, about)) for _, about, code in found]


def audited(case: Playing) -> list[tuple[str, str]]:
    """Findings in the facts of a case, under the limit of transfers that it was opened under."""
    pinned = case.opening.pinned
    return found_in(timeline(case), {pinned.identity.hash: pinned.limits.transfers_per_stage})
