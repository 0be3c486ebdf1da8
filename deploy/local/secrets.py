"""The secrets of an embedded stack, each made once, readable by the owner of the directory alone."""

import base64
import secrets
from pathlib import Path

from deploy.local.layout import Layout
from shared.runtime import publishers
from shared.runtime.settings import replace_secret

LOCAL = "local"
"""The publisher that every embedded stack has, and its source."""


def make_secrets(layout: Layout) -> None:
    """The keys of intake and the door, and the local publisher's token. Raises `ValueError`."""
    for path in (layout.master_key, layout.door_key):
        if not path.exists():
            replace_secret(path, base64.b64encode(secrets.token_bytes(32)))
    if not (layout.door_token.exists() and layout.door_tokens.exists()):
        replace_secret(layout.door_token, register(layout.door_tokens, LOCAL, LOCAL).encode())


def register(file: Path, name: str, source: str) -> str:
    """A new token for a publisher, which may from now on speak for `source`."""
    try:
        known = publishers.read(file) if file.exists() else publishers.Publishers()
        token = publishers.new_token()
        publishers.write(file, known.with_token(name, source, token, only=True))
    except publishers.UnusableTokens as error:
        raise ValueError(f"The file {file} holds no publishers ({error}); delete it or repair it.") from error
    return token
