"""OpenAPI document of the door. FastAPI makes it from the routes, with the schemas of the contract.

`python -m services.door.openapi FILE` writes it.
"""

import json
import sys
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from pydantic import TypeAdapter

from services.door.api import router
from shared.contract.door import Accepted, Problem, Trouble
from shared.contract.generate.schemas import schemas
from shared.contract.generate.wording import clean, never_null
from shared.contract.quarantine import Reason
from shared.contract.subjects import Channel

Node = dict[str, Any]

ABOUT = (
    "For those who have no NATS client. It publishes to `complaints.v1.submit.<channel>` and does nothing "
    "else; facts are published over NATS, see README.md and asyncapi.yaml beside this document."
)


class DoorApp(FastAPI):
    """Application with the public route of the door, which serves its own description."""

    def __init__(self, **more: Any) -> None:
        super().__init__(
            title="Amends: the door",
            version="1.0.0",
            description=ABOUT,
            servers=[{"url": "/"}],
            docs_url=None,
            redoc_url=None,
            **more,
        )
        self.include_router(router)

    def openapi(self) -> Node:
        """Document whose schemas are written as in the rest of the contract."""
        document = super().openapi()
        document["components"]["schemas"] = _schemas()
        return document


def _schemas() -> Node:
    submission = {k: v for k, v in schemas()["submission.json"].items() if k not in ("$schema", "$id")}
    definitions = submission.pop("$defs")
    event = submission | {"properties": submission["properties"] | {"channel": {"$ref": "#/$defs/Channel"}}}
    own = {
        model.__name__: never_null(clean(TypeAdapter(model).json_schema(mode="serialization")))
        for model in (Accepted, Problem)
    }
    own["Problem"]["properties"]["code"] = {"enum": [*Reason, *Trouble]}
    data = definitions.pop("Submission")
    named = definitions | own | {"Submission": event, "SubmissionData": data}
    named["Channel"] = {"type": "string", "enum": list(Channel)}
    text = json.dumps(named).replace('"#/$defs/Submission"', '"#/components/schemas/SubmissionData"')
    whole: Node = json.loads(text.replace('"#/$defs/', '"#/components/schemas/'))
    return whole


def main() -> int:
    """Exit status 0 when written, 2 when called wrongly."""
    if len(sys.argv) != 2:
        print("usage: python -m services.door.openapi FILE", file=sys.stderr)
        return 2
    text = json.dumps(DoorApp().openapi(), indent=2, ensure_ascii=False) + "\n"
    Path(sys.argv[1]).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
