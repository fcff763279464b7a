"""Tours and their stops as items of a pack: a phone can guide by them alone."""

from collections.abc import Callable, Iterable, Iterator

from api.guide.narrations.service import NarrationService
from api.guide.packs.items import PackItem, point, told
from api.guide.packs.scope import PackScope
from api.guide.speech.recordings import Recordings
from api.guide.speech.stop_recordings import StopRecording, Voices
from api.guide.tours.library import TourLibrary
from api.guide.tours.records import Stop, Tour, Zone
from api.kit.area import Circle
from api.tourism.commune_index import CommuneIndex


class TourItems:
    """A PackSource."""

    def __init__(
        self,
        library: TourLibrary,
        speech: Recordings,
        narrations: NarrationService,
        communes: CommuneIndex,
    ) -> None:
        self._library = library
        self._speech = speech
        self._narrations = narrations
        self._communes = communes

    async def pack_version(self) -> str:
        book = await self._narrations.book()
        return f"{self._library.version} {self._speech.version()} {book.version}"

    async def pack_items(self, scope: PackScope, language: str) -> Callable[[], Iterable[PackItem]]:
        tours = [
            tour
            for tour in self._library.tours.values()
            if scope.holds_tour(tour, self._communes_of(tour))
        ]
        voices = await Voices.now(self._speech, self._narrations)
        return lambda: [item for tour in tours for item in _items(tour, voices, language)]

    def _communes_of(self, tour: Tour) -> frozenset[str | None]:
        return frozenset(self._communes.at(stop.position) for stop in tour.stops)


def _items(tour: Tour, voices: Voices, language: str) -> Iterator[PackItem]:
    yield PackItem(
        f"tour/{tour.id}",
        {
            "name": told(tour.names, language),
            "textsUnchecked": list(tour.names_unchecked),
            "summary": told(tour.summaries, language),
            "advice": told(tour.advice, language),
            "walkingMinutes": tour.walking_minutes,
            "climb": tour.climb_metres,
            "length": round(tour.length_metres),
            "zonesSurveyed": tour.are_zones_surveyed,
            "corridor": tour.corridor_metres,
            "stops": [stop.id for stop in tour.stops],
        },
    )
    yield from (_stop(tour, stop, voices, language) for stop in tour.stops)


def _stop(tour: Tour, stop: Stop, voices: Voices, language: str) -> PackItem:
    return PackItem(
        f"stop/{tour.id}/{stop.id}",
        {
            "name": told(stop.names, language),
            "position": point(stop.position),
            "zones": [_zone(zone) for zone in stop.zones],
            "shortText": told(stop.short, language),
            "longText": told(stop.long, language),
            "directions": told(stop.directions, language),
            "placeId": stop.place_id,
            "recordings": list(map(_recording, voices.of(stop, language))),
        },
    )


def _recording(found: StopRecording) -> dict[str, object]:
    """Return how to fetch it and what to check it by: a pack holds no sound, which would be a thousand times larger."""
    return {
        "text": found.text.name,
        "language": found.language,
        "url": found.url,
        "contentType": found.content_type,
        "byteCount": found.byte_count,
        "sha256": found.sha256,
        "seconds": found.seconds,
        "synthetic": found.is_synthetic,
    }


def _zone(zone: Zone) -> dict[str, object]:
    if isinstance(zone, Circle):
        return {"centre": point(zone.centre), "radius": zone.radius_metres}
    return {"corners": [point(corner) for corner in zone.corners]}
