"""Tests, by what they need, and their helpers.

`unit` and `contract` need no server, `integration` real servers, `e2e` a whole stack, `chaos` a stack whose
parts are killed; `replay` has stored histories. A helper of several directories is a module here, a helper
of one directory is in it. `conftest.py` of a directory lists the fixtures that its tests share:

- servers: `conftest.py` (NATS, the shared stack), `temporal.py`, `postgres.py`, `stacks.py`, `own_servers.py`
- neighbours of Amends: `outside.py`, `listening.py`, `lives.py`, `door.py`, `web_form.py`
- the command line: `amends_command.py`
- waits and their limit: `patience.py`
- complaints, commands and packs as values: `unit/cases.py`, `unit/submissions.py`, `unit/followups.py`,
  `unit/bad_packs.py`, `unit/case_packs.py`
"""
