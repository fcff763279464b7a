"""What a pack is made of: items, each one line of JSON with a hash of its own."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from api.guide.packs.scope import PackScope
from api.kit.geo import Position
from api.kit.localized import best_language

Fields = Mapping[str, object]
"""Members of a JSON object, in the contract's names; what is None or empty is left out of the line."""


@dataclass(frozen=True, slots=True)
class PackItem:
    """`key`: `<kind>/<id>`, unique in a pack."""

    key: str
    fields: Fields

    def line(self) -> bytes:
        """Return the item as one line of JSON, always the same for the same item."""
        members = {name: value for name, value in self.fields.items() if value not in _NOTHING}
        return json_line({"key": self.key, **members})


class PackSource(Protocol):
    """Somebody who has items. Its version changes whenever one of them does."""

    async def pack_version(self) -> str: ...

    async def pack_items(self, scope: PackScope, language: str) -> Callable[[], Iterable[PackItem]]:
        """Read what is needed, and return what makes the items of it; that is called in a thread."""
        ...


_NOTHING: tuple[object, ...] = (None, "", [], {})


def json_line(members: Fields) -> bytes:
    """Return JSON without white space, names in order, in UTF-8."""
    text = json.dumps(
        members, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
    )
    return text.encode()


def line_hash(line: bytes) -> str:
    return hashlib.sha256(line).hexdigest()


def told(texts: Mapping[str, str], language: str) -> dict[str, str] | None:
    """Return the text for a reader and the language it is in, None when there is none."""
    shown = best_language(texts, language)
    return None if shown is None else {"text": texts[shown], "language": shown}


def point(position: Position) -> dict[str, float]:
    return {"latitude": position.latitude, "longitude": position.longitude}
