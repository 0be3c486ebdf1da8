"""Duplicate detection: complaints of one customer about one subject (docs/decisions/0008).

`judging`, with `text_similarity`, `order_numbers` and `everyday_words`, compares two submissions (pure).
`candidates` finds stored complaints that a batch may repeat, `classifying` decides for each submission, and
`joining` adds contacts. `confirm_duplicate`, `merging` and `link_customer` serve the commands of staff.
"""
