"""Kinds of actors: each row of a table of verbs names those who may use it, and refuses every other."""

from enum import StrEnum


class Who(StrEnum):
    """Kind of actor, as seen from one complaint."""

    COMPLAINANT = "complainant"
    OWNER = "owner"
    SUPERVISOR = "supervisor"
    STAFF = "staff"
    DEPARTMENT = "department"
    REQUESTER = "requester"
    OUTSIDER = "outsider"
    PRIVACY_OFFICER = "privacy_officer"


MEANING = {
    Who.COMPLAINANT: "the actor `customer`",
    Who.OWNER: "the member of staff who is accountable for the complaint now",
    Who.SUPERVISOR: "a lead or a manager",
    Who.STAFF: "any member of staff who handles complaints",
    Who.DEPARTMENT: "a member of a department that has an open task of the complaint",
    Who.REQUESTER: "the member of staff who asked for the approval, to take it back",
    Who.OUTSIDER: "a member of staff who did not handle the complaint",
    Who.PRIVACY_OFFICER: "a privacy officer",
}
"""Meaning of each kind in words, for the documents."""
