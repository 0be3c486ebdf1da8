"""Wording gate: every text that the complainant will read is checked first (`sources.md` 68, 97).

`sentences.py` divides a text, `rules.py` prepares the rules of a pack, and `gate.py` applies them. The rules
are policy data (`shared/policy/wording_rules.py`, `packs/default/wording.yaml`). All of it is pure.
"""
