"""Whole messages as they travel, for readers of the contract; a test holds each to its schema."""

from typing import Any

from shared.contract.ids import complaint_id, event_id, schema_urn, text_ref
from shared.contract.subjects import Service
from shared.contract.submission import SUBMITTED

SOURCE = "crm.example/cases"
EXTERNAL_ID = "2026-000123"
COMPLAINT_ID = complaint_id(SOURCE, EXTERNAL_ID)

SUBMISSION: dict[str, Any] = {
    "specversion": "1.0",
    "type": SUBMITTED,
    "source": SOURCE,
    "id": EXTERNAL_ID,
    "time": "2026-11-21T01:30:00Z",
    "data": {
        "received_at": "2026-11-21T09:20:00+08:00",
        "language": "zh",
        "customer": {
            "ref": "cust-88",
            "name": "王小明",
            "phone": "+86 10 5555 0100",
            "timezone": "Asia/Shanghai",
            "contact_hours": "09:00-18:00",
            "preferred_channel": "phone",
        },
        "title": "电水壶两天就坏了",
        "narrative": "新买的电水壶用了两天就不加热了，我要求退款。",
        "order_ref": "order-5511",
        "remedy_sought": "refund",
        "loss": {"value": "199.00", "currency": "CNY"},
        "safety": False,
        "hints": {"category": "product", "motives": ["refund"]},
    },
}

FACT: dict[str, Any] = {
    "specversion": "1.0",
    "type": "complaints.event.offer_made.v1",
    "source": "amends/routing",
    "id": event_id(COMPLAINT_ID, Service.ROUTING, 9),
    "time": "2026-11-21T03:05:00Z",
    "subject": COMPLAINT_ID,
    "dataschema": schema_urn("event:offer_made"),
    "datacontenttype": "application/json",
    "data": {
        "complaint_id": COMPLAINT_ID,
        "seq": 9,
        "cycle": 1,
        "stage": "negotiating",
        "actor": {"id": "agent-7", "role": "agent"},
        "policy": {"id": "default", "hash": "9f2c51ab"},
        "offer_id": "offer-1",
        "round": 1,
        "option_id": "repair",
        "remedy": "repair",
        "standards": [{"id": "warranty", "version": "1"}],
        "expires_at": "2026-11-24T03:05:00Z",
        "text_ref": text_ref("routing", COMPLAINT_ID, "text-0f3a"),
    },
}

COMMAND: dict[str, Any] = {
    "command_id": "7b1c9a52-answer",
    "complaint_id": COMPLAINT_ID,
    "actor": {"id": "customer"},
    "data": {"offer_id": "offer-1", "answer": "accepted"},
}

ACCEPTED: dict[str, Any] = {
    "ok": True,
    "complaint_id": COMPLAINT_ID,
    "stage": "implementing",
    "events": ["offer_answered", "agreed"],
    "allowed": ["complete_action", "note"],
    "result": {},
}

REFUSED: dict[str, Any] = {
    "ok": False,
    "error": {
        "code": "needs_response_first",
        "message": "The complainant has not had a substantive response yet. Send `respond` first.",
        "message_zh": "尚未向投诉人作出实质性答复。请先执行 respond。",
        "allowed": ["respond"],
    },
}
