"""A source that sends too much: what is over the limit stands in the quarantine, and can be sent again."""

from pathlib import Path

import pytest

from shared.contract import quarantine, subjects
from tests.integration.intake_service import Door, new_submission

LIMIT = 4
SAID = ["received", "promise_made", "notice"]


@pytest.fixture(autouse=True)
def _few_at_once(door: Door, tmp_path: Path) -> None:
    pack = tmp_path / "pack"
    pack.mkdir()
    rates = f"{{rates: {{default: {{per_minute: {LIMIT}}}}}}}"
    (pack / "pack.yaml").write_text(f"id: slow\nversion: '1'\nextends: default\nintake: {rates}\n")
    door.settings.policy = str(pack)


async def held_back(door: Door) -> int:
    info = await door.admin.jetstream().stream_info(subjects.QUARANTINE_STREAM, subjects_filter=">")
    return (info.state.subjects or {}).get(subjects.quarantine("rate_limited"), 0)


async def test_submissions_over_the_limit_are_quarantined_and_stored_submissions_do_not_count(
    door: Door,
) -> None:
    before = await held_back(door)
    sent = dict(new_submission() for _ in range(LIMIT + 2))
    async with door.open():
        for message in sent.values():
            await door.submit(message)
        await door.idle()
        taken = [complaint for complaint in sent if await door.names(complaint) == SAID]
        assert (len(taken), await held_back(door)) == (LIMIT, before + 2)
        for complaint in taken * 3:
            await door.submit(sent[complaint])
        await door.idle()
        assert await held_back(door) == before + 2

    aside = await door.admin.jetstream().get_last_msg(
        subjects.QUARANTINE_STREAM, subjects.quarantine("rate_limited")
    )
    headers = aside.headers or {}
    assert f"{LIMIT} within a minute" in headers[quarantine.HEADER_DETAIL]
    assert headers[quarantine.HEADER_FIELD] == "source"
    assert headers[quarantine.HEADER_ARRIVED] < headers[quarantine.HEADER_AT]
