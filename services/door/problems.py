"""Problem responses over HTTP: RFC 9457, in two languages, never with the sent content."""

from collections.abc import Mapping

from fastapi import FastAPI, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.door.refusal import CLOSE, RefusedRequest
from shared.contract.door import PROBLEM_TYPE, Problem, Trouble, problem
from shared.runtime.log import logger
from shared.runtime.reasons import reason

log = logger("door")


def answer(problem: Problem, headers: Mapping[str, str] | None = None) -> Response:
    """Problem as a response."""
    body = problem.model_dump_json(exclude_none=True)
    return Response(body, problem.status, dict(headers or {}), media_type=PROBLEM_TYPE)


def report_problems(app: FastAPI) -> None:
    """Everything that goes wrong in `app` is answered as a problem."""
    app.add_exception_handler(RefusedRequest, _refused)
    app.add_exception_handler(HTTPException, _not_here)
    app.add_middleware(NothingEscapes)


async def _refused(_: Request, error: Exception) -> Response:
    assert isinstance(error, RefusedRequest)
    return answer(error.problem, error.headers)


async def _not_here(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    known = {404: Trouble.NOT_FOUND, 405: Trouble.NOT_ALLOWED}
    return answer(problem(known.get(error.status_code, Trouble.UNEXPECTED)), error.headers)


class NothingEscapes:
    """Middleware that answers an internal failure and logs it by its type alone. Its message may contain a
    person's text.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def noted(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, noted)
        except Exception as error:
            log.error("failed", error=reason(error))
            if scope["type"] != "http":
                raise
            if not begun:
                await answer(problem(Trouble.UNEXPECTED), CLOSE)(scope, receive, send)
