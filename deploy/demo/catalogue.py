"""Invented complaints of `complaints.yaml`, and the messages that they are sent as."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from shared.contract import ids
from shared.contract.quarantine import Reason
from shared.contract.subjects import Channel
from shared.contract.submission import SUBMITTED
from shared.contract.values import Category, Money, Outcome

FILE = Path(__file__).with_name("complaints.yaml")
SOURCE = "demo.example/cases"

ZONES = {"zh": "Asia/Shanghai", "en": "Europe/London"}


def _money(written: Any) -> Any:
    """`199.00 CNY`, as people write it."""
    if not isinstance(written, str):
        return written
    value, currency = written.split()
    return {"value": value, "currency": currency}


class Invented(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Persona(Invented):
    """Complainant, with language and zone."""

    name: str
    language: Literal["zh", "en"]
    channel: Channel
    tone: Literal["calm", "furious", "prepared", "silent", "repetitive"]


class What(Invented):
    """Content of a complaint. `wants` is a remedy or a motive; `days_ago`: days between the complaint and our
    receipt.

    `order`: the number by which the seller knows it.
    """

    category: Category
    wants: str
    product: str | None = None
    order: str | None = None
    loss: Annotated[Money | None, BeforeValidator(_money)] = None
    about_staff: str | None = None
    safety: bool = False
    days_ago: int = 0


class HowItGoes(Invented):
    """Script, and the outcome that `closed` must have; none for a grumble that never becomes a complaint.

    `twin`: another complaint of the same customer about the same thing, into which it is merged.
    """

    script: str
    ends: Outcome | None = None
    twin: str | None = None


class Complaint(Invented):
    """Invented complaint."""

    id: str
    who: Persona = Field(alias="from")
    what: What = Field(alias="about")
    life: HowItGoes
    again: str | None = None
    """Id of the customer's first grumble, where this is the second."""
    title: str
    narrative: str

    @property
    def called(self) -> str:
        """Name in a message to people."""
        return f"{self.id} ({self.life.script})"

    def external_id(self, run: str) -> str:
        """Id in the sending system, in this run of the demo."""
        return f"{run}-{self.id}"

    def complaint_id(self, run: str) -> str:
        return ids.complaint_id(SOURCE, self.external_id(run))

    def twin_id(self, run: str) -> str | None:
        """Complaint of which this proves to be a duplicate."""
        return ids.complaint_id(SOURCE, f"{run}-{self.life.twin}") if self.life.twin else None

    def once_more(self, run: str, now: datetime, words: str) -> tuple[str, dict[str, Any]]:
        """Second message of the same customer about the same order, and the id that it would have."""
        message = self.submission(run, now) | {"id": f"{self.external_id(run)}-again"}
        message["data"] |= {"received_at": now.isoformat(), "narrative": f"{words}{self.title}"}
        return ids.complaint_id(SOURCE, message["id"]), message

    def submission(self, run: str, now: datetime, kind: str = SUBMITTED) -> dict[str, Any]:
        """Message as another system sends it, a complaint or a grumble."""
        who, what = self.who, self.what
        spoken_at = now - timedelta(days=what.days_ago)
        data = {
            "received_at": spoken_at.isoformat(),
            "language": who.language,
            "customer": {
                "ref": f"cust-{self.again or self.life.twin or self.id}",
                "name": who.name,
                "phone": f"000-0000-{self.id}",
                "timezone": ZONES[who.language],
            },
            "title": self.title,
            "narrative": self.narrative,
            "remedy_sought": what.wants,
            "safety": what.safety,
            "hints": {"category": what.category},
        }
        order = f"{run}-{what.order}" if what.order else None
        optional = {"product": what.product, "about_staff": what.about_staff, "order_ref": order}
        data |= {name: value for name, value in optional.items() if value}
        if what.loss:
            data["loss"] = what.loss.model_dump(mode="json")
        return _event(self.external_id(run), now, data) | {"type": kind}


class Broken(Invented):
    """Something that is no submission: `body` as it is, or a submission where `missing` is missing."""

    channel: str
    reason: Reason
    body: str | None = None
    missing: str | None = None

    def message(self, run: str, number: int) -> bytes:
        """Bytes that are sent."""
        if self.body is not None:
            return self.body.encode()
        data = {"customer": {"ref": "cust-0"}, "title": "A complaint without a customer"}
        data.pop(self.missing or "", None)
        return json.dumps(_event(f"{run}-broken-{number}", datetime.now(UTC), data)).encode()


class Catalogue(Invented):
    """Content of the whole file."""

    complaints: list[Complaint]
    grumbles: list[Complaint] = []
    """Grumbles of dissatisfied customers who do not complain; some become complaints."""
    sent_twice: list[str]
    broken: list[Broken]

    @property
    def lives(self) -> list[Complaint]:
        """Everything that has a script."""
        return [*self.complaints, *self.grumbles]


def load() -> Catalogue:
    """Read the catalogue of the demo; `ValueError` if the file is not well-formed."""
    return Catalogue.model_validate(yaml.safe_load(FILE.read_text("utf-8")))


def _event(event_id: str, time: datetime, data: dict[str, Any]) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "type": SUBMITTED,
        "source": SOURCE,
        "id": event_id,
        "time": time.isoformat(),
        "data": data,
    }
