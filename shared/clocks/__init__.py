"""Calendars, budgets and due instants: plain arithmetic, with no clock and no input or output of its own.

`calendar` is the pinned data, `working_time` turns it into UTC intervals, `amounts` defines how much time
there is, `budget` when it is over, `slots` finds the hour to call a complainant. `published` makes a
calendar from a library's data: for the moment a policy is loaded, never for workflow code.
"""
