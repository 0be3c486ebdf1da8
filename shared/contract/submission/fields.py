"""What some fields of a submission must be: a time zone, hours, a language, attachments."""

import re
from functools import lru_cache
from typing import Annotated
from zoneinfo import available_timezones

import pycountry
from pydantic import AfterValidator, Field, StringConstraints

from shared.contract.submission.uris import Uri
from shared.contract.values.problems import OWN, problem, with_words

NO_PLACE = {"Factory", "localtime", "posixrules"}
"""Names that some machines know beside the zones, and that mean another time on each."""


@lru_cache(maxsize=1)
def _zones() -> set[str]:
    return available_timezones() - NO_PLACE


def _known_zone(name: str) -> str:
    if name not in _zones():
        raise problem("no_time_zone")
    return name


@lru_cache(maxsize=512)
def _is_language(code: str) -> bool:
    found = pycountry.languages.get(alpha_2=code) if len(code) == 2 else pycountry.languages.get(alpha_3=code)
    return found is not None


def _known_language(tag: str) -> str:
    if not _is_language(tag.partition("-")[0]):
        raise problem("no_language")
    return tag


def _hours_in_order(hours: str) -> str:
    start, end = hours.split("-")
    if start >= end:
        raise problem("hours_out_of_order")
    return hours


CONTACT_HOURS = re.compile(
    with_words(
        r"^([01][0-9]|2[0-3]):[0-5][0-9]-(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$",
        "must be hours such as 09:00-18:00",
        "必须是时间段，例如 09:00-18:00",
    )
)

Timezone = Annotated[str, AfterValidator(_known_zone)]

ContactHours = Annotated[
    str, StringConstraints(pattern=CONTACT_HOURS.pattern), AfterValidator(_hours_in_order)
]

LANGUAGE = with_words(r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$", *OWN["no_language"])

Language = Annotated[str, StringConstraints(pattern=LANGUAGE), AfterValidator(_known_language)]

Attachments = Annotated[list[Uri], Field(max_length=50)]
