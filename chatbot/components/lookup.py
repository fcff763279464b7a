"""What to find in a message: names from the product's own data, and words from vocabulary/.

Pure Python without Rasa, so that it can be tried by itself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import yaml

from components.folding import fold

CHATBOT = Path(__file__).resolve().parents[1]
TOURISM_DATA = CHATBOT.parent / "api" / "tourism" / "data"
VOCABULARY = CHATBOT / "vocabulary"

_ASIDE = re.compile(r"\s*\([^)]*\)")
_UNIT = re.compile(r"^(phường|xã|thị trấn|thị xã)\s+|\s+(ward|commune|town)$", re.IGNORECASE)
_KIND_OF_PLACE = re.compile(
    r"^(bản|làng|đỉnh|thung lũng|đèo|village de|mont|vallée de|col de)\s+"
    r"|\s+(village|peaks?|valley|pass|summit|mountain)$"
    r"|(村|谷|峰|마을|계곡|山)$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Entry:
    """One spelling of one thing.

    `entity` is its kind ("place", "commune", "category", "day", "emergency"), `value` its id in that kind.
    `rank` decides between equal spellings: the lowest wins. Where `only_marked`, the marks must be typed.
    """

    spelling: str
    entity: str
    value: str
    rank: int = 0
    only_marked: bool = False


def build_lookup(data: Path = TOURISM_DATA, vocabulary: Path = VOCABULARY) -> list[dict[str, Any]]:
    """Return every entry as JSON; data files that are absent add none."""
    entries = [*_vocabulary(vocabulary), *_communes(data), *_places(data)]
    best: dict[tuple[str, str], Entry] = {}
    for entry in entries:
        key = (entry.spelling.lower(), "where" if entry.entity in WHERE else entry.entity)
        if key not in best or entry.rank < best[key].rank:
            best[key] = entry
    return [asdict(entry) for entry in best.values()]


WHERE = ("place", "commune", "province", "category")
"""Kinds that compete for the same words: in "chợ Bắc Hà" neither "chợ" nor "Bắc Hà" stands alone."""


def _vocabulary(folder: Path) -> Iterator[Entry]:
    for path in sorted(folder.glob("*.yml")):
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        for value, languages in document["values"].items():
            for language, spellings in languages.items():
                only_marked = language.endswith("-marked")
                for spelling in spellings:
                    yield Entry(spelling, document["entity"], value, only_marked=only_marked)


def _read(path: Path, name: str) -> list[dict[str, Any]]:
    return json.loads(path.read_text(encoding="utf-8"))[name] if path.exists() else []


def _places(data: Path) -> Iterator[Entry]:
    for place in _read(data / "places.json", "places"):
        names = [*place["names"].values(), *place.get("other_names", [])]
        for name in names:
            yield Entry(_ASIDE.sub("", name), "place", place["id"], rank=1)
        for name in names:
            bare = _KIND_OF_PLACE.sub("", _ASIDE.sub("", name))
            if _is_telling(bare):
                yield Entry(bare, "place", place["id"], rank=3)


def _communes(data: Path) -> Iterator[Entry]:
    for commune in _read(data / "communes.json", "communes"):
        code = commune["code"]
        yield from _unit_names(commune["names"].values(), code, rank=2)
        yield from _unit_names(commune.get("former_names", []), code, rank=4)


def _unit_names(names: Iterable[str], code: str, rank: int) -> Iterator[Entry]:
    for name in names:
        full = _ASIDE.sub("", name)
        yield Entry(full, "commune", code, rank)
        if _is_telling(bare := _UNIT.sub("", full)):
            yield Entry(bare, "commune", code, rank)


_COMMON = frozenset({"trung tâm", "hạnh phúc", "phúc lợi", "yên bình", "bình minh", "lào cai"})
"""Names of units that mostly mean something else: centre, happiness, welfare, peace, dawn, the province."""


def _is_telling(name: str) -> bool:
    """Two words, or two characters of a script without spaces: less is too common to mean a place."""
    if name.lower() in _COMMON:
        return False
    return len(name.split()) > 1 or (len(name) > 1 and not fold(name).isascii())
