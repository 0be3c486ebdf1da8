"""Answer the query `explain`, each service for the verbs of its own table."""

from collections.abc import Callable, Collection, Mapping
from typing import Any, Protocol

from shared.contract.commands import COMMANDS, Command
from shared.contract.errors import Refusal, refuse
from shared.contract.generate.wording import meaning, plain
from shared.contract.queries import ExplainQuery, VerbExplained
from shared.contract.subjects import Service
from shared.contract.who import MEANING, Who
from shared.runtime import refusals

CONDITIONS_ZH: dict[str, str] = {
    "about_a_person": "该操作针对人员本身，不针对任何投诉：请求中不填投诉编号。",
    "being_handled": "投诉仍在处理中：已解决、撤回、移交或结案的投诉不再作决定。",
    "not_agreed_yet": "尚未达成约定：已达成的约定须执行，不再重新协商。",
    "responded_first": "已作出实质性答复：先处理心情，再处理事情。",
    "interest_known": "已记录经投诉人确认的利益诉求。",
    "listened_first": "动机或风格要求先倾听的，已倾听投诉人。",
    "restated_first": "策略要求复述问题的，已发送复述且投诉人未否认。",
    "restatement_sent": "已向投诉人发送可供确认的复述。",
    "fallbacks_known": "策略要求的，已记录双方在无协议时的打算。",
    "options_ready": "首次提出方案前已准备至少两个备选方案。",
    "no_open_offer": "没有待答复的方案：须先答复或撤回。",
    "no_open_request": "没有待审批的方案。",
    "offer_open": "有待答复的方案。",
    "actions_open": "有已约定、可以执行的事项。",
    "approval_open": "有尚未决定的审批请求。",
    "supervisor_above": "上面还有可以升级到的主管或经理。",
    "nothing_open": "没有未了事项。",
    "something_open": "有投诉人可以免除的未了事项。",
    "transfer_open": "有等待接受的转办。",
    "apology_due": "有应致而未致的歉意。",
    "mediation_open": "有进行中的调解。",
    "no_mediation": "没有进行中的调解。",
    "no_transfer": "没有其他等待接受的转办。",
    "not_paused": "计时没有暂停。",
    "paused": "计时已暂停。",
    "task_open": "有部门尚未完成的任务。",
    "question_open": "有投诉人尚未回答的问题。",
    "task_finished": "有部门已完成、等待会签的任务。",
    "feedback_open": "有尚未被全部接收人确认的内部反馈。",
    "not_closed": "投诉尚未结案；回访期间不算结案。",
    "record_complete": "记录已达到策略对此步骤要求的完整程度。",
    "a_call_is_due": "回访已到期，或已联系到投诉人、其仍可拒绝评价。",
    "until_the_end": "跟进结束之前随时可以。",
}
"""Conditions of the tables in Chinese, by name; in English they are the docstrings."""


class Row(Protocol):
    """Row of a table of verbs, as the tables of all services have it."""

    @property
    def command(self) -> type[Command]: ...

    @property
    def may(self) -> Collection[Who]: ...

    @property
    def conditions(self) -> Collection[Callable[..., Any]]: ...


class ExplainWork:
    """Answers `explain` for the verbs of one service. Routing refuses a verb that no service has."""

    def __init__(self, service: Service, rows: Mapping[str, Row]) -> None:
        self._service = service
        self._rows = rows

    async def __call__(self, query: ExplainQuery) -> VerbExplained | Refusal | None:
        if row := self._rows.get(query.verb):
            return explained(self._service, row)
        if query.verb not in COMMANDS and self._service is Service.ROUTING:
            return refuse(refusals.UNKNOWN_VERB, verb=query.verb, known=", ".join(sorted(COMMANDS)))
        return None


def explained(service: Service, row: Row) -> VerbExplained:
    """Describe a row of a table of verbs."""
    return VerbExplained(
        verb=row.command.VERB,
        service=service,
        about=meaning(row.command),
        may={who: MEANING[who].en for who in Who if who in row.may},
        may_zh={who: MEANING[who].zh for who in Who if who in row.may},
        conditions={one.__name__: plain(str(one.__doc__).partition("\n")[0]) for one in row.conditions},
        conditions_zh={one.__name__: CONDITIONS_ZH.get(one.__name__, "") for one in row.conditions},
        texts=list(row.command.TEXTS),
    )
