"""People and their present roles: `live.py` looks them up, `walking.py` signals every open complaint after a
change.

`missing.py` names the people in a complaint who are on no roster any more.
"""
