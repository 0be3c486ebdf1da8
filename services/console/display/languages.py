"""Language of a story for people: by option, else by the locale of the terminal."""

from collections.abc import Mapping
from typing import Literal

Language = Literal["en", "zh"]

VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")


def language_of(environment: Mapping[str, str]) -> Language:
    """Chinese for a Chinese locale, English for any other; the first variable that is set decides."""
    named = next((value for name in VARIABLES if (value := environment.get(name))), "")
    return "zh" if named.lower().startswith("zh") else "en"
