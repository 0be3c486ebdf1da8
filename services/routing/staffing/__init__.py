"""Who stands where now: `live.py` looks it up, `walking.py` tells every open complaint when it changed.

`missing.py` names who has a role in a complaint and stands nowhere any more.
"""
