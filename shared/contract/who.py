"""Kinds of actors: each row of a table of verbs names those who may use it, and refuses every other."""

from enum import StrEnum

from shared.contract.values.problems import Words


class Who(StrEnum):
    """Kind of actor, as seen from one complaint."""

    COMPLAINANT = "complainant"
    OWNER = "owner"
    SUPERVISOR = "supervisor"
    STAFF = "staff"
    DEPARTMENT = "department"
    REQUESTER = "requester"
    MEDIATOR = "mediator"
    OUTSIDER = "outsider"
    PRIVACY_OFFICER = "privacy_officer"


MEANING: dict[Who, Words] = {
    Who.COMPLAINANT: Words("the actor `customer`", "操作人 customer（投诉人）"),
    Who.OWNER: Words("the member of staff who is accountable for the complaint now", "当前对投诉负责的员工"),
    Who.SUPERVISOR: Words("a lead, a manager or a person above them", "主管、经理或更高级别的人员"),
    Who.STAFF: Words("any member of staff who handles complaints", "任何处理投诉的员工"),
    Who.DEPARTMENT: Words(
        "a member of a department that has an open task of the complaint", "该投诉有未完成任务的部门的成员"
    ),
    Who.REQUESTER: Words(
        "the member of staff who asked for the approval, to take it back", "提出审批请求的员工（撤回请求）"
    ),
    Who.MEDIATOR: Words("the person who mediates now", "当前的调解人"),
    Who.OUTSIDER: Words("a member of staff who did not handle the complaint", "未经办该投诉的员工"),
    Who.PRIVACY_OFFICER: Words("a privacy officer", "隐私专员"),
}
"""Meaning of each kind in words."""

NAMED: dict[Who, Words] = MEANING | {Who.COMPLAINANT: Words("the complainant", "投诉人")}
"""Names of each kind, for a sentence on who may do something."""
