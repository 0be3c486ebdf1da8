"""Answer the query `explain`, each service for the verbs of its own table."""

from collections.abc import Callable, Collection, Mapping
from typing import Any, Protocol

from shared.contract.commands import COMMANDS, Command
from shared.contract.errors import Refusal, refuse
from shared.contract.generate.wording import meaning, plain
from shared.contract.queries import ExplainQuery, VerbExplained
from shared.contract.subjects import Service
from shared.contract.who import MEANING, Who
from shared.runtime import refusals


class Row(Protocol):
    """Row of a table of verbs, as the tables of all services have it."""

    @property
    def command(self) -> type[Command]: ...

    @property
    def may(self) -> Collection[Who]: ...

    @property
    def conditions(self) -> Collection[Callable[..., Any]]: ...


class ExplainWork:
    """Answers `explain` for the verbs of one service. Routing refuses a verb that no service has."""

    def __init__(self, service: Service, rows: Mapping[str, Row]) -> None:
        self._service = service
        self._rows = rows

    async def __call__(self, query: ExplainQuery) -> VerbExplained | Refusal | None:
        if row := self._rows.get(query.verb):
            return explained(self._service, row)
        if query.verb not in COMMANDS and self._service is Service.ROUTING:
            return refuse(refusals.UNKNOWN_VERB, verb=query.verb, known=", ".join(sorted(COMMANDS)))
        return None


def explained(service: Service, row: Row) -> VerbExplained:
    """Describe a row of a table of verbs."""
    return VerbExplained(
        verb=row.command.VERB,
        service=service,
        about=meaning(row.command),
        may={who: MEANING[who] for who in Who if who in row.may},
        conditions={one.__name__: plain(str(one.__doc__).partition("\n")[0]) for one in row.conditions},
        texts=list(row.command.TEXTS),
    )
