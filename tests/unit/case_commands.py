"""Random data for every verb of a case, fitting its state more often than not."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from services.routing.rules.exits import open_items
from services.routing.rules.state import CaseState
from tests.unit.cases import roster

Draw = Callable[[st.SearchStrategy[Any]], Any]

AMOUNTS = ["50", "100", "199.00", "250", "300", "499.99", "500", "501", "600", "4000", "5001", "60000"]
HOURS = [-1, 0.5, 3, 30, 200, 400, 1000]
PEOPLE = sorted(roster())


class CommandData:
    """Draws the data of a command for the present state of a case."""

    def __init__(self, state: CaseState, now: datetime, draw: Draw) -> None:
        self._state = state
        self._now = now
        self._draw = draw

    def of(self, verb: str) -> dict[str, Any]:
        """Data of a `verb`; a verb that needs no choice has the same data each time."""
        make = getattr(self, f"_{verb}", None)
        return make() if make else {"text": "t", "reason": "r"}

    def _one_of(self, *choices: Any) -> Any:
        return self._draw(st.sampled_from(choices))

    def _seldom(self) -> bool:
        return bool(self._draw(st.sampled_from([False] * 9 + [True])))

    def _instant(self, base: datetime | None = None) -> datetime:
        return (base or self._now) + timedelta(hours=self._one_of(*HOURS))

    def _newest(self, kind: str, count: int) -> str:
        back = self._one_of(1, 2, 3) if self._seldom() else 0
        return f"{kind}-{count - back}"

    def _standards(self) -> list[str]:
        return self._one_of([], ["no-such"]) if self._seldom() else ["after-sales-7"]

    def _respond(self) -> dict[str, Any]:
        promise = self._instant() if self._seldom() else None
        answers = self._one_of(None, None, [], ["refund"])
        return {"kind": "plan", "text": "t", "promise_by": promise, "answers": answers}

    def _clarify(self) -> dict[str, Any]:
        liability = self._one_of("company", "shared", "none", "unknown")
        return {"cause": "c", "cause_side": "defect", "liability": liability}

    def _record_interest(self) -> dict[str, Any]:
        party = "company" if self._seldom() else "customer"
        return {"party": party, "interest": "money", "confirmed": not self._seldom()}

    def _restate(self) -> dict[str, Any]:
        interests = self._one_of([], ["money"], ["money", "respect"])
        return {"text": "t", "interests": interests, "until": self._instant() if self._seldom() else None}

    def _confirm(self) -> dict[str, Any]:
        name = self._newest("restatement", self._state.restatements)
        recording = self._one_of(None, "r")
        return {"restatement_id": name, "confirmed": not self._seldom(), "recording": recording}

    def _record_fallback(self) -> dict[str, Any]:
        return {"party": self._one_of("customer", "company"), "course": self._one_of("court", "decide")}

    def _prepare_options(self) -> dict[str, Any]:
        names = ["a"] if self._seldom() else ["a", "b", "c"][: self._one_of(2, 3)]
        why = self._one_of(None, None, "w")
        return {"options": [self._option(name) for name in names], "why": why}

    def _option(self, name: str) -> dict[str, Any]:
        remedy = self._one_of("refund", "refund", "voucher", "points", "apology", "replacement", "repair")
        currency = self._one_of("USD", "JPY", "AUD") if self._seldom() else "CNY"
        amount = {"value": self._one_of(*AMOUNTS), "currency": currency}
        return {"option_id": name, "remedy": remedy, "amount": None if self._seldom() else amount}

    def _offer(self) -> dict[str, Any]:
        names = [option.option_id for option in self._state.options] or ["a"]
        return {
            "option_id": "other" if self._seldom() else self._one_of(*names),
            "standards": self._standards(),
            "text": "t",
            "expires_at": self._instant() if self._seldom() else None,
            "conditions": self._one_of(None, None, None, "t"),
            "why_worse": self._one_of(None, None, "t"),
            "why_outside": self._one_of(None, "t"),
        }

    def _answer(self) -> dict[str, Any]:
        offer = self._newest("offer", len(self._state.offers))
        return {"offer_id": offer, "answer": self._one_of("accepted", "rejected", "countered")}

    def _withdraw_offer(self) -> dict[str, Any]:
        return {"offer_id": self._newest("offer", len(self._state.offers)), "reason": "r"}

    def _approve(self) -> dict[str, Any]:
        request = self._newest("approval", len(self._state.approvals))
        return {"request_id": request, "approved": not self._seldom()}

    def _complete_action(self) -> dict[str, Any]:
        known = sum(clock.kind == "action" for clock in self._state.clocks)
        return {"action_id": self._newest("action", known), "evidence": "e"}

    def _final_decision(self) -> dict[str, Any]:
        return {"decision": "rejected", "standards": self._standards(), "text": "t", "recourse": "12315"}

    def _mediate(self) -> dict[str, Any]:
        return {"to": self._one_of(*PEOPLE), "reason": "r"}

    def _finish_mediation(self) -> dict[str, Any]:
        names = [option.option_id for option in self._state.options] or ["a"]
        return {"outcome": self._one_of("proposal", "failed"), "option_id": names[0], "text": "t"}

    def _refer(self) -> dict[str, Any]:
        return {"to": "ombudsman", "reason": "r"}

    def _release(self) -> dict[str, Any]:
        items = [item.id for item in open_items(self._state)] or ["response"]
        return {"items": items if self._seldom() else [self._one_of(*items)], "reason": "r"}

    def _reclassify(self) -> dict[str, Any]:
        severity = self._one_of(None, 1, 2, 3, 4, 5)
        found = {"severity": severity, "safety": self._one_of(None, True, False), "reason": "r"}
        motives = self._one_of(
            None, None, ["refund"], ["suggestion"], ["harassment"], ["apology", "harassment"]
        )
        return found | {"motives": motives}

    def _complete_record(self) -> dict[str, Any]:
        if self._seldom():
            return {"about_staff": self._one_of(*PEOPLE)}
        return {self._one_of("product", "text", "remedy_sought", "unit"): "x"}

    def _ask(self) -> dict[str, Any]:
        code = self._one_of(None, "order_number", "proof", "remedy_wanted", "no-such")
        return {"question": code, "text": self._one_of(None, "t"), "send": self._seldom()}

    def _answer_question(self) -> dict[str, Any]:
        return {"question_id": self._newest("question", len(self._state.questions)), "text": "t"}

    def _hand_over(self) -> dict[str, Any]:
        return {"to": self._transfer()["to"]}

    def _begin_conversation(self) -> dict[str, Any]:
        return {"until": self._instant() if self._seldom() else None}

    def _transfer(self) -> dict[str, Any]:
        former = self._state.owners[-2:][0]
        to = former if self._one_of(True, False) else self._one_of(*PEOPLE, "nobody")
        return {"to": to, "reason": "r"}

    def _change(self) -> dict[str, Any]:
        slot = self._instant().isoformat() if self._one_of(True, False) else "later"
        what, to = self._one_of(("person", ""), ("place", "phone"), ("place", "shop"), ("time", slot))
        return self._transfer() | ({"what": what, "to": to} if to else {"what": what})

    def _pause(self) -> dict[str, Any]:
        return {"reason": "r", "until": self._instant() if self._one_of(True, False) else None}

    def _extend(self) -> dict[str, Any]:
        name = self._one_of("resolution", "resolution", "response_24h", "action-1", "task-1", "promise-1")
        clock = self._state.clock(name)
        until = self._instant(clock.due if clock else None)
        return {"obligation": name, "until": until, "reason": "r"}

    def _correct_receipt(self) -> dict[str, Any]:
        recorded_at = self._state.opening.received.recorded_at
        days = self._one_of(-1, 0, 0.01, 0.5, 1, 3, 30)
        return {"received_at": recorded_at - timedelta(days=days), "reason": "r"}

    def _raise_feedback(self) -> dict[str, Any]:
        return {"trigger": self._one_of(1, 2, 3, 4, 5, 6), "text": "t"}

    def _acknowledge_feedback(self) -> dict[str, Any]:
        return {"feedback_id": self._newest("feedback", len(self._state.feedback))}

    def _inform_party(self) -> dict[str, Any]:
        return {"party": self._one_of("staff", "departments", "regulator", "media"), "text": "t"}

    def _mark_vulnerable(self) -> dict[str, Any]:
        return {"vulnerable": not self._seldom(), "reason": "r"}

    def _open_task(self) -> dict[str, Any]:
        unit = self._one_of("warehouse", "quality", "price-care")
        return {"unit": unit, "text": "t", "due": self._one_of(None, self._instant())}

    def _report_task(self) -> dict[str, Any]:
        return self._finish_task()

    def _countersign_task(self) -> dict[str, Any]:
        task = self._newest("task", len(self._state.tasks))
        return {"task_id": task, "accepted": not self._seldom(), "reason": "r"}

    def _finish_task(self) -> dict[str, Any]:
        return {"task_id": self._newest("task", len(self._state.tasks)), "text": "t"}
