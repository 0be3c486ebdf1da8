"""Pages of the board. Each is a whole page, and a part that is fetched again when facts are published."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent
from fastapi.templating import Jinja2Templates

from services.console.board.feed import Feed
from services.console.board.reading import Answers
from services.console.board.rows import BoardRow, summary
from services.console.display import wording
from services.console.display.durations import instant_text
from shared.client.failures import RequestRefused, in_one_sentence
from shared.contract.errors import ErrorCode

TEMPLATES = Path(__file__).parent / "templates"
FILTERS = ("owner", "team", "cursor")

router = APIRouter()
templates = Jinja2Templates(directory=TEMPLATES)
templates.env.filters["instant"] = instant_text
templates.env.globals.update(
    label=wording.label,
    stages=wording.STAGES,
    outcomes=wording.OUTCOMES,
    statuses=wording.STATUSES,
    facts=wording.FACTS,
    rate_names=wording.RATES,
)


@router.get("/")
async def board(request: Request) -> Response:
    """Open complaints, the three rates and the ticker."""
    content = await _worklist(request) | await _rates(request)
    return _page(request, "board.html", content | {"recent": list(_feed(request).recent)})


@router.get("/parts/worklist")
async def worklist_part(request: Request) -> Response:
    """Table of the worklist, without the frame of the page."""
    return _page(request, "worklist.html", await _worklist(request))


@router.get("/parts/rates")
async def rates_part(request: Request) -> Response:
    """Three rates, without the frame of the page."""
    return _page(request, "rates.html", await _rates(request))


@router.get("/complaints/{complaint_id}")
async def complaint(request: Request, complaint_id: str) -> Response:
    """Page of one complaint: state, obligations, timeline. It has no name and no text."""
    return await _complaint(request, complaint_id, "complaint.html")


@router.get("/parts/complaints/{complaint_id}")
async def complaint_part(request: Request, complaint_id: str) -> Response:
    """Part of that page, without the frame."""
    return await _complaint(request, complaint_id, "complaint_view.html")


@router.get("/events", response_class=EventSourceResponse)
async def events(request: Request) -> AsyncIterator[ServerSentEvent]:
    """Ticker: each fact as a line of HTML."""
    line = templates.env.get_template("fact.html")
    yield ServerSentEvent(comment="listening", retry=2000)
    async for fact in _feed(request).follow():
        html = " ".join(line.render(fact=fact).split())
        yield ServerSentEvent(raw_data=html, event="fact", id=fact.event_id)


@router.get("/livez")
async def live() -> JSONResponse:
    """Answer that the process runs."""
    return JSONResponse({"alive": True})


@router.get("/readyz")
async def ready(request: Request) -> JSONResponse:
    """Answer whether the message server can be reached."""
    try:
        await _reading(request).ready()
    except Exception as error:
        return JSONResponse({"ready": False, "checks": {"nats": type(error).__name__}}, status_code=503)
    return JSONResponse({"ready": True, "checks": {"nats": "ok"}})


async def _worklist(request: Request) -> dict[str, Any]:
    filters = {name: value for name in FILTERS if (value := request.query_params.get(name))}
    rows: list[BoardRow] = []
    cursor = trouble = None
    try:
        rows, cursor = await _reading(request).worklist(filters)
    except Exception as error:
        trouble = _sentence(error)
    return {"rows": rows, "counts": summary(rows), "cursor": cursor, "filters": filters, "trouble": trouble}


async def _rates(request: Request) -> dict[str, Any]:
    try:
        return {"rates": await _reading(request).rates(), "rates_trouble": None}
    except Exception as error:
        return {"rates": None, "rates_trouble": _sentence(error)}


async def _complaint(request: Request, complaint_id: str, template: str) -> Response:
    try:
        state, timeline = await _reading(request).complaint(complaint_id)
    except Exception as error:
        unknown = isinstance(error, RequestRefused) and error.code == ErrorCode.UNKNOWN_COMPLAINT
        content = {"trouble": _sentence(error), "complaint_id": complaint_id}
        return _page(request, "missing.html", content, status=404 if unknown else 503)
    return _page(request, template, {"state": state, "timeline": list(reversed(timeline))})


def _page(request: Request, template: str, content: dict[str, Any], status: int = 200) -> HTMLResponse:
    return templates.TemplateResponse(request, template, content, status_code=status)


def _sentence(error: Exception) -> str:
    return in_one_sentence(error).sentence


def _reading(request: Request) -> Answers:
    reading: Answers = request.app.state.reading
    return reading


def _feed(request: Request) -> Feed:
    feed: Feed = request.app.state.feed
    return feed
