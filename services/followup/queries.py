"""Queries to followup: the three rates, and its encrypted texts."""

from services.followup.rates import RateTerms, rates
from services.followup.store import Store
from shared.contract.queries import Rates, RatesQuery


class RatesWork:
    """Answers `rates`, with the numbers that they were made from."""

    def __init__(self, store: Store, terms: RateTerms) -> None:
        self._store = store
        self._terms = terms

    async def __call__(self, _: RatesQuery) -> Rates:
        return rates(await self._store.counts(), self._terms)
