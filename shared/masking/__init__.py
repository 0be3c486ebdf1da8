"""Masking: numbers that harm their owner when they leak are not stored, whatever text they stand in. Pure.

`from shared.masking.masker import Masker`. What is found, is in `cards`, `identity` and `phones`.
"""
