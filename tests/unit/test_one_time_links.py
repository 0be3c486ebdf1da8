"""A one-time link confirms a restatement once, until its end; a forged one is unknown."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from services.routing.links import Links, LinkWork
from services.routing.view import view
from shared.contract.commands import Accepted, Command, CommandRequest, Refused
from shared.contract.errors import ErrorCode, refuse
from shared.contract.links import LinkAsked
from shared.contract.recorded import LinkOf
from shared.contract.values import LINK
from shared.runtime.texts.digests import Digests
from tests.unit.cases import Playing, play

COMPLAINT = "Caaaaaaaaaaaaaaa"
LINKS = Links(Digests(b"k" * 32), "https://door.example/")


class Asked:
    """Door and routing around one case."""

    def __init__(self, case: Playing) -> None:
        self.case, self.sent = case, list[CommandRequest]()
        self.reply: Refused | None = None
        wanted = case.recorded[-1].notification
        assert wanted is not None
        assert wanted.link_of is not None
        self.token = LINKS.token(COMPLAINT, wanted.link_of)
        store: Any = SimpleNamespace(case=lambda _: self.case_row())
        self.work = LinkWork(LINKS, store, self.confirm, lambda: case.now)

    async def case_row(self) -> Any:
        state = view(self.case.case.state).model_dump(mode="json")
        return SimpleNamespace(state=state, stage=state["stage"])

    async def confirm(self, request: CommandRequest, _: Command) -> Accepted | Refused:
        self.sent.append(request)
        if self.reply:
            return self.reply
        self.case.customer("confirm", **request.data)
        return Accepted(complaint_id=COMPLAINT, stage="analysing", events=[], allowed=[])

    async def status(self, **asked: Any) -> str:
        return str((await self.work(LinkAsked(**{"token": self.token} | asked))).status)


def asked(*interests: str) -> Asked:
    case = play()
    case.owner("restate", text="t", interests=list(interests))
    return Asked(case)


async def test_a_look_shows_what_is_confirmed_and_uses_nothing_up() -> None:
    door = asked("money", "respect")
    for _ in range(2):
        found = await door.work(LinkAsked(token=door.token))
        assert (found.status, found.interests) == ("open", ["money", "respect"])
    assert door.sent == []


@pytest.mark.parametrize(("confirmed", "status"), [(True, "confirmed"), (False, "corrected")])
async def test_a_link_is_used_once(confirmed: bool, status: str) -> None:
    door = asked("money")
    assert await door.status(confirmed=confirmed, text="t") == status
    (sent,) = door.sent
    assert (sent.actor.id, sent.via) == ("customer", LINK)
    for again in (True, False, None):
        assert await door.status(confirmed=again) == "used"
    assert len(door.sent) == 1


async def test_a_link_ends_at_its_instant() -> None:
    door = asked()
    door.case.later(days=7, microseconds=-1)
    assert await door.status() == "open"
    door.case.later(microseconds=1)
    assert await door.status(confirmed=True) == "expired"


async def test_a_newer_restatement_replaces_the_link() -> None:
    door = asked()
    door.case.owner("restate", text="t")
    assert await door.status(confirmed=True) == "replaced"


async def test_a_forged_link_is_unknown_and_tells_nothing() -> None:
    door = asked("money")
    complaint, number, until, seal = door.token.split(".")
    for forged in (
        f"{complaint}.{number}.{int(until) + 1}.{seal}",
        f"Cbbbbbbbbbbbbbbb.{number}.{until}.{seal}",
        f"{complaint}.2.{until}.{seal}",
        f"{complaint}.{number}.{until}.{'a' * len(seal)}",
        f"{door.token}.x",
        *("", ".", "...", "x", "💥.1.2.3"),
        Links(Digests(b"o" * 32)).token(COMPLAINT, LinkOf(id="restatement-1", until=datetime.now(UTC))),
    ):
        found = await door.work(LinkAsked(token=forged, confirmed=True))
        assert found.model_dump(exclude_none=True) == {"status": "unknown", "interests": []}
    assert door.sent == []


@pytest.mark.parametrize(
    ("code", "status"),
    [
        (ErrorCode.TOO_LATE, "expired"),
        (ErrorCode.NOT_ALLOWED_NOW, "used"),
        (ErrorCode.UNAVAILABLE, "unavailable"),
    ],
)
async def test_what_the_case_refuses_is_no_confirmation(code: ErrorCode, status: str) -> None:
    door = asked()
    door.reply = Refused(error=refuse(code, detail="d"))
    assert await door.status(confirmed=True) == status


def test_the_address_of_a_link_is_the_doors() -> None:
    url = LINKS.url(COMPLAINT, LinkOf(id="restatement-1", until=datetime.now(UTC) + timedelta(days=1)))
    assert url.startswith(f"https://door.example/confirm?t={COMPLAINT}.1.")
