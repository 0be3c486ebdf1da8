"""Submissions as other systems write them, and what becomes of them without any server."""

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import orjson

from services.intake.registration import IntakeContext, Registration, register
from shared.contract.outgoing import Outgoing
from shared.contract.subjects import submit
from shared.policy.loader import load_policy

NOW = datetime(2026, 11, 21, 2, 0, 0, 123456, tzinfo=UTC)
WEB = submit("web")
PERSONAL = {"name": "张小明", "phone": "13800138000", "email": "xiaoming@example.com"}
CUSTOMER = {
    "ref": "cust-88",
    **PERSONAL,
    "timezone": "Asia/Shanghai",
    "contact_hours": "09:00-18:00",
    "preferred_channel": "phone",
    "vip": False,
}
NARRATIVE = "手机用了三天就死机，客服态度很差。我要求退款并道歉。"


@lru_cache(maxsize=1)
def context() -> IntakeContext:
    return IntakeContext.under(load_policy("default"))


def submission(external_id: str = "2026-000123", **changes: Any) -> dict[str, Any]:
    """Message with every field; `changes` replace fields of `data`, None removes a field."""
    data = {
        "received_at": "2026-11-21T09:20:00+08:00",
        "language": "zh",
        "customer": {**CUSTOMER},
        "title": "手机死机",
        "narrative": NARRATIVE,
        "product": "X1 手机",
        "order_ref": "order-7",
        "unit": "shop-3",
        "about_staff": "agent-7",
        "remedy_sought": "refund",
        "loss": {"value": "199.00", "currency": "CNY"},
        "safety": False,
        "hints": {"category": "product", "motives": ["refund"], "severity": 3},
    }
    data = {name: value for name, value in (data | changes).items() if value is not None}
    return {
        "specversion": "1.0",
        "type": "complaints.submitted.v1",
        "source": "crm.example/cases",
        "id": external_id,
        "time": "2026-11-21T01:30:00Z",
        "data": data,
    }


def registered(message: Any, subject: str = WEB, now: datetime = NOW) -> Registration:
    body = message if isinstance(message, bytes) else orjson.dumps(message)
    return register(subject, body, now, context())


def said(fact: Outgoing) -> dict[str, Any]:
    """Data of a fact as published."""
    data: dict[str, Any] = orjson.loads(fact.body)["data"]
    return data
