"""Files of `docs/contract`: their contents, and the update of a directory."""

import json
from pathlib import Path

import yaml

from shared.contract.generate.asyncapi import asyncapi
from shared.contract.generate.clients import clients_page
from shared.contract.generate.page import page
from shared.contract.generate.schemas import schemas
from shared.contract.generate.taxonomy import taxonomy_page


def files() -> dict[str, str]:
    """All of `docs/contract` but the door's own document, by relative paths; a test keeps the two equal."""
    texts = {f"schemas/{name}": _json(schema) for name, schema in schemas().items()}
    document = yaml.safe_dump(
        asyncapi(), sort_keys=False, allow_unicode=True, width=110, default_flow_style=None
    )
    pages = {"README.md": page(), "clients.md": clients_page(), "taxonomy.md": taxonomy_page()}
    return {**pages, "asyncapi.yaml": document, **texts}


def write(directory: Path) -> list[Path]:
    """Bring `directory` up to date and return what changed; schemas without a model are removed."""
    changed = []
    wanted = files()
    for stale in sorted(directory.glob("schemas/*.json")):
        if f"schemas/{stale.name}" not in wanted:
            stale.unlink()
            changed.append(stale)
    for name, text in wanted.items():
        path = directory / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            changed.append(path)
    return changed


def _json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
