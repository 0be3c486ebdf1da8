"""Sound part of a section with a problem, so that one mistake hides no other."""

from dataclasses import dataclass
from typing import Any, TypeVar, get_origin

from pydantic import BaseModel, ValidationError, create_model

from shared.policy.marked import Source
from shared.policy.problems import Loc, inner

Entry = TypeVar("Entry", bound=BaseModel)


@dataclass(frozen=True)
class Gaps:
    """Parts left out because they are wrong: whole fields (`absent`), and entries of others (`thinned`)."""

    absent: frozenset[str] = frozenset()
    thinned: frozenset[str] = frozenset()

    def there(self, *fields: str) -> bool:
        """Whether these fields are sound, although entries may be left out."""
        return self.absent.isdisjoint(fields)

    def whole(self, *fields: str) -> bool:
        """Whether nothing is left out of these fields, so that a missing name is really missing."""
        return self.there(*fields) and self.thinned.isdisjoint(fields)

    def __or__(self, other: "Gaps") -> "Gaps":
        return Gaps(self.absent | other.absent, self.thinned | other.thinned)


NONE = Gaps()


def sound_part(
    model: type[Entry], content: dict[str, Any], absent: frozenset[str] = frozenset()
) -> tuple[Entry, Gaps]:
    """Entry with its sound fields. The others are gaps: empty, or without a value."""
    kept: dict[str, Any] = {
        name: (field.annotation, field) for name, field in model.model_fields.items() if name not in absent
    }
    try:
        part = create_model(model.__name__, **kept).model_validate(content)
    except ValidationError as error:
        return sound_part(model, content, absent | {str(one["loc"][0]) for one in error.errors()})
    empty: dict[str, Any] = {name: kind() for name in absent if (kind := _collection(model, name))}
    return model.model_construct(**empty, **vars(part)), Gaps(absent)


def thinned(model: type[BaseModel], source: Source, wrong: list[Loc]) -> tuple[Source, Gaps]:
    """Source without the wrong entries of its lists and mappings."""
    fields = {str(loc[0]) for loc in wrong if len(loc) > 1 and _has_entries(model, source, str(loc[0]))}
    for name in fields:
        source = source.without(name, {loc[1] for loc in wrong if loc[0] == name and len(loc) > 1})
    return source, Gaps(thinned=frozenset(fields))


def _has_entries(model: type[BaseModel], source: Source, name: str) -> bool:
    return isinstance(source.content.get(name), _collection(model, name) or ())


def _collection(model: type[BaseModel], name: str) -> type[Any] | None:
    """Whether a field is a list or a mapping."""
    field = model.model_fields.get(name)
    kind = get_origin(inner(field.annotation)) if field else None
    return kind if kind in (list, dict) else None
