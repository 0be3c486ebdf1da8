"""The same matter again: complaints of a customer that are one (docs/decisions/0008).

`matter`, with `likeness`, `order_numbers` and `everyday_words`, says what two submissions are to each other
(pure). `candidates` finds what is on record around a batch, `sorting` decides for each of it, `joining`
adds contacts; `commands` and `merging` are for what a person confirms.
"""
