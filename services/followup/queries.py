"""Queries to followup: the three rates, and the texts that it put away."""

from services.followup.rates import rates
from services.followup.store import Store
from shared.contract.queries import Rates, RatesQuery


class RatesWork:
    """Answers `rates`, with the numbers that they were made from."""

    def __init__(self, store: Store, satisfied_from: int) -> None:
        self._store = store
        self._satisfied_from = satisfied_from

    async def __call__(self, _: RatesQuery) -> Rates:
        counts = await self._store.counts(self._satisfied_from)
        return rates(counts, self._satisfied_from)
