"""Schemes: taxonomies of authorities beside ours, such as the CFPB's, without loss (`sources.md` F11).

Each value of a scheme has a code, which travels in `outside` beside our category and sub-code and leads
back to the authority's own name. The code of a part (a sub-product, a sub-issue) is that of its whole, a dot,
and a number.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from pydantic import Field

from shared.contract.values import Outside, Sub
from shared.policy.obligation import PackModel, Words
from shared.policy.problems import Loc


class SchemePart(PackModel):
    """Sub-issue; `sub` where it differs from that of its issue."""

    name: str
    sub: Sub | None = None


class SchemeIssue(PackModel):
    """Issue with our sub-code."""

    name: str
    sub: Sub
    parts: dict[str, SchemePart] = Field(default_factory=dict)


class SchemeProduct(PackModel):
    """Product with the names of its sub-products."""

    name: str
    parts: dict[str, str] = Field(default_factory=dict)


class Scheme(PackModel):
    """Taxonomy of one authority. Names are the authority's own, letter by letter."""

    title: Words
    products: dict[str, SchemeProduct]
    issues: dict[str, SchemeIssue]


class OutsideNames(NamedTuple):
    """Complaint in the authority's own words."""

    product: str | None = None
    sub_product: str | None = None
    issue: str | None = None
    sub_issue: str | None = None


def outside_of(schemes: Mapping[str, Scheme], scheme: str, names: OutsideNames) -> Outside | None:
    """Codes of these names; None if the scheme does not have one of them."""
    own = schemes[scheme]
    product = _code(names.product, names.sub_product, _product_names(own))
    issue = _code(names.issue, names.sub_issue, _issue_names(own))
    if (names.product and not product) or (names.issue and not issue):
        return None
    return Outside(scheme=scheme, product=product, issue=issue)


def names_of(schemes: Mapping[str, Scheme], outside: Outside) -> OutsideNames | None:
    """Authority's own names for these codes; None for a scheme or a code that is not in the pack."""
    own = schemes.get(outside.scheme)
    if own is None:
        return None
    products = {code: names for names, code in _product_names(own).items()} | {None: (None, None)}
    issues = {code: names for names, code in _issue_names(own).items()} | {None: (None, None)}
    if outside.product not in products or outside.issue not in issues:
        return None
    return OutsideNames(*products[outside.product], *issues[outside.issue])


def sub_of(schemes: Mapping[str, Scheme], outside: Outside | None) -> Sub | None:
    """Our sub-code for an authority's issue; None without an issue that the pack knows."""
    own = schemes.get(outside.scheme) if outside else None
    issue = own.issues.get(_whole(outside.issue)) if own and outside and outside.issue else None
    if issue is None or outside is None:
        return None
    part = issue.parts.get(outside.issue or "")
    return (part.sub if part else None) or issue.sub


Names = dict[tuple[str, str | None], str]


def _product_names(own: Scheme) -> Names:
    found: Names = {}
    for code, product in own.products.items():
        found[product.name, None] = code
        found |= {(product.name, name): part for part, name in product.parts.items()}
    return found


def _issue_names(own: Scheme) -> Names:
    found: Names = {}
    for code, issue in own.issues.items():
        found[issue.name, None] = code
        found |= {(issue.name, part.name): number for number, part in issue.parts.items()}
    return found


def _code(name: str | None, part: str | None, known: Names) -> str | None:
    return known.get((name, part or None)) if name else None


def _whole(code: str) -> str:
    return code.partition(".")[0]


def scheme_problems(schemes: Mapping[str, Scheme]) -> Iterator[tuple[Loc, str]]:
    """Names that would not lead back to one code, and codes of parts that do not name their whole."""
    for scheme, own in schemes.items():
        lists = (("products", own.products, _product_names(own)), ("issues", own.issues, _issue_names(own)))
        for field, wholes, names in lists:
            codes = [*wholes, *(part for whole in wholes.values() for part in whole.parts)]
            if len(names) < len(codes) or len(set(codes)) < len(codes):
                yield ("schemes", scheme, field), "has a name or a code twice; each needs a code of its own"
            for code, whole in wholes.items():
                for part in whole.parts:
                    if _whole(part) != code or part == code:
                        yield ("schemes", scheme, field, code, "parts", part), f"must begin with {code}."
