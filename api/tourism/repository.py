"""All questions that tourism asks of the store."""

import asyncio
from collections.abc import Callable, Collection, Sequence

from api.kit.geo import Position, distance_metres
from api.kit.near_cells import Disc
from api.kit.store import CollectionSpec, Document, Filter, Index, Store
from api.tourism.content_files import Content
from api.tourism.documents import (
    commune_document,
    commune_of,
    market_document,
    market_of,
    place_document,
    place_of,
    point_of,
    position_of,
)
from api.tourism.records import Commune, Market, Place, PlaceCategory, Weekday
from locales import AVAILABLE

PLACES = CollectionSpec("places", (Index(("cells",), many=True), Index(("category",))))
MARKETS = CollectionSpec("markets", (Index(("weekdays",), many=True),))
COMMUNES = CollectionSpec("communes")
TOURISM_CONTENT = CollectionSpec("tourism_content")
"""One document: which version of the content files the store holds, and how often it was changed."""

_CURRENT = "current"
_BATCH = 50
Progress = Callable[[int, int], None]
"""Told how much is done, and of how much."""


class TourismRepository:
    def __init__(self, store: Store) -> None:
        self._store = store
        self._places = store[PLACES]
        self._markets = store[MARKETS]
        self._communes = store[COMMUNES]
        self._content = store[TOURISM_CONTENT]

    async def place(self, place_id: str) -> Place | None:
        document = await self._places.get(place_id)
        return place_of(document) if document else None

    async def places_by_id(self, place_ids: Sequence[str]) -> dict[str, Place]:
        found = await self._places.get_many(place_ids)
        return {place_id: place_of(document) for place_id, document in found.items()}

    async def places_listed(
        self, categories: Collection[PlaceCategory], after: Sequence[str] | None, limit: int
    ) -> list[Place]:
        """Return places by id; no categories means all."""
        documents = await self._places.find(_of_categories(categories), after=after, limit=limit)
        return [place_of(document) for document in documents]

    async def places_near(
        self,
        near: Position,
        disc: Disc,
        categories: Collection[PlaceCategory],
        *,
        is_wanted: Callable[[Document], bool],
        within_metres: float,
        after: tuple[float, str] | None,
        limit: int,
    ) -> list[tuple[float, Place]]:
        """Return the nearest places in `disc` and their distances in metres, ordered by distance, then id."""
        in_disc = {} if disc.cells is None else {"cells": {"$in": disc.cells}}
        documents = await self._places.find({**_of_categories(categories), **in_disc})
        reach = min(within_metres, disc.reach_metres)

        def measured() -> list[tuple[float, Place]]:
            found = (
                (distance_metres(near, position_of(it["position"])), it["_id"], it)
                for it in documents
            )
            nearest = sorted(
                (metres, place_id, document)
                for metres, place_id, document in found
                if metres <= reach
                and (after is None or (metres, place_id) > after)
                and is_wanted(document)
            )
            return [(metres, place_of(document)) for metres, _, document in nearest[:limit]]

        # In a thread: a town has thousands of places, and reading their hours takes a while.
        return await asyncio.to_thread(measured)

    async def places_lacking(
        self, language: str, after: Sequence[str] | None, limit: int
    ) -> list[Place]:
        """Return places without a text in a language, or with an unchecked name in it, by id.

        An opening note is lacking only where there is one in another language.
        """
        others = [
            {f"opening_note.{tag}": {"$exists": True}} for tag in AVAILABLE if tag != language
        ]
        lacks = [
            {f"names.{language}": {"$exists": False}},
            {"names_unchecked": language},
            {f"descriptions.{language}": {"$exists": False}},
            {"$and": [{f"opening_note.{language}": {"$exists": False}}, {"$or": others}]},
        ]
        documents = await self._places.find({"$or": lacks}, after=after, limit=limit)
        return [place_of(document) for document in documents]

    async def markets_on(self, weekday: Weekday) -> list[Market]:
        documents = await self._markets.find({"weekdays": weekday.value})
        return [market_of(document) for document in documents]

    async def content(self) -> Content:
        """Return everything. Seeding may fall in between: compare `content_version` before and after."""
        places = await self._places.find({})
        markets = await self._markets.find({})
        communes = await self._communes.find({})
        return Content(
            places=tuple(map(place_of, places)),
            markets=tuple(map(market_of, markets)),
            communes=tuple(map(commune_of, communes)),
        )

    async def communes(self) -> list[Commune]:
        return [commune_of(document) for document in await self._communes.find({})]

    async def shipped_version(self) -> str | None:
        """Return which version of the content files was loaded last."""
        document = await self._content.get(_CURRENT)
        return document["version"] if document else None

    async def content_version(self) -> str | None:
        """Return what changes with every load and every edit."""
        document = await self._content.get(_CURRENT)
        return f"{document['version']}+{document.get('edition', 0)}" if document else None

    async def show(self, place: Place) -> None:
        """Make a place be there as it is said; what is held there moves with it."""
        await self._places.upsert(place_document(place))
        point = point_of(place.position)
        elsewhere = [{f"position.{name}": {"$ne": degrees}} for name, degrees in point.items()]
        await self._markets.update_many(
            {"place_id": place.id, "$or": elsewhere},
            {"$set": {"position": point, "commune_code": place.commune_code}},
        )
        await self._count_edition()

    async def hide(self, place_id: str) -> None:
        """Take a place out of everything that lists places."""
        await self._places.delete_one({"_id": place_id})
        await self._count_edition()

    async def _count_edition(self) -> None:
        # Never set back, so that no process takes an old edition for the one it has in memory.
        if await self._content.update_one({"_id": _CURRENT}, {"$inc": {"edition": 1}}) is None:
            await self._content.insert({"_id": _CURRENT, "version": "", "edition": 1})

    async def replace_content(self, content: Content, version: str, progress: Progress) -> None:
        """Make the store hold exactly `content`: all of it or, when interrupted, nothing of it."""
        kinds: tuple[tuple[CollectionSpec, list[Document]], ...] = (
            (COMMUNES, [commune_document(commune) for commune in content.communes]),
            (PLACES, [place_document(place) for place in content.places]),
            (MARKETS, [market_document(market) for market in content.markets]),
        )
        total = sum(len(documents) for _, documents in kinds)
        done = 0
        async with self._store.transaction():
            for spec, documents in kinds:
                await self._store[spec].delete_many({})
                for start in range(0, len(documents), _BATCH):
                    batch = documents[start : start + _BATCH]
                    await self._store[spec].insert_many(batch)
                    done += len(batch)
                    progress(done, total)
            await self._count_edition()
            await self._content.update_one({"_id": _CURRENT}, {"$set": {"version": version}})


def _of_categories(categories: Collection[PlaceCategory]) -> Filter:
    if not categories:
        return {}
    return {"category": {"$in": sorted(category.value for category in categories)}}
