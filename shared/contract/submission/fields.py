"""Rules of single fields of a submission: a time zone, hours, a language, attachments."""

from functools import lru_cache
from typing import Annotated

import pycountry
from pydantic import AfterValidator, Field, StringConstraints

from shared.contract.submission.uris import Uri
from shared.contract.submission.wishes import known_hours, known_zone
from shared.contract.values.problems import OWN, problem, with_words


@lru_cache(maxsize=512)
def _is_language(code: str) -> bool:
    found = pycountry.languages.get(alpha_2=code) if len(code) == 2 else pycountry.languages.get(alpha_3=code)
    return found is not None


def _known_language(tag: str) -> str:
    if not _is_language(tag.partition("-")[0]):
        raise problem("no_language")
    return tag


Timezone = Annotated[str, Field(max_length=64), AfterValidator(known_zone)]

ContactHours = Annotated[str, Field(max_length=120), AfterValidator(known_hours)]

LANGUAGE = with_words(r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$", *OWN["no_language"])

Language = Annotated[str, StringConstraints(pattern=LANGUAGE), AfterValidator(_known_language)]

Attachments = Annotated[list[Uri], Field(max_length=50)]
