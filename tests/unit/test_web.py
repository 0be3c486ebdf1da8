"""What a browser is told with every answer, and under which names it may ask."""

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from shared.runtime.web import STRICT, guard


def client(*, only_here: bool = False, pages_may_be_kept: bool = False) -> httpx.AsyncClient:
    async def plain(_: Request) -> Response:
        return Response("plain")

    async def opinionated(_: Request) -> Response:
        own = {"Cache-Control": "max-age=60", "Referrer-Policy": "unsafe-url"}
        return Response("mine", headers=own)

    app = Starlette(routes=[Route("/plain", plain), Route("/opinionated", opinionated)])
    guard(app, referrer="no-referrer", only_here=only_here, pages_may_be_kept=pages_may_be_kept)
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost")


@pytest.mark.parametrize("kept", [True, False])
async def test_a_page_without_a_policy_is_kept_nowhere_and_runs_nothing(kept: bool) -> None:
    async with client(pages_may_be_kept=kept) as browser:
        headers = (await browser.get("/plain")).headers
    assert headers["cache-control"] == "no-store"
    assert headers["content-security-policy"] == STRICT
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize(("kept", "said"), [(True, "max-age=60"), (False, "no-store")])
async def test_a_page_decides_at_most_whether_it_is_kept(kept: bool, said: str) -> None:
    async with client(pages_may_be_kept=kept) as browser:
        headers = (await browser.get("/opinionated")).headers
    assert headers["cache-control"] == said
    assert headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize(("only_here", "status"), [(True, 400), (False, 200)])
async def test_a_request_under_another_name_is_refused_on_loopback(only_here: bool, status: int) -> None:
    async with client(only_here=only_here) as browser:
        assert (await browser.get("/plain", headers={"host": "evil.example"})).status_code == status
        assert (await browser.get("/plain")).status_code == 200
