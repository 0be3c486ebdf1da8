"""Every wire name, written by hand from the design: a name that changes here breaks other systems.

Names and fields may be added. Nothing may be renamed or removed; that takes version 2 of the contract.
"""

FACTS = {
    "received": (
        "channel received_at recorded_at language customer_ref external_ref safety loss text_refs "
        "completeness representative group_ref attachments grumbled_at grumbles customer_register losses"
    ),
    "promise_made": "what by_when",
    "contact_added": "channel at text_ref automatic unanswered",
    "duplicate_suspected": "of score",
    "merged": "into",
    "customer_linked": "customer_register customer_ref reason_ref undone",
    "erased": "reason texts",
    "grumbled": "channel received_at recorded_at language customer_ref external_ref contact text_refs "
    "answer_by loss remedy_sought customer_register",
    "grumble_answered": "text_ref",
    "promoted": "because into grumbles reason_ref",
    "notice": "template language channel customer_ref text_ref",
    "triaged": "category nature motives style severity severity_score safety",
    "assigned": "owner team level why reasons",
    "queued": "team to since waits",
    "transferred": "to",
    "transfer_returned": "to why",
    "concerned_added": "staff units why contact",
    "chain_changed": "lead manager was_lead was_manager why",
    "unattended": "roles",
    "changed": "what to channel slot due",
    "escalated": "level why to copied_to",
    "commander_named": "commander role previous severity",
    "stakeholder_added": "party why due",
    "stakeholder_informed": "party text_ref",
    "vulnerability_marked": "vulnerable reason_ref",
    "overridden": "limit why to reason_ref",
    "feedback_raised": "trigger to feedback_id due",
    "feedback_acknowledged": "feedback_id waiting",
    "task_opened": "task_id unit unit_ref due reads",
    "task_reported": "task_id text_ref",
    "task_urged": "task_id unit why to key",
    "task_signed": "task_id accepted due reason_ref",
    "task_done": "task_id sign_by",
    "task_moved": "task_id unit was why",
    "handed_over": "transfer_id sender to",
    "assistant_named": "assistant",
    "conversation_begun": "until",
    "conversation_ended": "",
    "hand_over_due": "owner by",
    "hand_over_missed": "owner by to",
    "question_asked": "question_id question text_ref sent",
    "question_answered": "question_id text_ref",
    "deadline_set": "obligation regime due provisional",
    "deadline_moved": "obligation regime due provisional",
    "deadline_warned": "obligation regime due percent reminder copied_to",
    "deadline_met": "obligation regime due",
    "deadline_breached": "obligation regime due late_registration",
    "deadline_extended": "obligation regime due",
    "deadline_cancelled": "obligation regime due reason",
    "paused": "until obligations",
    "resumed": "obligations why",
    "receipt_corrected": "received_at was reason_ref",
    "policy_migrated": "from to moved reason_ref",
    "responded": "kind promise_by text_ref",
    "clarified": "cause cause_ref cause_side liability evidence_refs",
    "record_completed": "fields missing score",
    "interest_recorded": "party interest confirmed how recording_ref",
    "listened": "text_ref",
    "restated": "restatement_id interests expires_at text_ref",
    "restatement_answered": "restatement_id confirmed how recording_ref text_ref",
    "fallback_recorded": "party course text_ref",
    "position_set": "version",
    "options_prepared": "options",
    "offer_made": "offer_id round option_id remedy amount standards expires_at text_ref value rates "
    "conditions_ref outside why_outside_ref",
    "gone_back": "offer_id below asked_by why_ref",
    "offer_answered": "offer_id answer counter next_option_id",
    "offer_withdrawn": "offer_id",
    "offer_expired": "offer_id",
    "approval_requested": "request_id what to reasons below why_worse_ref",
    "approval_given": "request_id approved",
    "approval_passed": "request_id was to why",
    "negotiation_reopened": "action_id why",
    "apology_due": "apology_id kind liability by due",
    "apology_given": "apology_id how text_ref",
    "deadlocked": "why rounds since to",
    "mediator_named": "mediation_id mediator due reason_ref previous",
    "mediation_finished": "mediation_id outcome option_id text_ref",
    "agreed": "offer_id terms actions better_for_both",
    "action_completed": "action_id evidence_ref",
    "final_decision": "decision standards recourse recourse_ref text_ref",
    "referred": "to package_sha256",
    "released": "items by reason_ref",
    "withdrawn": "by asked_by reason_ref",
    "carried_over": "duplicate was agreed actions tasks offers before questions",
    "case_ended": "why into moved",
    "resolved": "outcome",
    "callback_scheduled": "attempt due window_end",
    "callback_due": "attempt window_start window_end",
    "callback_overdue": "attempt what level to",
    "callback_reported": "attempt result again_at evidence_refs",
    "satisfaction_recorded": "resolved overall satisfied fairness nps",
    "reopened": "why to_cycle",
    "closed": "outcome why",
}

HEADER = "complaint_id seq cycle stage actor policy"

SAID_BY_INTAKE = (
    "received promise_made contact_added duplicate_suspected merged customer_linked erased grumbled "
    "grumble_answered promoted notice"
)
SAID_BY_FOLLOWUP = (
    "notice callback_scheduled callback_due callback_overdue callback_reported satisfaction_recorded "
    "reopened closed"
)

VERBS = {
    "sign_on": "staff",
    "sign_off": "staff",
    "propose_swap": "to mine theirs",
    "accept_swap": "swap_id",
    "refuse_swap": "swap_id",
    "add_contact": "channel text at automatic about_staff unit",
    "answer_grumble": "text",
    "promote": "reason",
    "confirm_duplicate": "of",
    "link_customer": "register ref reason undo",
    "erase": "reason",
    "respond": "kind text promise_by answers needs why position",
    "clarify": "cause cause_side liability text evidence",
    "record_interest": "party interest text confirmed recording",
    "listen": "text",
    "restate": "text interests until",
    "confirm": "restatement_id confirmed recording text",
    "record_fallback": "party course text",
    "complete_record": "remedy_sought product order_ref unit about_staff loss text",
    "ask": "question text send",
    "answer_question": "question_id text",
    "set_position": "text replaces",
    "prepare_options": "options needs why",
    "offer": "option_id standards expires_at text position conditions why_worse why_outside",
    "answer": "offer_id answer counter text",
    "withdraw_offer": "offer_id reason",
    "approve": "request_id approved reason",
    "complete_action": "action_id evidence",
    "final_decision": "decision standards text recourse position",
    "refer": "to reason package_sha256",
    "withdraw": "reason",
    "release": "items reason",
    "reclassify": "category sub cause_side nature triggers gap style motives severity safety reason",
    "transfer": "to reason",
    "accept_transfer": "complaint_ids",
    "hand_over": "to complaint_ids all",
    "begin_conversation": "until",
    "end_conversation": "",
    "change": "what to reason",
    "escalate": "reason",
    "pause": "reason until",
    "resume": "reason",
    "extend": "obligation until reason",
    "correct_receipt": "received_at reason",
    "migrate_policy": "reason",
    "raise_feedback": "trigger text",
    "inform_party": "party text",
    "mark_vulnerable": "vulnerable reason",
    "override": "reason",
    "apologise": "text",
    "mediate": "to reason",
    "finish_mediation": "outcome option_id text",
    "acknowledge_feedback": "feedback_id",
    "open_task": "unit text due",
    "report_task": "task_id text",
    "finish_task": "task_id text",
    "countersign_task": "task_id accepted reason due",
    "note": "text",
    "report_callback": "attempt result again_at text evidence",
    "record_satisfaction": "resolved overall outcome process treatment nps text",
}

DONE_BY_INTAKE = "add_contact answer_grumble promote confirm_duplicate link_customer erase"
DONE_BY_FOLLOWUP = "report_callback record_satisfaction"

QUERIES = {
    "presence": "staff team limit",
    "complaint": "complaint_id cursor",
    "negotiation": "complaint_id actor",
    "fairness": "by measure since until",
    "precedent": "complaint_id category cause_side severity loss currency actor",
    "timeline": "complaint_id limit cursor",
    "worklist": "owner team person manager stage severity category regime unsure overdue "
    "group by limit cursor",
    "text": "text_ref purpose",
    "rates": "",
    "change_effects": "",
    "policy": "hash",
    "backlog": "",
    "migration": "complaint_id",
    "grumble": "complaint_id",
    "rejected": "cursor",
    "explain": "verb",
    "wording": "text dated",
    "reads": "service actor complaint_id reader limit cursor",
}

CLASSIFY = "request_id complaint_id language channel text_refs answer_by"
CLASSIFY_REPLY = "request_id complaint_id category sub motives severity safety confidence unsure words"

BINDING = "obligation regime due"

ERROR_CODES = (
    "malformed unknown_complaint unknown_actor not_owner not_allowed_now needs_response_first "
    "needs_listening needs_restatement needs_interest needs_substance "
    "needs_options needs_reason needs_standard over_authority worse_than_before offer_not_open "
    "record_incomplete would_ping_pong conflict_of_interest wording stale_position too_late "
    "needs_second_person client_not_allowed rate_limited still_open asked_already erased unavailable internal"
)

CHANNELS = "phone email web chat app social counter letter hotline regulator other"
STAGES = "recorded analysing negotiating implementing following_up closed"
OUTCOMES = "satisfied dissatisfied unreachable withdrawn referred decided merged"
REASONS = (
    "not_json not_cloudevent invalid future too_large unknown_channel rate_limited too_complex "
    "foreign_source id_reused automatic"
)

SUBMISSION = (
    "received_at language customer title narrative product order_ref unit about_staff remedy_sought loss "
    "safety hints attachments representative group_ref automatic"
)
CUSTOMER = "ref name phone email timezone contact_hours preferred_channel vip"

STREAMS = {
    "COMPLAINTS_SUBMIT": "complaints.v1.submit.> complaints.v1.from.*.submit.* complaints.v1.probe.submit",
    "COMPLAINTS_EVENTS": "complaints.v1.event.> complaints.v1.probe.events",
    "COMPLAINTS_QUARANTINE": ("complaints.v1.quarantine.> complaints.v1.deadletter.>"),
}
