"""Messages that a machine wrote: how they are recognised, and how often a complaint's messages are answered.

A gateway marks what it knows to be automatic; many robots are not marked, so their wording is looked at, too.
"""
