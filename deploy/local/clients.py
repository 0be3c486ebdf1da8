"""Clients of an embedded stack: the place of its register, and whether its server runs."""

import json
from pathlib import Path

from deploy.local.layout import Layout
from deploy.local.ownership import part_of
from deploy.local.parts import NATS
from deploy.nats.administering import Running, Site
from deploy.nats.config import seed_file
from deploy.nats.permissions import ADMIN


def site_of(directory: Path) -> Site:
    """Site of the stack in `directory`, whether it runs or not."""
    layout = Layout(directory.absolute())
    return Site(layout.clients, layout.keys, _config(layout), _running(layout))


def _config(layout: Layout) -> Path | None:
    return layout.nats_config if layout.nats_config.exists() else None


def _running(layout: Layout) -> Running | None:
    process = part_of(layout.root, layout.pid(NATS))
    if process is None or not layout.ready.exists():
        return None
    url = json.loads(layout.ready.read_text(encoding="utf-8"))["nats_url"]
    return Running(process.pid, url, seed_file(layout.keys, ADMIN))
