"""Trails as items of a pack. Not what of them is closed: that changes, and needs a network."""

from collections.abc import Callable, Iterable

from api.guide.packs.items import PackItem, point, told
from api.guide.packs.scope import PackScope
from api.kit.store import Store
from api.tourism.commune_index import CommuneIndex
from api.tourism.trails.exports import line_remark
from api.tourism.trails.labels import DIFFICULTY_LABELS, GUIDE_LABELS
from api.tourism.trails.polyline import encoded
from api.tourism.trails.repository import TrailRepository
from api.tourism.trails.trail import Trail
from locales import translator


class TrailItems:
    """A PackSource: of an area the trails that touch it."""

    def __init__(self, store: Store, communes: CommuneIndex) -> None:
        self._trails = TrailRepository(store)
        self._communes = communes

    async def pack_version(self) -> str:
        return str(await self._trails.changes())

    async def pack_items(self, scope: PackScope, language: str) -> Callable[[], Iterable[PackItem]]:
        trails = await self._trails.all()
        return lambda: [_trail(it, language) for it in trails if self._touches(it, scope)]

    def _touches(self, trail: Trail, scope: PackScope) -> bool:
        return any(
            scope.holds_place(trail.id, position, self._communes.at(position))
            for position in trail.course.outline
        )


def _trail(trail: Trail, language: str) -> PackItem:
    facts, course, measures = trail.facts, trail.course, trail.course.measures
    translate = translator(language)
    return PackItem(
        f"trail/{trail.id}",
        {
            "name": told(facts.names, language),
            "description": told(facts.descriptions, language),
            "notes": told(facts.notes, language),
            "lineKind": course.kind.name,
            "lineAccuracy": course.accuracy_metres,
            "lineRemark": line_remark(course, language, translate),
            "line": encoded(course.outline),
            "start": point(trail.start),
            "end": point(course.outline[-1]),
            "length": trail.length_metres,
            "ascent": None if course.is_sketch else measures.ascent_metres,
            "descent": None if course.is_sketch else measures.descent_metres,
            "walkingMinutes": trail.minutes,
            "difficulty": trail.difficulty.name,
            "difficultyName": translate(DIFFICULTY_LABELS[trail.difficulty]),
            "guide": facts.guide.name,
            "guideText": translate(GUIDE_LABELS[facts.guide]),
            "needsPermit": facts.needs_permit,
            "bestMonths": list(facts.best_months),
            "startPlaceId": facts.start_place_id,
            "endPlaceId": facts.end_place_id,
            "confidence": facts.confidence.name,
        },
    )
