"""Submissions: complaints and grumbles that other systems send to `complaints.v1.submit.<channel>`.

`message` defines the message, `fields` and `uris` the rules of single fields. `reading` turns received
bytes into a message, or explains why they are none.
"""

from shared.contract.submission.message import *
