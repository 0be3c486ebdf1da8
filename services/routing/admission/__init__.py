"""Admission: start the workflow of each complaint at once, or queue it on disk until there is room.

`admitting` receives complaints, `queue` stores those that wait, `turns` gives each source its turn,
`dispatcher` starts the gravest first, `in_flight` counts workflows that have no case yet, and
`workflow_start` is the call (docs/decisions/0009).
"""
