"""All questions that trails ask of the store. A line lies beside its trail: lists never load it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf

from api.kit.area import Circle
from api.kit.geo import Position
from api.kit.near_cells import Disc
from api.kit.store import CollectionSpec, Document, Filter, Index, Store
from api.tourism.closures.closure import Way, WayKind
from api.tourism.content_ids import is_content_id
from api.tourism.records import Texts
from api.tourism.trails.documents import line_document, line_of, positions, trail_document, trail_of
from api.tourism.trails.line import SAMPLE_METRES, Line, LinePoint, metres_from_line
from api.tourism.trails.trail import Trail, TrailOrigin
from api.tourism.trails.walking import Difficulty

TRAILS = CollectionSpec(
    "trails", (Index(("cells",), many=True), Index(("difficulty",)), Index(("origin",)))
)
TRAIL_LINES = CollectionSpec("trail_lines")
TRAILS_CONTENT = CollectionSpec("trails_content")
"""Two documents: which version of the shipped trails the store holds, and how often any changed."""

_SHIPPED, _CHANGES = "shipped", "changes"


@dataclass(frozen=True, slots=True)
class TrailFilter:
    """Which trails. No difficulties means all."""

    difficulties: frozenset[Difficulty] = frozenset()
    length_metres_at_most: float | None = None

    def condition(self) -> Filter:
        wanted: Document = {"is_withdrawn": False}
        if self.difficulties:
            wanted["difficulty"] = {"$in": sorted(it.value for it in self.difficulties)}
        if self.length_metres_at_most is not None:
            wanted["length_metres"] = {"$lte": self.length_metres_at_most}
        return wanted


class TrailRepository:
    """Writes join the open transaction, and each counts as a change of what can be searched."""

    def __init__(self, store: Store) -> None:
        self._trails = store[TRAILS]
        self._lines = store[TRAIL_LINES]
        self._content = store[TRAILS_CONTENT]

    async def get(self, trail_id: str) -> Trail | None:
        """Return a trail, also one that was withdrawn."""
        document = await self._trails.get(trail_id) if is_content_id(trail_id) else None
        return trail_of(document) if document else None

    async def shown(self, trail_id: str) -> Trail | None:
        """Return a trail that is not withdrawn."""
        trail = await self.get(trail_id)
        return trail if trail and not trail.is_withdrawn else None

    async def lines(self, trail_ids: Sequence[str]) -> dict[str, Line]:
        found = await self._lines.get_many(trail_ids)
        return {trail_id: line_of(document) for trail_id, document in found.items()}

    async def all(self, wanted: TrailFilter | None = None) -> list[Trail]:
        """Return trails by id, none that was withdrawn."""
        documents = await self._trails.find((wanted or TrailFilter()).condition())
        return list(map(trail_of, documents))

    async def listed(
        self, wanted: TrailFilter, after: Sequence[str] | None, limit: int
    ) -> list[Trail]:
        documents = await self._trails.find(wanted.condition(), after=after, limit=limit)
        return list(map(trail_of, documents))

    async def near(
        self,
        near: Position,
        disc: Disc,
        wanted: TrailFilter,
        *,
        within_metres: float | None,
        after: tuple[float, str] | None,
        limit: int,
    ) -> list[tuple[float, Trail]]:
        """Return the nearest trails in `disc` and their distances in metres, by distance, then id."""
        in_disc = {} if disc.cells is None else {"cells": {"$in": disc.cells}}
        documents = await self._trails.find({**wanted.condition(), **in_disc})
        # A line may cut the corner of a cell between two samples, and not be found by it.
        reach = min(inf if within_metres is None else within_metres, _known_reach(disc))
        measured = ((metres_from_line(near, positions(it)), it["_id"], it) for it in documents)
        nearest = sorted(
            (it for it in measured if it[0] <= reach and (after is None or it[:2] > after)),
            key=lambda it: it[:2],
        )
        return [(metres, trail_of(document)) for metres, _, document in nearest[:limit]]

    async def ways(self, trail_ids: Collection[str]) -> Mapping[str, Way]:
        """Return those of these trails that there are, as what can be closed."""
        found = await self._trails.get_many([it for it in trail_ids if is_content_id(it)])
        return {key: _way(trail_of(it)) for key, it in found.items() if not it["is_withdrawn"]}

    async def names(self, ids: Sequence[str]) -> Mapping[str, Texts]:
        """Return the names of those that are not withdrawn (SubjectsOfKind of reviews)."""
        found = await self._trails.get_many(ids)
        trails = map(trail_of, found.values())
        return {trail.id: trail.facts.names for trail in trails if not trail.is_withdrawn}

    async def add(self, trail: Trail, line: Line) -> None:
        await self._trails.insert(trail_document(trail))
        await self._lines.upsert(line_document(trail.id, line))
        await self._count_change()

    async def replace(self, trail: Trail, line: Line | None = None) -> Trail | None:
        """Put `trail`, and its line if there is a new one, in place of its version.

        None when somebody was faster.
        """
        stored = await self._trails.replace_if_version(trail_document(trail), trail.version)
        if stored is None:
            return None
        if line is not None:
            await self._lines.upsert(line_document(trail.id, line))
        await self._count_change()
        return trail_of(stored)

    async def put_shipped(self, trail: Trail, line: Line) -> bool:
        """Put a trail of the content files there; False, and nothing, where an editor's stands."""
        kept = await self.get(trail.id)
        if kept is None:
            await self.add(trail, line)
            return True
        if kept.origin is not TrailOrigin.SHIPPED:
            return False
        return await self.replace(replace(trail, version=kept.version), line) is not None

    async def remove_shipped_but(self, trail_ids: Collection[str]) -> int:
        """Remove what left the content files and no editor has changed; return how many."""
        shipped = await self._trails.find({"origin": TrailOrigin.SHIPPED.value})
        gone = [it["_id"] for it in shipped if it["_id"] not in trail_ids]
        if gone:
            await self._lines.delete_many({"_id": {"$in": gone}})
            await self._trails.delete_many({"_id": {"$in": gone}})
            await self._count_change()
        return len(gone)

    async def shipped_version(self) -> str | None:
        document = await self._content.get(_SHIPPED)
        return document["version"] if document else None

    async def note_shipped(self, version: str) -> None:
        await self._content.upsert({"_id": _SHIPPED, "version": version})

    async def changes(self) -> int:
        """Return a number that every change makes higher."""
        document = await self._content.get(_CHANGES)
        return int(document["count"]) if document else 0

    async def _count_change(self) -> None:
        counted = await self._content.update_one({"_id": _CHANGES}, {"$inc": {"count": 1}})
        if counted is None:
            await self._content.insert({"_id": _CHANGES, "count": 1})


def _known_reach(disc: Disc) -> float:
    return inf if disc.cells is None else disc.reach_metres - SAMPLE_METRES


def _way(trail: Trail) -> Way:
    outline = Line(tuple(LinePoint(it.latitude, it.longitude) for it in trail.course.outline))
    radius = trail.course.accuracy_metres + SAMPLE_METRES
    extent = tuple(Circle(spot, radius) for spot in outline.samples())
    return Way(WayKind.TRAIL, trail.id, trail.facts.names, extent)
