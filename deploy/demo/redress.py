"""Alternatives and standards for an owner's offer, from the policy that the stack returns. Pure."""

from decimal import Decimal
from typing import Any

from deploy.demo.catalogue import Complaint
from shared.contract.values import Category, Money
from shared.contract.values.currencies import decimal_places

Option = dict[str, Any]

STANDARD_FOR = {
    Category.PRODUCT: "after-sales-7",
    Category.SERVICE: "service-conduct-2",
    Category.PRICE: "price-1",
    Category.POLICY: "consumer-law-24",
}

INTEREST_BEHIND = {
    "refund": "money",
    "compensation": "money",
    "replacement": "fix",
    "apology": "apology",
    "time": "time",
    "respect": "respect",
    "venting": "understanding",
    "understanding": "understanding",
    "suggestion": "understanding",
}

NO_LOSS = {"zh": Money(value="40.00", currency="CNY"), "en": Money(value="6.00", currency="USD")}

LESS, MORE = Decimal("0.3"), Decimal("1.2")


def alternatives(policy: dict[str, Any], complaint: Complaint, cycle: int) -> list[Option]:
    """Three alternatives, best for the complainant last: less than asked, what was asked, and more."""
    remedies = {remedy["id"]: remedy for remedy in policy["remedies"]}
    best = _asked(remedies, complaint.what.wants)
    less = "voucher" if best["money"] else next(r for r in ("explanation", "apology") if r != best["id"])
    more = "compensation" if best["money"] else "goodwill"
    steps = [(less, LESS), (best["id"], Decimal(1)), (more, MORE)]
    return [
        _option(f"cycle-{cycle}-option-{number}", remedies[remedy], complaint, share, number)
        for number, (remedy, share) in enumerate(steps, start=1)
    ]


def standards(policy: dict[str, Any], complaint: Complaint) -> list[str]:
    """Standards on which the answer is based."""
    known = [standard["id"] for standard in policy["standards"]]
    wanted = STANDARD_FOR[complaint.what.category]
    return [wanted if wanted in known else known[0]]


def _asked(remedies: dict[str, dict[str, Any]], wants: str) -> dict[str, Any]:
    """Remedy that is asked for, or the remedy without money that answers the motive."""
    if wants in remedies:
        return remedies[wants]
    answering = [remedy for remedy in remedies.values() if wants in remedy["answers"]]
    return next(remedy for remedy in answering if not remedy["money"])


def _option(
    option_id: str, remedy: dict[str, Any], complaint: Complaint, share: Decimal, number: int
) -> Option:
    option: Option = {
        "option_id": option_id,
        "remedy": remedy["id"],
        "text": remedy["title"][complaint.who.language],
        "value_to_customer": round(0.3 * number, 1),
    }
    if remedy["money"]:
        loss = complaint.what.loss or NO_LOSS[complaint.who.language]
        places = decimal_places(str(loss.currency))
        option["amount"] = {
            "value": f"{loss.amount * share:.{places}f}",
            "currency": str(loss.currency),
        }
    return option
