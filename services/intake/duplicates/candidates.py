"""Stored complaints and grumbles that a batch of submissions may be about. In the caller's transaction.

For submissions that have nothing to do with any other, this costs one SELECT by indexes for the whole
batch.
"""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import orjson
from sqlalchemy import bindparam, text
from sqlmodel import Session, and_, col, or_, select

from services.intake.complaint_status import ComplaintStatus
from services.intake.duplicates.customer_links import linked_to
from services.intake.duplicates.judging import Comparable, Joins, Suspected, are_duplicates, judged
from services.intake.tables import ComplaintRow, GrumbleRow
from shared.contract.events import TYPE_PREFIX, Received
from shared.contract.ids import short_hash
from shared.contract.outgoing import unpacked
from shared.policy.models import Duplicates
from shared.runtime.texts.keeping import NoSuchText, Texts

PER_CUSTOMER = 20
"""Limit of complaints of a customer that are compared, the newest first."""

MOST_FOUND = 4000
MOST_LOOKED_AT = 5
"""Limit of suspicions that are followed up until an open complaint is found."""

NEAR = (
    select(ComplaintRow.complaint_id, ComplaintRow.customer, ComplaintRow.merged_into)
    .where(
        or_(
            and_(
                col(ComplaintRow.customer).in_(bindparam("customers", expanding=True)),
                col(ComplaintRow.recorded_at) >= bindparam("since"),
            ),
            col(ComplaintRow.order_hash).in_(bindparam("orders", expanding=True)),
            col(ComplaintRow.complaint_id).in_(bindparam("quoted", expanding=True)),
        )
    )
    .order_by(col(ComplaintRow.recorded_at).desc())
    .limit(MOST_FOUND)
)
"""Single SELECT for a batch: each of its three conditions has an index. It is built once, because building it
takes as long as running it.
"""

NOBODY = [""]
"""Value used for an empty list, because an empty list would not be looked up by an index."""

RECEIVED = f"{TYPE_PREFIX}{Received.NAME}.v1"
HOLD = text(
    "SELECT pg_advisory_xact_lock(key) FROM unnest(CAST(:keys AS bigint[])) WITH ORDINALITY AS k (key, place)"
    " ORDER BY place"
)


def hold(session: Session, customers: Iterable[str]) -> None:
    """Lock these customers until the end of the transaction: no other process decides about them meanwhile.

    SQLite has one writer: the transaction begins as a writing transaction, instead of at its first change.
    PostgreSQL holds a lock for each customer, always in the same order. So of two submissions that two
    processes take at once, the later submission sees the earlier one.
    """
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        raw = connection.connection.driver_connection
        if raw is None or not raw.in_transaction:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        return
    keys = {hashlib.sha256(f"customer\n{one}".encode()).digest()[:8] for one in customers}
    numbers = sorted(int.from_bytes(key, "big", signed=True) for key in keys)
    connection.execute(HOLD, {"keys": numbers})


def order_hash(comparable: Comparable) -> str | None:
    """Hash by which complaints about the same order are found."""
    return short_hash(f"order\n{comparable.order}") if comparable.order else None


class Candidates:
    """Stored complaints and grumbles that a batch is compared with, and those that the batch itself adds."""

    def __init__(self, rules: Duplicates) -> None:
        self._rules = rules
        self._by_customer: defaultdict[str, list[Comparable]] = defaultdict(list)
        self._by_order: defaultdict[str, list[Comparable]] = defaultdict(list)
        self._by_id: dict[str, Comparable] = {}
        self._grumbles: defaultdict[str, list[Comparable]] = defaultdict(list)
        self.links: Mapping[str, set[str]] = {}

    def add_grumble(self, comparable: Comparable) -> None:
        """Add a grumble that is not promoted yet: nothing joins it, but a complaint about the same subject
        may include it.
        """
        self._grumbles[comparable.received.customer].append(comparable)

    def grumbles_about(self, new: Comparable) -> list[str]:
        """Grumbles of the same customer that `new` complains about."""
        grumbles = self._grumbles.get(new.received.customer, ())
        return [one.complaint_id for one in grumbles if are_duplicates(new, one, self._rules)]

    def add(self, comparable: Comparable) -> None:
        """Add a complaint that further submissions may be about."""
        if comparable.complaint_id in self._by_id:
            return
        self._by_id[comparable.complaint_id] = comparable
        self._by_customer[comparable.received.customer].append(comparable)
        if comparable.order:
            self._by_order[comparable.order].append(comparable)

    def also_called(self, alias: str, comparable: Comparable) -> None:
        """Let `alias` find this complaint, too, when a submission quotes it."""
        self.add(comparable)
        self._by_id[alias] = self._by_id[comparable.complaint_id]

    def get(self, complaint: str) -> Comparable:
        """Complaint with this id, which a verdict named."""
        return self._by_id[complaint]

    def verdict(
        self, new: Comparable, statuses: Mapping[str, ComplaintStatus], *, joins_only: bool = False
    ) -> Joins | Suspected | Sequence[str] | None:
        """Relation to the best match that is open, or the ids of matches whose status is not read yet.

        `joins_only`: a grumble is not suspected to be a duplicate, since only complaints are ever
        confirmed as duplicates.
        """
        found = {one.complaint_id: one for one in self._around(new)}
        if not found:
            return None
        if new.quoted:  # an alias in the text means its survivor
            meant = frozenset(self._by_id[one].complaint_id for one in new.quoted if one in self._by_id)
            new = replace(new, quoted=meant)
        judgements = judged(new, found.values(), self._rules, self._linked(new))
        verdicts = [one for one in judgements if not joins_only or isinstance(one, Joins)][:MOST_LOOKED_AT]
        unknown = [one.of for one in verdicts if one.of not in statuses]
        if unknown:
            return unknown
        return next((one for one in verdicts if statuses[one.of].open), None)

    def of_machine(
        self, new: Comparable, statuses: Mapping[str, ComplaintStatus], *, joins_only: bool = True
    ) -> Joins | Sequence[str] | None:
        """Complaint that a machine's message belongs to: the open complaint that it quotes, else the
        customer's newest.

        The words of a machine are no sign of what it is about, so its message always joins. Returns the
        ids of complaints whose status is not read yet, as `verdict`.
        """
        mine = self._by_customer.get(new.received.customer, [])
        meant = {self._by_id[one].complaint_id for one in new.quoted if one in self._by_id}
        newest = sorted(mine, key=lambda one: (one.complaint_id in meant, one.recorded_at), reverse=True)
        looked_at = [one.complaint_id for one in newest if one.complaint_id != new.complaint_id]
        unknown = [one for one in looked_at[:MOST_LOOKED_AT] if one not in statuses]
        return unknown or next(
            (Joins(one) for one in looked_at if one in statuses and statuses[one].open), None
        )

    def _around(self, new: Comparable) -> Iterable[Comparable]:
        quoted = (self._by_id[one] for one in sorted(new.quoted) if one in self._by_id)
        by_order = self._by_order.get(new.order, []) if new.order else []
        linked = [one for other in sorted(self._linked(new)) for one in self._by_customer.get(other, [])]
        return (*self._by_customer.get(new.received.customer, []), *by_order, *quoted, *linked)

    def _linked(self, new: Comparable) -> Collection[str]:
        """Customers who may be the same person, by the link of a supervisor."""
        return self.links.get(new.received.customer, ())


def look_up(session: Session, texts: Texts, batch: Sequence[Comparable], rules: Duplicates) -> Candidates:
    """Find the complaints and grumbles that the submissions of a batch may be about."""
    found = Candidates(rules)
    quoted = {one for comparable in batch for one in comparable.quoted}
    own = {one.received.customer for one in batch}
    found.links = linked_to(session, own)
    wanted = {
        "customers": sorted(own.union(*(found.links[one] for one in own if one in found.links))),
        "orders": sorted({known for one in batch if (known := order_hash(one))}) or NOBODY,
        "quoted": sorted(quoted) or NOBODY,
        "since": min(one.recorded_at for one in batch) - timedelta(days=rules.suspect_within_days),
    }
    rows = session.connection().execute(NEAR, wanted)
    counted: defaultdict[str, int] = defaultdict(int)
    for complaint, customer, merged_into in list(rows):
        counted[customer] += 1
        if (counted[customer] > PER_CUSTOMER or merged_into) and complaint not in quoted:
            continue
        survivor = follow(session, complaint) if merged_into else complaint
        if comparable := _comparable(session, texts, survivor):
            found.also_called(complaint, comparable)
        elif not merged_into and (grumble := _grumble(session, texts, complaint)):
            found.add_grumble(grumble)
    return found


def follow(session: Session, complaint: str) -> str:
    """Id at the end of the chain of merged complaints."""
    seen = {complaint}
    while (row := session.get(ComplaintRow, complaint)) and row.merged_into and row.merged_into not in seen:
        complaint = row.merged_into
        seen.add(complaint)
    return complaint


def _comparable(session: Session, texts: Texts, complaint: str) -> Comparable | None:
    """Stored complaint, with its words in the clear; None for an erased complaint, and for a grumble that is
    not promoted.
    """
    row = session.get(ComplaintRow, complaint)
    received = received_of(session, row) if row else None
    return _with_words(session, texts, row, received) if row and received else None


def _grumble(session: Session, texts: Texts, complaint: str) -> Comparable | None:
    """Stored grumble that is not a complaint yet, with its words in the clear."""
    row, grumble = session.get(ComplaintRow, complaint), session.get(GrumbleRow, complaint)
    if row is None or grumble is None or grumble.into:
        return None
    return _with_words(session, texts, row, Received.model_validate_json(grumble.received))


def _with_words(session: Session, texts: Texts, row: ComplaintRow, received: Received) -> Comparable:
    told = {name: _open(session, texts, received.text_refs.get(name)) for name in ("title", "narrative")}
    details = details_of(session, texts, received)
    words = "\n".join(text for text in told.values() if text)
    order, product = details.get("order_ref"), details.get("product")
    staff = details.get("about_staff") or received.about_staff
    return Comparable.of(row.complaint_id, received, words, product, order, staff)


def received_of(session: Session, row: ComplaintRow) -> Received | None:
    """First fact of a complaint, also of a promoted grumble; None for a grumble that is not promoted."""
    for fact in unpacked(row.facts):
        event = orjson.loads(fact.body)
        if event["type"] == RECEIVED and fact.complaint_id == row.complaint_id:
            return Received.model_validate(event["data"])
    grumble = session.get(GrumbleRow, row.complaint_id)
    promoted = grumble is not None and grumble.into == row.complaint_id
    return Received.model_validate_json(grumble.received) if grumble and promoted else None


def details_of(session: Session, texts: Texts, received: Received) -> dict[str, Any]:
    """Fields of a submission that may hold words, in the clear; empty if they were erased."""
    found: dict[str, Any] = orjson.loads(_open(session, texts, received.text_refs.get("details")) or "{}")
    return found


def _open(session: Session, texts: Texts, ref: str | None) -> str | None:
    try:
        return texts.open(session, ref) if ref else None
    except NoSuchText:
        return None
