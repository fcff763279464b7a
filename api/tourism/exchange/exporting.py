"""Writes places page by page, so that a document of any size needs little memory."""

import hashlib
import json
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from typing import Any

from api.kit.store import Store
from api.tourism.exchange import geojson, json_ld
from api.tourism.exchange.importing import Format
from api.tourism.exchange.place_document import PlaceDocument
from api.tourism.records import Commune, Place
from api.tourism.repository import TourismRepository
from api.tourism.reviews.ratings import Rating, RatingRepository
from api.tourism.reviews.records import SubjectKind

MEDIA_TYPES = {Format.GEOJSON: geojson.MEDIA_TYPE, Format.JSON_LD: json_ld.MEDIA_TYPE}
_PAGE = 200
_SHAPE = "2"
"""Raise it when the same content is written another way: it is part of what caches compare."""


@dataclass(frozen=True, slots=True)
class _Beside:
    """What stands beside places: communes by code, ratings by the place's id."""

    communes: Mapping[str, Commune]
    ratings: Mapping[str, Rating]


class Exporting:
    def __init__(self, store: Store) -> None:
        self._repository = TourismRepository(store)
        self._ratings = RatingRepository(store)

    async def tag(self, kind: Format, language: str | None) -> str:
        """Return what changes whenever a document may: a weak entity tag (RFC 9110, 8.8.3)."""
        version = await self._repository.content_version()
        said = f"{_SHAPE} {kind.value} {language} {version}"
        ratings = sorted((await self._rated(kind)).items())
        digest = hashlib.sha256("\n".join([said, *map(str, ratings)]).encode())
        return f'W/"{digest.hexdigest()[:32]}"'

    async def place(self, place_id: str, kind: Format, language: str | None) -> bytes | None:
        """Return the document of one place, None if there is none."""
        place = await self._repository.place(place_id)
        if place is None:
            return None
        beside = await self._beside(kind)
        found = _item(place, kind, language, beside)
        if kind is Format.JSON_LD:
            return _written({"@context": json_ld.CONTEXT, "@graph": [json_ld.heading(), found]})
        terms = geojson.heading()
        return _written({**found, "license": terms["license"], "attribution": terms["attribution"]})

    async def places(self, kind: Format, language: str | None) -> AsyncGenerator[bytes]:
        """Yield the document of all places. With a language, each text is the best for its readers."""
        beside = await self._beside(kind)
        opening, is_first = _opening(kind)
        yield opening
        after: tuple[str] | None = None
        while places := await self._repository.places_listed((), after, _PAGE):
            items = (_written(_item(place, kind, language, beside)) for place in places)
            joined = b",\n".join(items)
            yield joined if is_first else b",\n" + joined
            is_first = False
            after = (places[-1].id,)
        yield b"\n]}\n"

    async def _beside(self, kind: Format) -> "_Beside":
        communes = {commune.code: commune for commune in await self._repository.communes()}
        return _Beside(communes, await self._rated(kind))

    async def _rated(self, kind: Format) -> Mapping[str, Rating]:
        """Return what only JSON-LD has a word for."""
        return await self._ratings.all_of(SubjectKind.PLACE) if kind is Format.JSON_LD else {}


def _item(place: Place, kind: Format, language: str | None, beside: _Beside) -> dict[str, Any]:
    document = PlaceDocument.of(place, language)
    if kind is Format.GEOJSON:
        return geojson.feature(document, language)
    commune = beside.communes.get(place.commune_code or "")
    return json_ld.node(document, commune, beside.ratings.get(place.id))


def _opening(kind: Format) -> tuple[bytes, bool]:
    """Return how the document begins, and whether its list is still empty."""
    if kind is Format.GEOJSON:
        return _written(geojson.heading())[:-1] + b',"features":[\n', True
    context, terms = _written(json_ld.CONTEXT), _written(json_ld.heading())
    return b'{"@context":' + context + b',"@graph":[\n' + terms, False


def _written(value: Any) -> bytes:  # noqa: ANN401 - any JSON value
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
