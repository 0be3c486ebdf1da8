"""Find the models of the contract in the modules that define them; no list of them is kept by hand."""

from collections.abc import Iterator
from types import ModuleType
from typing import TypeVar

Model = TypeVar("Model")


def defined_in(module: ModuleType, base: type[Model], named: str) -> Iterator[type[Model]]:
    """Yield the subclasses of `base` that a module defines and that have a name of their own in `named`."""
    for found in vars(module).values():
        own = isinstance(found, type) and found.__module__ == module.__name__
        if own and issubclass(found, base) and named in vars(found):
            yield found
