"""Pages of the form: templates, words in the reader's language, and the promised instant."""

from collections.abc import Mapping
from datetime import datetime
from ipaddress import IPv6Address, ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from fastapi.templating import Jinja2Templates
from starlette.requests import Request
from starlette.responses import Response

from services.door.entries import LANG, REMEDIES, TRAP, WAYS, FilledForm
from services.door.wording import LANGUAGES, language_for, words
from shared.clocks.budget import due
from shared.contract.links import LINK_PATH, TOKEN, LinkAnswer
from shared.policy.formats import ours, theirs
from shared.policy.loader import Policy
from shared.policy.obligation import Language

TEMPLATES = Path(__file__).parent / "templates"
STYLE = TEMPLATES / "door.css"

WORD_OF = {"trap": "trap_filled"}
"""Words of faults that are called otherwise, since a label has that name."""


def address_of(request: Request) -> str:
    """Address of a request's sender; of IPv6 the network, since one person has all of it."""
    host = request.client.host if request.client else ""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    return address.exploded[:19] if isinstance(address, IPv6Address) else host


class Pages:
    """Pages under one policy, which gives the promised instant and the default language."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._words = words()
        self._templates = Jinja2Templates(directory=TEMPLATES)

    def language(self, request: Request, chosen: str | None = None) -> Language:
        """`zh` or `en`."""
        wanted = chosen or request.query_params.get(LANG)
        return language_for(wanted, request.headers.get("accept-language", ""), self._policy.pack.language)

    def form(
        self,
        request: Request,
        entry: FilledForm,
        stamp: str,
        faults: Mapping[str, str] | None = None,
        problem: str = "",
        status: int = 200,
    ) -> Response:
        """Form with the written values, faults beside their fields, and a sentence above."""
        content = {
            "entry": entry,
            "stamp": stamp,
            "faults": {field: WORD_OF.get(word, word) for field, word in (faults or {}).items()},
            "problem": problem,
            "remedies": REMEDIES,
            "ways": WAYS,
            "trap": TRAP,
        }
        return self._page(request, "form.html", content, status, entry[LANG])

    def sent(self, request: Request, number: str, at: datetime) -> Response:
        """Page with the instant that the policy promises every complainant, by the clocks of its calendar."""
        calendar = self._policy.calendar
        by_when = due(at, self._policy.pack.limits.first_answer, calendar)
        told = ours(by_when, calendar.zone, self.language(request))
        content = {"number": number, "by_when": told, "exact": by_when.isoformat()}
        return self._page(request, "sent.html", content)

    def link(
        self, request: Request, found: LinkAnswer, token: str, status: int = 200, problem: str = ""
    ) -> Response:
        """Page of a one-time link, which is kept nowhere on the way."""
        zone, language = self._policy.calendar.zone, self.language(request)
        until = theirs(found.until, zone, language) if found.until else ""
        action = f"{LINK_PATH}?{urlencode({TOKEN: token, LANG: language})}"
        content = {"found": found, "until": until, "problem": problem, "action": action}
        response = self._page(request, "link.html", content, status)
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

    def gone(self, request: Request) -> Response:
        return self._page(request, "gone.html", {}, 404)

    def _page(
        self, request: Request, template: str, content: dict[str, Any], status: int = 200, chosen: str = ""
    ) -> Response:
        language = self.language(request, chosen)
        other = next(name for name in LANGUAGES if name != language)
        switch = request.url.include_query_params(lang=other) if request.method == "GET" else None
        content |= {
            "language": language,
            "other": other,
            "switch": f"?{switch.query}" if switch else f"/?lang={other}",
            "say": self._words[language],
        }
        response = self._templates.TemplateResponse(request, template, content, status_code=status)
        response.headers["Vary"] = "Accept-Language"
        response.headers["Content-Language"] = language
        return response
