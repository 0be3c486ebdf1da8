"""Check whether every text is readable, and whether any key is still wrapped by a former master key."""

import asyncio

from nats.aio.client import Client

from services.console.audit.checks import CheckResult, odd, well, wrong
from services.console.audit.checks.asking import every_process
from shared.contract import subjects
from shared.contract.erasure import KeysAsked
from shared.contract.subjects import Service


async def check_keys(client: Client) -> list[CheckResult]:
    """Finding for each process that answers; a service that is down has a finding of its own already."""
    answers = await asyncio.gather(*(keys_of(client, service) for service in Service))
    return [finding for found in answers for finding in _findings(found)]


async def keys_of(client: Client, service: Service) -> list[KeysAsked]:
    """State of the keys in each process of a service; nothing if no process answers."""
    return await every_process(client, subjects.keys(service), KeysAsked)


def _findings(found: list[KeysAsked]) -> list[CheckResult]:
    """Finding for all processes if their answers are equal; else one for each, since key files may differ."""
    alike = {(one.master_key, tuple(one.readable)) for one in found}
    if len(alike) < 2:
        return [_finding(one) for one in found[:1]]
    seen = [f"{one.process} has {', '.join(one.readable)}" for one in found]
    remedy = "Give every process the same master key file; each reads it again by itself."
    return [odd(f"keys of {found[0].service}", "; ".join(seen), remedy), *_worst(found)]


def _worst(found: list[KeysAsked]) -> list[CheckResult]:
    return [_finding(one) for one in found if one.unreadable]


def _finding(keys: KeysAsked) -> CheckResult:
    part = f"keys of {keys.service}"
    if keys.unreadable:
        seen = f"no master key there fits the texts of {keys.unreadable} complaints"
        return wrong(part, seen, "Put the missing key back into the master key file, as a further line.")
    if keys.former:
        seen = f"{keys.former} are still to be wrapped by master key {keys.master_key}"
        return odd(part, seen, "Wait, then run `amends doctor` again; leave the former keys in the file.")
    return well(part, f"all are wrapped by master key {keys.master_key}")
