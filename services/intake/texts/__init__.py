"""Texts of a submission, before it is stored. Pure.

`language` recognises the language, `covering` masks numbers, and `travelling` separates the fields that
may travel from the texts that are encrypted and stored.
"""
