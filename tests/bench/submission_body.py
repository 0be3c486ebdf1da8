"""Submission as a shop would send it, of ordinary size."""

import json
from datetime import datetime

SOURCE = "bench/shop"
GRAVEST = 5


def body(external_id: str, received_at: datetime | None = None) -> bytes:
    """Message for a complaint with this id; without an instant it was received when intake handles it."""
    spoken = {"received_at": received_at.isoformat()} if received_at else {}
    return json.dumps(
        {
            "specversion": "1.0",
            "type": "complaints.submitted.v1",
            "source": SOURCE,
            "id": external_id,
            "data": spoken
            | {
                "language": "zh",
                "customer": {
                    "ref": f"customer-{external_id}",
                    "name": "王小明",
                    "phone": "13800138000",
                    "email": "wang@example.com",
                    "timezone": "Asia/Shanghai",
                },
                "title": "手机频繁死机",
                "narrative": "买了三天就频繁死机，客服让我等，已经等了一周，希望退款。" * 3,
                "product": "phone-x",
                "order_ref": f"order-{external_id}",
                "remedy_sought": "refund",
                "loss": {"value": "199.00", "currency": "CNY"},
            },
        }
    ).encode()


def burst_body(external_id: str) -> bytes:
    """Message with a severity of its own: every third is among the gravest."""
    event = json.loads(body(external_id))
    number = int(external_id.rsplit("-", 1)[1])
    event["data"]["hints"] = {"severity": (GRAVEST, 2, 3)[number % 3]}
    return json.dumps(event).encode()


def bad_body(external_id: str) -> bytes:
    """Bad message: cut off, without a customer, without a text, or in another envelope: each in turn."""
    whole = body(external_id)
    event = json.loads(whole)
    match int(external_id.rsplit("-", 1)[1]) % 4:
        case 0:
            return whole[:-1]
        case 1:
            del event["data"]["customer"]
        case 2:
            event["data"] |= {"title": None, "narrative": None}
        case _:
            event["specversion"] = "0.3"
    return json.dumps(event).encode()
