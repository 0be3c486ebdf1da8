"""Links between customers of different registers who are one person, made by a supervisor. In the caller's
transaction.

A link is valid for the two customers that it names, and goes no further. It only lets their complaints be
suspected and confirmed as duplicates, so a link that was made by mistake shows no text to other people.
"""

from collections import defaultdict
from collections.abc import Collection

from sqlmodel import Session, col, or_, select

from services.intake.tables import CustomerLinkRow
from shared.contract.events.received import customer_key
from shared.policy.models import Pack, register_of


def key_in(pack: Pack, register: str, ref: str) -> str:
    """Customer with this reference in a register of the policy, or of a source that is in none."""
    named = register if register in pack.registers else register_of(pack, register)
    return customer_key(named, register, ref)


def are_linked(session: Session, first: str, second: str) -> bool:
    """Whether the two customers may be one person."""
    return session.get(CustomerLinkRow, _pair(first, second)) is not None


def link(session: Session, first: str, second: str, *, undo: bool = False) -> bool:
    """Link the two, or end their link; whether that changed anything."""
    one, other = _pair(first, second)
    row = session.get(CustomerLinkRow, (one, other))
    if (row is None) == undo:
        return False
    if row is None:
        session.add(CustomerLinkRow(one=one, other=other))
    else:
        session.delete(row)
    session.flush()
    return True


def linked_to(session: Session, customers: Collection[str]) -> dict[str, set[str]]:
    """Customers that each of these customers is linked to."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    either = or_(col(CustomerLinkRow.one).in_(customers), col(CustomerLinkRow.other).in_(customers))
    for row in session.exec(select(CustomerLinkRow).where(either)).all():
        found[row.one].add(row.other)
        found[row.other].add(row.one)
    return found


def _pair(first: str, second: str) -> tuple[str, str]:
    return (first, second) if first < second else (second, first)
