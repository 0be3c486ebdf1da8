"""Comparison after the last life: all facts that were seen, against the answers of the stack."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator

from deploy.demo import rates
from deploy.demo.catalogue import Catalogue
from deploy.demo.checking import problems
from deploy.demo.outside import OutsideWorld
from deploy.demo.record import Record
from deploy.demo.summary import Result

AGREE_WITHIN = 20.0
ASK_AGAIN = 0.1


async def look_back(
    catalogue: Catalogue, run: str, outside: OutsideWorld, record: Record, quarantined_before: Counter[str]
) -> Result:
    """Result, with a sentence in `wrong` for each difference."""
    result = Result(complaints=len(catalogue.complaints), sent_twice=len(catalogue.sent_twice))
    result.grumbles = len(catalogue.grumbles)
    result.facts_seen = [fact for story in record.stories.values() for fact in story.facts]
    result.wrong += [sentence async for sentence in _lives(catalogue, run, outside, record, result)]
    result.rule = (await outside.query("policy")).get("response_rule")
    result.rates = rates.from_facts(result.facts_seen, result.rule)
    result.wrong += await _other_rates(outside, result.rates)
    result.quarantined = dict(await outside.quarantined() - quarantined_before)
    expected = Counter(str(broken.reason) for broken in catalogue.broken)
    if result.quarantined != expected:
        result.wrong.append(f"quarantined was {result.quarantined}, it should be {dict(expected)}")
    result.published = await outside.facts_published()
    if result.published != record.count:
        result.wrong.append(f"{record.count} facts were seen, and the stream holds {result.published}")
    return result


async def _lives(
    catalogue: Catalogue, run: str, outside: OutsideWorld, record: Record, result: Result
) -> AsyncIterator[str]:
    """Each life against its script and its timeline."""
    for complaint in catalogue.lives:
        complaint_id = complaint.complaint_id(run)
        seen = record.stories[complaint_id].facts
        result.closed.update(fact.data["outcome"] for fact in seen if fact.name == "closed")
        timeline = await outside.query("timeline", complaint_id=complaint_id, follow=False)
        for found in problems(complaint, seen, timeline["events"]):
            yield f"{complaint.called}: {found}"


async def _other_rates(outside: OutsideWorld, counted: dict[str, rates.Pair]) -> list[str]:
    """Wait until the rates that the stack counts from its tables equal those of the facts."""
    told: dict[str, rates.Pair] = {}
    try:
        async with asyncio.timeout(AGREE_WITHIN):
            while told != counted:
                told = rates.from_query(await outside.query("rates"))
                await asyncio.sleep(ASK_AGAIN)
    except TimeoutError:
        return [f"the rates query has {told}, the facts give {counted}"]
    return []
