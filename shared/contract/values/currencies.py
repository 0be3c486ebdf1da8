"""Decimal places of each currency: the minor units of ISO 4217. Pure."""

USUAL = 2
"""Decimal places of every currency that is not named below."""

OTHERWISE: dict[int, str] = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
"""Currencies by their number of decimal places, as in the list of ISO 4217."""

PLACES = {code: places for places, codes in OTHERWISE.items() for code in codes.split()}


def decimal_places(currency: str) -> int:
    """Number of decimal places that an amount in this currency may use."""
    return PLACES.get(currency, USUAL)
