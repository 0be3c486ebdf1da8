"""Complaints that arrive: each is started at once, or stands in line on disk until its turn has come.

`admission` takes them in, `line` is where they wait, `working_off` starts the gravest first, `openings`
counts those on their way to a case, and `starting` is the start itself (docs/decisions/0009).
"""
