"""Geocodes that name parts of the province.

| valueName (case does not matter) | value |
|---|---|
| `VN-COMMUNE`, `laocai:commune` or `GSO` | a commune's five-digit code of the General Statistics Office |
| `VN-PROVINCE` or `laocai:province` | the province's code (`15`): the whole province |
| `ISO 3166-2` | one of the province's (`VN-02`, and the former Yên Bái's `VN-06`): the whole province |
| `ISO 3166-1` | `VN`: the whole province |

All others, of other countries and systems, say nothing about where our people are.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from api.alerts.cap_message import NamedValue
from api.province import served_province

_COMMUNE_NAMES = frozenset({"vn-commune", "laocai:commune", "gso"})


@dataclass(frozen=True, slots=True)
class NamedPlaces:
    """What the geocodes of an area name. `communes` are codes, perhaps of other provinces."""

    communes: frozenset[str]
    is_whole_province: bool

    def __bool__(self) -> bool:
        return self.is_whole_province or bool(self.communes)

    def communes_among(self, known: frozenset[str]) -> frozenset[str]:
        """Return the codes of ours that are meant."""
        return known if self.is_whole_province else self.communes & known


@cache
def _whole_province() -> frozenset[tuple[str, str]]:
    province = served_province()
    iso_codes = {("iso 3166-2", code.lower()) for code in province.iso_codes}
    by_code = {("vn-province", province.code), ("laocai:province", province.code)}
    return frozenset(by_code | iso_codes | {("iso 3166-1", "vn")})


def places_named(geocodes: Iterable[NamedValue]) -> NamedPlaces:
    """Return what we understand of the geocodes. A value may list several codes, by spaces or commas."""
    pairs = {
        (geocode.name.strip().lower(), value)
        for geocode in geocodes
        for value in geocode.value.replace(",", " ").split()
    }
    whole = _whole_province()
    return NamedPlaces(
        communes=frozenset(value for name, value in pairs if name in _COMMUNE_NAMES),
        is_whole_province=any((name, value.lower()) in whole for name, value in pairs),
    )
