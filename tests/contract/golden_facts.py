"""One example of each fact as it stood on the wire when version 1 was fixed: its own fields, by name."""

from typing import Any

AT = "2026-11-21T03:05:00Z"
LATER = "2026-11-22T03:05:00Z"
REF = "routing:Cxl24reuudjrczpw:text-0f3a"
MONEY = {"value": "199.00", "currency": "CNY"}
STANDARD = {"id": "consumer-law-24", "version": "2014"}
CLOCK = {"obligation": "response_24h", "regime": "default", "due": LATER}

OWN: dict[str, dict[str, Any]] = {
    "received": {
        "channel": "web",
        "received_at": AT,
        "recorded_at": AT,
        "language": "zh",
        "customer_ref": "cust-88",
        "external_ref": "2026-000123",
        "external_source": "crm.example/cases",
        "safety": False,
        "loss": MONEY,
        "contact": {
            "timezone": "Asia/Shanghai",
            "contact_hours": "09:00-18:00",
            "preferred_channel": "phone",
        },
        "hints": {"category": "product", "motives": ["refund"], "severity": 3},
        "signals": {"categories": {"product": 2}, "motives": [], "styles": ["angry"], "safety": False},
        "promises": [{"promise_id": "reply", "what": "reply", "by_when": LATER}],
        "text_refs": {"narrative": "intake:Cxl24reuudjrczpw:narrative"},
    },
    "promise_made": {"promise_id": "reply", "what": "reply", "by_when": LATER},
    "contact_added": {"channel": "phone", "at": AT, "text_ref": REF},
    "duplicate_suspected": {"of": "Cxl24reuudjrczpw", "score": 0.83},
    "merged": {"into": "Cxl24reuudjrczpw"},
    "notice": {
        "template": "offer",
        "language": "zh",
        "channel": "phone",
        "customer_ref": "cust-88",
        "text_ref": REF,
    },
    "triaged": {
        "category": "product",
        "nature": "transaction",
        "motives": [{"motive": "refund", "confidence": 0.9, "source": "hint"}],
        "style": [],
        "severity": 3,
        "severity_score": {"table": "default", "points": {"loss": 2}},
        "safety": False,
    },
    "assigned": {"owner": "agent-7", "team": "care", "level": 1, "why": "triage"},
    "transferred": {"transfer_id": "t1", "sender": "agent-7", "to": "agent-8", "reason_ref": REF},
    "transfer_returned": {"transfer_id": "t1", "sender": "agent-7", "to": "agent-8"},
    "changed": {"what": "time", "to": "tomorrow"},
    "escalated": {"level": 2, "why": "breach", "to": "lead-1"},
    "feedback_raised": {"trigger": 3, "to": ["manager-1"], "text_ref": REF},
    "task_opened": {"task_id": "k1", "unit": "repair-shop", "due": LATER, "text_ref": REF},
    "task_done": {"task_id": "k1", "text_ref": REF},
    "deadline_set": {**CLOCK, "started_at": AT, "provisional": False},
    "deadline_moved": {**CLOCK, "was": AT, "why": "pause", "provisional": False},
    "deadline_warned": {**CLOCK, "percent": 75, "to": "agent-7"},
    "deadline_met": {**CLOCK, "by_fact": "responded", "late": False},
    "deadline_breached": {**CLOCK, "late_registration": False},
    "deadline_extended": {**CLOCK, "was": AT, "reason_ref": REF},
    "deadline_cancelled": {**CLOCK, "reason": "withdrawn"},
    "paused": {"until": LATER, "obligations": ["resolution"]},
    "resumed": {"obligations": ["resolution"], "why": "answer"},
    "receipt_corrected": {"received_at": AT, "was": LATER, "reason_ref": REF},
    "policy_migrated": {
        "from": {"id": "default", "hash": "9f2c51ab9f2c51ab"},
        "to": {"id": "uk-disp", "hash": "0b1c2d3e4f506172"},
        "moved": [
            {"obligation": "resolution", "was": AT, "due": LATER},
            {"obligation": "acceptance", "due": LATER},
            {"obligation": "visit", "was": AT},
        ],
        "reason_ref": REF,
    },
    "responded": {"kind": "plan", "promise_by": LATER, "text_ref": REF},
    "clarified": {
        "cause": "heater",
        "cause_side": "defect",
        "liability": "company",
        "evidence_refs": [REF],
    },
    "interest_recorded": {"party": "customer", "interest": "money", "confirmed": True},
    "position_set": {"version": 1, "text_ref": REF},
    "options_prepared": {
        "options": [
            {"option_id": "repair", "remedy": "repair", "value_to_customer": 0.4, "value_to_company": 0.9}
        ]
    },
    "offer_made": {
        "offer_id": "offer-1",
        "round": 1,
        "option_id": "refund",
        "remedy": "refund",
        "amount": MONEY,
        "standards": [STANDARD],
        "expires_at": LATER,
        "text_ref": REF,
    },
    "offer_answered": {
        "offer_id": "offer-1",
        "answer": "countered",
        "counter": {"remedy": "refund", "amount": MONEY},
        "next_option_id": "refund",
    },
    "offer_withdrawn": {"offer_id": "offer-1", "reason_ref": REF},
    "offer_expired": {"offer_id": "offer-1"},
    "approval_requested": {
        "request_id": "r1",
        "what": "offer",
        "to": "lead-1",
        "asked_by": "agent-7",
        "amount": MONEY,
    },
    "approval_given": {"request_id": "r1", "approved": True},
    "agreed": {
        "offer_id": "offer-1",
        "terms": {"remedy": "refund", "amount": MONEY, "standards": [STANDARD]},
        "actions": [{"action_id": "a1", "what": "refund", "due": LATER}],
    },
    "action_completed": {"action_id": "a1", "evidence_ref": REF},
    "final_decision": {
        "decision": "rejected",
        "standards": [STANDARD],
        "recourse": "consumer association",
        "text_ref": REF,
    },
    "referred": {"to": "regulator", "reason_ref": REF},
    "withdrawn": {"reason_ref": REF},
    "case_ended": {"why": "merged", "into": "Cxl24reuudjrczpw"},
    "resolved": {"outcome": "agreed", "owner": "agent-7", "language": "zh", "customer_ref": "cust-88"},
    "callback_scheduled": {"attempt": 1, "due": LATER, "window_end": LATER, "provisional": True},
    "callback_due": {"attempt": 1, "window_start": AT, "window_end": LATER},
    "callback_reported": {"attempt": 1, "result": "no_answer", "again_at": LATER},
    "satisfaction_recorded": {
        "resolved": True,
        "overall": 5,
        "fairness": {"outcome": 5, "process": 4, "treatment": 5},
        "nps": 9,
    },
    "reopened": {"why": "not_resolved", "to_cycle": 2},
    "closed": {"outcome": "satisfied"},
}
