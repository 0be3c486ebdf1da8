"""Compare certificates with the recomputed clocks, field by field; check that each is as it was sealed."""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from services.console.audit.verifier.due_dates import DueDates
from services.console.audit.verifier.interests import interested
from services.console.audit.verifier.pack import PublishedPolicy, published
from services.console.audit.verifier.stream import gaps, read

Json = dict[str, Any]


@dataclass
class Verdict:
    """Verdict on one deadline: `faults` names what differs; it is empty if all is as it must be."""

    complaint_id: str
    obligation: str
    cycle: int
    outcome: str
    faults: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.faults


def digest_of(certificate: Json) -> str:
    """SHA-256 over the JSON of all but the digest: keys sorted, no spaces, UTF-8."""
    rest = {key: value for key, value in certificate.items() if key != "digest"}
    text = json.dumps(rest, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def verify(
    complaint_id: str,
    contents: dict[str, str],
    timeline: list[Json],
    given: list[Json],
    *,
    complete: bool = True,
    now: datetime | None = None,
    in_force: str | None = None,
) -> list[Verdict]:
    """Verdict for every certificate; if they are `complete`, also for each deadline that has none.

    `contents`: by hash, the text of every policy that `policies` names. `now`: what has run out by then
    must have been published; without it, what had run out by the last fact. `in_force`: the text of the
    policy whose people hold now.
    """
    events = read(timeline)
    packs = {name: published(text) for name, text in contents.items()}
    whole = Verdict(complaint_id, "(complaint)", 1, "", [*gaps(events), *_hashes(packs)])
    due_dates = DueDates(packs, events, now)
    whole.faults += due_dates.faults
    rosters = [pack.roster for pack in (*packs.values(), *([published(in_force)] if in_force else ()))]
    whole.faults += interested(events, rosters)
    recomputed = {clock.start.id: clock for clock in due_dates.clocks}
    verdicts = [whole] if whole.faults else []
    for certificate in given:
        verdict = _verdict(complaint_id, certificate)
        clock = recomputed.pop(str(certificate.get("start_fact")), None)
        if clock is None:
            verdict.faults.append("its start_fact starts no clock, or it is certified twice")
        else:
            verdict.faults += [
                *differences(certificate, clock.certificate(complaint_id)),
                *clock.faults,
            ]
        verdicts.append(verdict)
    for clock in recomputed.values() if complete else ():
        missing = [f"there is no certificate of it (started by {clock.start.id})"]
        verdicts.append(Verdict(complaint_id, clock.name, clock.cycle, clock.status, missing))
    return verdicts


def _verdict(complaint_id: str, certificate: Json) -> Verdict:
    shown = [str(certificate.get(key, "?")) for key in ("obligation", "outcome")]
    cycle = certificate.get("cycle")
    verdict = Verdict(complaint_id, shown[0], cycle if isinstance(cycle, int) else 0, shown[1])
    if certificate.get("digest") != digest_of(certificate):
        verdict.faults.append("its digest does not fit its content")
    return verdict


def differences(given: Json, recomputed: Json) -> list[str]:
    """Fields in which a certificate differs from what it must be; the digest is judged apart."""
    return [
        f"{key}: it has {_shown(given.get(key))}, and it must be {_shown(recomputed.get(key))}"
        for key in sorted((given.keys() | recomputed.keys()) - {"digest"})
        if given.get(key) != recomputed.get(key) or type(given.get(key)) is not type(recomputed.get(key))
    ]


def _shown(value: Any) -> str:
    return "nothing" if value is None else json.dumps(value, ensure_ascii=False)


def policies(timeline: list[Json]) -> set[str]:
    """Hashes of the policies under which routing's facts were published."""
    return {event.policy["hash"] for event in read(timeline) if event.service == "routing"}


def _hashes(packs: dict[str, PublishedPolicy]) -> list[str]:
    """Faults: texts of policies that do not have the hash under which they are stored."""
    wrong = [(name, pack.hash) for name, pack in packs.items() if pack.hash != name]
    return [f"the text of policy {name} has the hash {found}" for name, found in wrong]
