"""What places and communes are found by: their names count most, then what is around them."""

from collections.abc import Iterator

from api.kit.search.index import Entry
from api.tourism.labels import CATEGORY_LABELS
from api.tourism.records import Commune, Place
from locales import AVAILABLE, translator

_NAME, _OTHER_NAME, _FORMER_NAME = 1.0, 0.97, 0.9
_FORMER_UNIT, _COMMUNE, _CATEGORY, _FORMER_AREA = 0.5, 0.5, 0.5, 0.45


def place_entry(place: Place, commune: Commune | None) -> Entry:
    names = dict.fromkeys(place.other_names, _OTHER_NAME) | dict.fromkeys(
        place.names.values(), _NAME
    )
    label = CATEGORY_LABELS[place.category]
    context = {translator(language)(label): _CATEGORY for language in AVAILABLE}
    if place.former_unit:
        context[place.former_unit] = _FORMER_UNIT
    if place.former_province:
        context[_province(place.former_province)] = _FORMER_AREA
    return Entry(place.id, names, context | (_area_context(commune) if commune else {}))


def _area_context(commune: Commune) -> dict[str, float]:
    former = dict.fromkeys((*commune.former_names, *_former_areas(commune)), _FORMER_AREA)
    return former | dict.fromkeys(commune.names.values(), _COMMUNE)


def commune_entry(commune: Commune) -> Entry:
    names = dict.fromkeys(commune.former_names, _FORMER_NAME) | dict.fromkeys(
        commune.names.values(), _NAME
    )
    return Entry(commune.code, names, dict.fromkeys(_former_areas(commune), _FORMER_AREA))


def _former_areas(commune: Commune) -> Iterator[str]:
    if commune.former_district:
        yield commune.former_district
    if commune.former_province:
        yield _province(commune.former_province)


def _province(name: str) -> str:
    """Return what people type to mean the province and not the town of the same name."""
    return f"tỉnh {name}"
