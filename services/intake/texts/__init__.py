"""What is made of the texts of a submission before it is on record. Pure.

`language` tells which one is spoken, `covering` masks numbers, and `travelling` says what of it may travel
and what is put away.
"""
