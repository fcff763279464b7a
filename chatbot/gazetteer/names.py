"""Names of the product's own data, and the shorter ones that people use for them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from gazetteer.entry import Entry
from gazetteer.folding import fold

_ASIDE = re.compile(r"\s*\([^)]*\)")
_UNIT = re.compile(
    r"^(phường|xã|thị trấn|thị xã|commune de|commune d’|quartier de|quartier d’)\s*"
    r"|\s+(ward|commune|town|면|동)$|(社|坊)$",
    re.IGNORECASE,
)
_KIND_OF_PLACE = re.compile(
    r"^(bản|làng|đỉnh|thung lũng|đèo|chợ(?! đêm| đá)|thác(?! và)|village de|mont|vallée de|col de|marché de(?! nuit)"
    r"|cascades? de)\s+"
    r"|\s+(village|peaks?|valley|pass|summit|mountain|(?<!night )(?<!gem )market|waterfall)$"
    r"|(村|谷|峰|마을|계곡|山|산|渓谷|峠|고개|山口|集市|(?<!야)시장|市場)$",
    re.IGNORECASE,
)
_LONG = 8
_PARTICLE = re.compile(r"\s+(?:de|du|d’|d')\s*", re.IGNORECASE)
"""What people leave out in French: "lac Thac Ba"."""
_COMMON = frozenset(
    {
        "trung tâm",
        "hạnh phúc",
        "phúc lợi",
        "yên bình",
        "bình minh",
        "lào cai",
        "安平",
        "老街",
        "라오까이",
        "ラオカイ",
        "반반",
        "tình yêu",
        "l’amour",
        "保安",
    }
)
"""Names of units that mostly mean something else: centre, happiness, welfare, peace, dawn, the province,
half and half, a guard, love."""


def read(path: Path, name: str) -> list[dict[str, Any]]:
    return json.loads(path.read_text(encoding="utf-8"))[name] if path.exists() else []


def places(path: Path, roads_of_places: Mapping[str, dict[str, Any]]) -> Iterator[Entry]:
    """`roads_of_places`: roads by the Vietnamese names of the places that are one."""
    for place in read(path, "places"):
        road = roads_of_places.get(place["names"]["vi"], {"code": "", "names": {}})
        names = [
            *place["names"].values(),
            *place.get("other_names", []),
            *road["names"].values(),
        ]
        names += [_PARTICLE.sub(" ", name) for name in (place["names"].get("fr", ""),) if name]
        for name in names:
            yield Entry(_ASIDE.sub("", name), "place", place["id"], rank=1, road=road["code"])
        for name in names:
            bare = _KIND_OF_PLACE.sub("", _ASIDE.sub("", name))
            if _is_telling(bare):
                yield Entry(bare, "place", place["id"], rank=3, road=road["code"])


def communes(path: Path) -> Iterator[Entry]:
    """Yield them so that a commune of today wins over a sight of the same bare name, and a sight over one of old."""
    for commune in read(path, "communes"):
        code = commune["code"]
        yield from _unit_names(commune["names"].values(), code, rank=0)
        yield from _unit_names(commune.get("former_names", []), code, rank=4)


def _unit_names(names: Iterable[str], code: str, rank: int) -> Iterator[Entry]:
    for name in names:
        full = _ASIDE.sub("", name)
        yield Entry(full, "commune", code, rank)
        if _is_telling(bare := _UNIT.sub("", full)):
            yield Entry(bare, "commune", code, rank)


def _is_telling(name: str) -> bool:
    """Two words, one long one, or two characters of a script without spaces: less is too common to mean a place."""
    if name.lower() in _COMMON:
        return False
    return (
        len(name.split()) > 1 or len(name) >= _LONG or (len(name) > 1 and not fold(name).isascii())
    )


def facilities(path: Path) -> Iterator[Entry]:
    for facility in read(path, "facilities"):
        for name in facility["names"].values():
            yield Entry(name, "facility", facility["id"], rank=1)


def cards(path: Path) -> Iterator[Entry]:
    for product in read(path, "products"):
        for name in product["names"].values():
            yield Entry(name, "card", product["id"], rank=1)
