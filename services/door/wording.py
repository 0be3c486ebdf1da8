"""Words of the form in both languages, and the language that a browser asks for. Pure but for one file."""

from functools import cache
from pathlib import Path

import yaml

from shared.policy.obligation import Language

WORDS = Path(__file__).with_name("words.yaml")
LANGUAGES: tuple[Language, ...] = ("zh", "en")


@cache
def words() -> dict[str, dict[str, str]]:
    """Words by language and key. The file has both languages beside each other."""
    both: dict[str, dict[str, str]] = yaml.safe_load(WORDS.read_text("utf-8"))
    return {language: {key: said[language] for key, said in both.items()} for language in LANGUAGES}


def language_for(chosen: str | None, accepted: str, default: Language) -> Language:
    """Chosen language, or the browser's (Accept-Language), or the default."""
    wanted = sorted(map(_weighed, accepted[:1000].split(",")), key=lambda pair: -pair[1])
    asked = [(chosen, 1.0), *wanted]
    known = [own for name, weight in asked for own in LANGUAGES if name == own and weight > 0]
    return known[0] if known else default


def _weighed(part: str) -> tuple[str, float]:
    name, _, parameter = part.strip().partition(";")
    try:
        weight = float(parameter.strip().removeprefix("q=") or 1)
    except ValueError:
        weight = 0.0
    return name.split("-")[0].lower(), weight
