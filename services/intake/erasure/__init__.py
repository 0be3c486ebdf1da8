"""Erasing a complaint everywhere (docs/decisions/0010).

`commands` takes the order, `record` keeps it until all have confirmed, `erasing` carries it out, and
`leftovers` is what the streams still hold.
"""
