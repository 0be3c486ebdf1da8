"""Masking of numbers that harm their owner when they leak: cards, identity numbers, telephones. They are
stored in no text. Pure.

`from shared.masking.masker import Masker`. The kinds of numbers are defined in `cards`, `identity` and
`phones`.
"""
