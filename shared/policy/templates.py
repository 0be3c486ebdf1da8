"""Notices that a pack must have, and the words that each may use."""

from collections.abc import Iterator
from string import Template

from shared.policy.models import Pack
from shared.policy.problems import Loc

Found = Iterator[tuple[Loc, str]]

ACKNOWLEDGEMENT = "acknowledgement"

WORDS = {
    ACKNOWLEDGEMENT: ["title", "complaint_id", "by_when"],
    "response": ["text", "complaint_id"],
    "question": ["text", "complaint_id"],
    "restated": ["text", "complaint_id", "by_when", "link"],
    "offer": ["text", "complaint_id", "by_when"],
    "offer_withdrawn": ["complaint_id"],
    "offer_expired": ["complaint_id"],
    "released": ["complaint_id", "items"],
    "resolved": ["complaint_id", "done", "where_next"],
    "resolved_released": ["complaint_id", "released", "where_next"],
    "decision": ["text", "complaint_id", "recourse", "where_next"],
    "referred": ["complaint_id", "body", "where_next"],
    "withdrawn": ["complaint_id", "where_next"],
    "withdrawn_for_you": ["complaint_id", "where_next"],
    "merged": ["complaint_id", "into", "where_next"],
    "closed_satisfied": ["complaint_id", "where_next"],
    "closed_withdrawn": ["complaint_id", "where_next"],
    "closed_unreachable": ["complaint_id", "where_next"],
    "closed_not_called": ["complaint_id", "where_next"],
    "closed_no_verdict": ["complaint_id", "where_next"],
    "closed_refused": ["complaint_id", "where_next"],
    "reopened": ["complaint_id"],
    "delay": ["complaint_id"],
    "agreement_broken": ["complaint_id", "items"],
    "apology": ["text", "complaint_id"],
    "mediation": ["complaint_id", "by_when"],
    "slot": ["complaint_id", "by_when"],
    "extension": ["complaint_id", "by_when"],
    "waiting": ["complaint_id", "by_when"],
    "final": ["complaint_id", "where_next"],
    "grumble_acknowledgement": ["title", "complaint_id", "by_when"],
    "grumble_answer": ["text", "complaint_id"],
    "contact_joined": ["complaint_id"],
}
"""Words of each notice that Amends sends."""

PARTS = {
    "acknowledgement_sought": ["received_at", "remedy"],
    "acknowledgement_unsought": ["received_at"],
    "offer_conditions": ["complaint_id", "conditions"],
    "apology_full": ["complaint_id"],
    "apology_partial": ["complaint_id"],
    "merged_agreed": ["complaint_id", "into"],
    "extension_result": ["complaint_id", "by_when"],
    "extension_word": ["complaint_id", "by_when"],
    "extension_action": ["complaint_id", "by_when"],
    "extension_task": ["complaint_id", "by_when"],
    "delay_new_owner": ["complaint_id"],
    "delay_same_owner": ["complaint_id"],
    "delay_next_word": ["complaint_id", "by_when"],
    "response_promise": ["complaint_id", "by_when"],
    "contact_joined_by_when": ["complaint_id", "by_when"],
    "resolved_rest_released": ["complaint_id", "released"],
    "withdrawn_released": ["complaint_id", "items"],
    "resolved_call": ["complaint_id", "call_day"],
    "withdrawn_call": ["complaint_id", "call_day"],
    "reopened_answer": ["complaint_id", "by_when"],
}
"""Sentences after a notice. A pack without them adds nothing."""


def notice_problems(pack: Pack) -> Found:
    """Notices that are missing, not written in the pack's language, or with words that Amends does not fill
    in.
    """
    for name in WORDS:
        if name not in pack.notices:
            yield ("notices",), f"has no {name!r}; needed are {', '.join(WORDS)}"
    for name, by_language in pack.notices.items():
        if pack.language not in by_language:
            yield ("notices", name), f"has no text in {pack.language}, the language of the pack"
        for language, text in by_language.items():
            yield from _words(pack, name, language, text)


def _words(pack: Pack, name: str, language: str, text: str) -> Found:
    loc = ("notices", name, language)
    template = Template(text)
    if not template.is_valid():
        yield loc, "holds a $ that begins no word; write $$ for the sign itself"
    elif name in WORDS or name in PARTS:
        known = (WORDS | PARTS)[name] + (_dates(pack) if name == ACKNOWLEDGEMENT else [])
        for word in template.get_identifiers():
            if word not in known:
                yield loc, f"${word} is not filled in; allowed are {', '.join(f'${one}' for one in known)}"


def _dates(pack: Pack) -> list[str]:
    return [one.id for one in pack.obligations if one.starts == "received" and not one.by_severity]
