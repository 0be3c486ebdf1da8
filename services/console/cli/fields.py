"""`field=value` on the command line: values become what the contract's model wants of them."""

import json
from typing import Annotated, Any

from pydantic import BaseModel, TypeAdapter, ValidationError

from services.console.cli.usage import UsageError


def parse_object(text: str) -> dict[str, Any]:
    """Parse a JSON object; `UsageError` for anything else."""
    try:
        value = json.loads(text)
    except ValueError:
        raise UsageError('This is not JSON. Write a JSON object, such as \'{"kind": "plan"}\'.') from None
    if not isinstance(value, dict):
        raise UsageError("This is JSON but not an object. Write a JSON object in braces.")
    return value


def merge_fields(model: type[BaseModel], data: dict[str, Any], parts: list[str]) -> dict[str, Any]:
    """`data` with every `field=value` put in, and every JSON object; `a.b=value` reaches into an object."""
    merged = dict(data)
    for field in parts:
        if field.lstrip().startswith("{"):
            merged |= parse_object(field)
            continue
        path, equals, text = field.partition("=")
        if not equals or not path:
            raise UsageError(f"{field!r} is not a field. Write name=value.")
        _put(merged, path.split("."), _value(model, path, text), path)
    return merged


def _put(target: dict[str, Any], path: list[str], value: Any, whole: str) -> None:
    for name in path[:-1]:
        inner = target.setdefault(name, {})
        if not isinstance(inner, dict):
            raise UsageError(f"{whole!r} reaches into a value that is not an object.")
        target = inner
    target[path[-1]] = value


def _value(model: type[BaseModel], path: str, text: str) -> Any:
    """Parse a number where the contract has a number, a text where it has a text; JSON where neither fits."""
    field = model.model_fields.get(path)
    if field is not None:
        kind: Any = Annotated[(field.annotation, *field.metadata)] if field.metadata else field.annotation
        try:
            adapter: TypeAdapter[Any] = TypeAdapter(kind)
            return adapter.dump_python(adapter.validate_python(text), mode="json")
        except ValidationError:
            return _json_or_text(text)
    return text


def _json_or_text(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
