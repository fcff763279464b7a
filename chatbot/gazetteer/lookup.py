"""What to find in a message: names from the product's own data, and words from vocabulary/."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from gazetteer.entry import Entry
from gazetteer.names import cards, communes, facilities, places
from gazetteer.roads import roads, roads_of_places
from gazetteer.vocabulary import vocabulary
from project import province_data

CHATBOT = Path(__file__).resolve().parents[1]
VOCABULARY = CHATBOT / "vocabulary"


def build_lookup(words: Path = VOCABULARY) -> list[dict[str, Any]]:
    """Return every entry as JSON; data files that are absent add none."""
    tourism = province_data("tourism")
    entries = [
        *vocabulary(words),
        *communes(tourism / "communes.json"),
        *places(tourism / "places.json", roads_of_places(tourism)),
        *roads(tourism),
        *facilities(province_data("health") / "facilities.json"),
        *cards(province_data("tourist_cards") / "products.json"),
    ]
    best: dict[tuple[object, ...], Entry] = {}
    for entry in entries:
        key = (entry.spelling.lower(), entry.group, entry.only_marked, entry.alone, entry.before)
        if key not in best or entry.order < best[key].order:
            best[key] = entry
    return [_without_defaults(entry) for entry in best.values()]


def _without_defaults(entry: Entry) -> dict[str, Any]:
    return {field: value for field, value in asdict(entry).items() if value}
