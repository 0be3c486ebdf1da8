"""Is every text readable, and is any key still wrapped by a former master key?"""

import asyncio

import nats.errors
from nats.aio.client import Client

from services.console.checks import Finding, odd, well, wrong
from shared.contract import subjects
from shared.contract.erasure import KeysAsked
from shared.contract.subjects import Service

ANSWER_WITHIN = 5.0


async def check_keys(client: Client) -> list[Finding]:
    """One finding per service that answers; one that is down has a finding of its own already."""
    answers = await asyncio.gather(*(keys_of(client, service) for service in Service))
    return [_finding(answer) for answer in answers if answer]


async def keys_of(client: Client, service: Service) -> KeysAsked | None:
    """How the keys of a service stand; None if it does not answer."""
    try:
        answer = await client.request(subjects.keys(service), b"", timeout=ANSWER_WITHIN)
    except (nats.errors.NoRespondersError, TimeoutError, nats.errors.Error):
        return None
    return KeysAsked.model_validate_json(answer.data)


def _finding(keys: KeysAsked) -> Finding:
    part = f"keys of {keys.service}"
    if keys.unreadable:
        seen = f"no master key there fits the texts of {keys.unreadable} complaints"
        return wrong(part, seen, "Put the missing key back into the master key file, as a further line.")
    if keys.former:
        seen = f"{keys.former} are still to be wrapped by master key {keys.master_key}"
        return odd(part, seen, "Wait, then run `amends doctor` again; leave the former keys in the file.")
    return well(part, f"all are wrapped by master key {keys.master_key}")
