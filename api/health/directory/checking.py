"""What a service and a practitioner may be made of."""

import re
from collections.abc import Mapping

from api.health.directory.errors import InvalidPractitioner, InvalidService
from api.health.directory.records import HealthcareService, Practitioner
from api.health.specialties import SPECIALTIES
from api.tourism.plain_text import NotPlain, plain
from locales import AVAILABLE

NAME_CHARACTERS_AT_MOST = 120
PREPARATION_CHARACTERS_AT_MOST = 1_000
QUALIFICATION_CHARACTERS_AT_MOST = 120
PRICE_DONG_AT_MOST = 1_000_000_000
SPECIALTIES_AT_MOST = 10
LANGUAGES_AT_MOST = 10
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?")
"""Language, script and region of BCP 47: of what people speak here nothing else is needed."""


def check_service(service: HealthcareService) -> None:
    """Raise InvalidService, which names the first part that cannot be."""
    if service.specialty not in SPECIALTIES:
        raise InvalidService("specialty")
    if "vi" not in service.names or not _are_texts(service.names, NAME_CHARACTERS_AT_MOST):
        raise InvalidService("names")
    if not _are_texts(service.preparation, PREPARATION_CHARACTERS_AT_MOST):
        raise InvalidService("preparation")
    if not service.payments or len(set(service.payments)) < len(service.payments):
        raise InvalidService("payments")
    if service.price_dong is not None and not 0 <= service.price_dong <= PRICE_DONG_AT_MOST:
        raise InvalidService("price")


def check_practitioner(practitioner: Practitioner) -> None:
    """Raise InvalidPractitioner, which names the first part that cannot be."""
    if not _is_line(practitioner.name, NAME_CHARACTERS_AT_MOST):
        raise InvalidPractitioner("name")
    if not _is_line(practitioner.qualification, QUALIFICATION_CHARACTERS_AT_MOST):
        raise InvalidPractitioner("qualification")
    if not _is_set(practitioner.specialties, SPECIALTIES_AT_MOST) or not (
        set(practitioner.specialties) <= SPECIALTIES.keys()
    ):
        raise InvalidPractitioner("specialties")
    if not _is_set(practitioner.languages, LANGUAGES_AT_MOST) or not all(
        map(_LANGUAGE.fullmatch, practitioner.languages)
    ):
        raise InvalidPractitioner("languages")


def is_plain(text: str, most: int, *, with_lines: bool = False) -> bool:
    """Tell whether a text is one that readers may be shown as it is."""
    try:
        return len(text) <= most and plain(text, with_lines=with_lines) == text
    except NotPlain:
        return False


def _is_line(text: str, most: int) -> bool:
    return is_plain(text, most)


def _are_texts(texts: Mapping[str, str], most: int) -> bool:
    return texts.keys() <= set(AVAILABLE) and all(
        is_plain(text, most, with_lines=True) for text in texts.values()
    )


def _is_set(values: tuple[str, ...], most: int) -> bool:
    return 1 <= len(values) <= most and len(set(values)) == len(values)
