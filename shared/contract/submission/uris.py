"""Attachments: absolute URIs that only point to something."""

import re
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, StringConstraints

from shared.contract.values.problems import problem

ABSOLUTE = r"^[A-Za-z][A-Za-z0-9+.-]+:([A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+$"
"""Pattern of RFC 3986, with a scheme of two characters or more: one letter is a drive of a computer."""

MATCHES = re.compile(ABSOLUTE).match

HOSTED = {"http", "https", "ftp", "ftps", "sftp", "s3", "gs", "oss", "cos"}
"""Schemes that mean nothing without a host, or a bucket."""

UNSAFE = {
    "about", "blob", "data", "file", "filesystem", "intent", "jar", "javascript", "mailto", "tel", "vbscript",
    "view-source",
}  # fmt: skip
"""Schemes that carry their content, run it, open files of the reader's machine, or address a person."""

URN = re.compile(r"^urn:[a-z0-9][a-z0-9-]{0,30}[a-z0-9]:.", re.IGNORECASE).match


def absolute_uri(uri: str) -> str:
    """Check a URI, and return it unchanged."""
    if not MATCHES(uri):
        raise problem("no_uri")
    try:
        parts = urlsplit(uri)
        scheme, host, userinfo = parts.scheme, parts.hostname, "@" in parts.netloc
        parts.port  # noqa: B018 - reading it checks it
    except ValueError:
        raise problem("no_uri") from None
    if scheme in UNSAFE or userinfo:
        raise problem("unsafe_uri")
    if (scheme in HOSTED and not host) or (scheme == "urn" and not URN(uri)):
        raise problem("no_uri")
    return uri


Uri = Annotated[
    str,
    StringConstraints(min_length=3, max_length=2000),
    AfterValidator(absolute_uri),
    Field(json_schema_extra={"format": "uri", "pattern": ABSOLUTE}),
]
"""Absolute URI of RFC 3986; no `javascript:`, `data:`, `file:`, and no password in it."""
