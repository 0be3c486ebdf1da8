"""What another system says when somebody complains: `complaints.v1.submit.<channel>`.

`message` is what it may say, `fields` and `uris` are what single fields must be. `reading` makes a message of
the bytes that came, or says what is wrong with them.
"""

from shared.contract.submission.message import *
