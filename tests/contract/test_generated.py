"""docs/contract is what the models say, and what it says is well formed."""

from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from shared.contract.errors import MESSAGES
from shared.contract.events import FACTS
from shared.contract.generate.asyncapi import asyncapi
from shared.contract.generate.schemas import schemas
from shared.contract.generate.writing import files, write

DOCS = Path(__file__).parents[2] / "docs" / "contract"
FILES = files()
SCHEMAS = schemas()


def test_the_documents_are_what_the_models_generate() -> None:
    on_disk = {
        str(path.relative_to(DOCS)): path.read_text(encoding="utf-8")
        for path in DOCS.rglob("*")
        if path.is_file() and path.name != "openapi.json"
    }
    assert on_disk.keys() == FILES.keys(), "run `make contract`"
    stale = [name for name, text in FILES.items() if on_disk[name] != text]
    assert stale == [], "run `make contract`"


def test_writing_repairs_stale_pages_and_removes_superfluous_pages(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "README.md").write_text("something else", encoding="utf-8")
    (tmp_path / "schemas" / "event.forgotten.json").write_text("{}", encoding="utf-8")
    changed = {path.name for path in write(tmp_path)}
    assert changed == {"README.md", "event.forgotten.json"}
    assert write(tmp_path) == []


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_every_schema_is_valid_and_named_by_its_file(name: str) -> None:
    schema = SCHEMAS[name]
    Draft202012Validator.check_schema(schema)
    assert schema["$id"] == "urn:amends:contract:v1:" + name.removesuffix(".json").replace(".", ":")
    assert schema["description"]


def test_no_fact_or_reply_requires_or_allows_null() -> None:
    said = {
        name: text
        for name, text in FILES.items()
        if name.startswith(("schemas/event.", "schemas/query-reply."))
    }
    assert len(said) > len(FACTS)
    assert [name for name, text in said.items() if '"null"' in text] == []


def test_every_reference_of_the_asyncapi_document_leads_somewhere() -> None:
    document = asyncapi()
    found = list(references(document))
    assert len(found) > 300
    for reference in found:
        node = document
        for key in reference.removeprefix("#/").split("/"):
            node = node[key]


def test_every_fact_and_every_error_code_is_on_the_page() -> None:
    page = FILES["README.md"]
    for name in (*FACTS, *MESSAGES):
        assert f"| `{name}` |" in page
    assert "sources.md" not in page


def references(node: object) -> list[str]:
    if isinstance(node, list):
        return [found for item in node for found in references(item)]
    if not isinstance(node, dict):
        return []
    own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
    return own + [found for value in node.values() for found in references(value)]
