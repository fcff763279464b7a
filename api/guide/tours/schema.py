from typing import Annotated

import strawberry

from api.alerts.schema import Alert
from api.context import Info
from api.guide.speech.stop_recordings import StopRecording as RecordingFound
from api.guide.speech.stop_recordings import Voices
from api.guide.tours.guiding import GuideState, Turn
from api.guide.tours.guiding import Next as NextFound
from api.guide.tours.labels import STATE_LABELS, TURN_LABELS
from api.guide.tours.records import Polygon, StopText, Texts, Zone
from api.guide.tours.records import Stop as StopRecord
from api.guide.tours.service import GuideAnswer, GuideQuestion, TourFound
from api.kit.area import Circle
from api.kit.formats import distance_text
from api.kit.pagination import After, Connection, First
from api.kit.schema_types import LocalizedText, Position, PositionInput
from api.tourism.reviews.records import Subject, SubjectKind
from api.tourism.reviews.schema import Reviewed

strawberry.enum(GuideState, description="What the guide holds of somebody on a tour.")
strawberry.enum(StopText, description="Which of a stop's texts.")
strawberry.enum(Turn, description="Where something lies, seen from the way one looks.")


@strawberry.type(description="Where a story is told: a circle, or a polygon.")
class TriggerZone:
    centre: Position | None = strawberry.field(description="Of a circle.")
    radius: float | None = strawberry.field(description="Metres; of a circle.")
    corners: list[Position] = strawberry.field(description="Of a polygon; else empty.")

    @classmethod
    def of(cls, zone: Zone) -> "TriggerZone":
        if isinstance(zone, Circle):
            return cls(centre=Position.of(zone.centre), radius=zone.radius_metres, corners=[])
        return cls(centre=None, radius=None, corners=_corners(zone))


@strawberry.type(description="A text of a stop to listen to.")
class StopRecording:
    text: StopText = strawberry.field(description="Which text is spoken.")
    language: str = strawberry.field(description="BCP 47 tag of the language it is spoken in.")
    url: str = strawberry.field(
        description="A sound file that never changes; a person's recording after a redirect."
    )
    content_type: str = strawberry.field(
        description="audio/wav, audio/mpeg, audio/mp4 or audio/ogg."
    )
    byte_count: int = strawberry.field(description="Size in bytes.")
    sha256: str = strawberry.field(description="Of the bytes, in hexadecimal.")
    seconds: float = strawberry.field(description="How long it is.")
    synthetic: bool = strawberry.field(
        description="Spoken by a machine: say so to who listens. False: a person tells it."
    )

    @classmethod
    def of(cls, found: RecordingFound) -> "StopRecording":
        return cls(
            text=found.text,
            language=found.language,
            url=found.url,
            content_type=found.content_type,
            byte_count=found.byte_count,
            sha256=found.sha256,
            seconds=found.seconds,
            synthetic=found.is_synthetic,
        )


@strawberry.type(description="A stop of a tour, and its story.")
class TourStop:
    id: strawberry.ID = strawberry.field(
        description="Unique in its tour: what `guideAt` takes in `heard`."
    )
    name: LocalizedText = strawberry.field(description="In the reader's language.")
    position: Position = strawberry.field(description="Where one stands to look.")
    zones: list[TriggerZone] = strawberry.field(description="In any of them its story is told.")
    short_text: LocalizedText = strawberry.field(description="A sentence or two.")
    long_text: LocalizedText = strawberry.field(
        description="The story; in English or Vietnamese where the reader's language has only the short text."
    )
    directions: LocalizedText | None = strawberry.field(
        description="How to go on to the next stop; null at the last."
    )
    place_id: strawberry.ID | None = strawberry.field(
        description="The place it is about: see `place`."
    )
    record: strawberry.Private[StopRecord]

    @strawberry.field(
        description="Its texts to listen to, in the languages of `shortText` and `longText`: told by a person where"
        " somebody recorded them, else spoken by a machine; empty where there is neither."
    )
    async def recordings(self, info: Info) -> list[StopRecording]:
        services = info.context.services
        voices = await Voices.now(services.guide.speech, services.guide.narrations)
        return list(map(StopRecording.of, voices.of(self.record, info.context.language)))

    @classmethod
    def of(cls, stop: StopRecord, info: Info) -> "TourStop":
        return cls(
            id=strawberry.ID(stop.id),
            name=_text(stop.names, info),
            position=Position.of(stop.position),
            zones=[TriggerZone.of(zone) for zone in stop.zones],
            short_text=_text(stop.short, info),
            long_text=_text(stop.long, info),
            directions=LocalizedText.of(stop.directions, info.context.language),
            place_id=strawberry.ID(stop.place_id) if stop.place_id else None,
            record=stop,
        )


@strawberry.type(description="A walk from stop to stop.")
class Tour(Reviewed):
    id: strawberry.ID = strawberry.field(description="Opaque.")
    name: LocalizedText = strawberry.field(description="In the reader's language.")
    texts_unchecked: list[str] = strawberry.field(
        description="BCP 47 tags of the languages whose texts no native speaker has checked yet."
    )
    summary: LocalizedText = strawberry.field(description="A sentence or two.")
    advice: LocalizedText = strawberry.field(
        description="When to go, what to take, who can walk it."
    )
    walking_minutes: int = strawberry.field(description="Minutes on foot, without pauses.")
    climb: int = strawberry.field(description="Metres upwards in all, about.")
    length: float = strawberry.field(
        description="Metres from stop to stop as the crow flies; the path is longer."
    )
    zones_surveyed: bool = strawberry.field(
        description="Whether somebody has walked the tour and corrected the zones on the spot."
    )
    distance: float | None = strawberry.field(
        description="Metres from `near` to the first stop as the crow flies; null without it."
    )
    stops: list[TourStop] = strawberry.field(description="In the order of the walk.")

    @classmethod
    def of(cls, found: TourFound, info: Info) -> "Tour":
        tour = found.tour
        return cls(
            subject=Subject(SubjectKind.TOUR, tour.id),
            id=strawberry.ID(tour.id),
            name=_text(tour.names, info),
            texts_unchecked=list(tour.names_unchecked),
            summary=_text(tour.summaries, info),
            advice=_text(tour.advice, info),
            walking_minutes=tour.walking_minutes,
            climb=tour.climb_metres,
            length=tour.length_metres,
            zones_surveyed=tour.are_zones_surveyed,
            distance=found.distance_metres,
            stops=[TourStop.of(stop, info) for stop in tour.stops],
        )


@strawberry.type(description="Where to go next.")
class NextStop:
    stop: TourStop
    distance: float = strawberry.field(description="Metres as the crow flies.")
    distance_text: str = strawberry.field(description="`distance` as the reader writes it.")
    bearing: float | None = strawberry.field(
        description="Degrees from north; null where the position is not known well enough."
    )
    turn: Turn | None = strawberry.field(description="Null without a heading or a bearing.")
    turn_text: str | None = strawberry.field(description="`turn` in the reader's language.")
    directions: LocalizedText | None = strawberry.field(
        description="The way from the stop before, when that was the last one told."
    )

    @classmethod
    def of(cls, found: NextFound, info: Info) -> "NextStop":
        language = info.context.language
        turn = found.turn
        before = found.comes_from
        return cls(
            stop=TourStop.of(found.stop, info),
            distance=found.distance_metres,
            distance_text=distance_text(found.distance_metres, language),
            bearing=found.bearing,
            turn=turn,
            turn_text=None if turn is None else info.context.translate(TURN_LABELS[turn]),
            directions=None if before is None else LocalizedText.of(before.directions, language),
        )


@strawberry.type(description="What to tell somebody now, and where to go.")
class Guidance:
    warnings: list[Alert] = strawberry.field(
        description="In force here or at the next stop, the worst first. Show them before any story."
    )
    state: GuideState
    text: str = strawberry.field(description="`state` for the reader, in a sentence.")
    tell: TourStop | None = strawberry.field(
        description="The stop whose story to tell now. Add its id to `heard` once it is told."
    )
    brief: bool = strawberry.field(description="Passing by in a vehicle: tell the short text only.")
    likelihood: float = strawberry.field(
        description="0 to 1: how likely this is in the zone of a stop not yet heard."
    )
    next: NextStop | None = strawberry.field(description="Null when every stop was heard.")
    heard_count: int = strawberry.field(description="How many stops of this tour were heard.")
    stop_count: int = strawberry.field(description="How many stops this tour has.")

    @classmethod
    def of(cls, answer: GuideAnswer, info: Info) -> "Guidance":
        guidance = answer.guidance
        return cls(
            warnings=[Alert.of(view, info.context) for view in answer.warnings],
            state=guidance.state,
            text=info.context.translate(STATE_LABELS[guidance.state]),
            tell=TourStop.of(guidance.told, info) if guidance.told else None,
            brief=guidance.is_brief,
            likelihood=guidance.likelihood,
            next=NextStop.of(guidance.next, info) if guidance.next else None,
            heard_count=guidance.heard,
            stop_count=len(answer.tour.stops),
        )


@strawberry.type
class ToursQuery:
    @strawberry.field(description="Tours: nearest first stop first with `near`, else by id.")
    async def tours(
        self,
        info: Info,
        near: PositionInput | None = None,
        first: First = 20,
        after: After = None,
    ) -> Connection[Tour]:
        page = info.context.services.guide.tours.tours(
            near.position() if near else None, first=first, after=after
        )
        return Connection[Tour].of(page, lambda found: Tour.of(found, info))

    @strawberry.field(description="A tour by its id; null if there is none.")
    async def tour(self, info: Info, id: strawberry.ID) -> Tour | None:
        found = info.context.services.guide.tours.tour(id)
        return Tour.of(TourFound(found, None), info) if found else None

    @strawberry.field(
        description="What to tell somebody on a tour now, and where to go next. Nothing is kept of anybody: the"
        " phone names the stops it has told. Where the position is not known well enough, nothing is told."
    )
    async def guide_at(
        self,
        info: Info,
        tour: strawberry.ID,
        position: PositionInput,
        accuracy: Annotated[
            float,
            strawberry.argument(
                description="Metres around `position` that hold the phone with 68 %, as phones tell it."
            ),
        ],
        heard: Annotated[
            list[strawberry.ID],
            strawberry.argument(description="Ids of stops already told, at most 200."),
        ],
        heading: Annotated[
            float | None,
            strawberry.argument(description="Where the phone looks, in degrees from north."),
        ] = None,
        speed: Annotated[
            float | None, strawberry.argument(description="Metres a second, as phones tell it.")
        ] = None,
    ) -> Guidance:
        question = GuideQuestion(tour, position.position(), accuracy, heard, heading, speed)
        answer = await info.context.services.guide.tours.guide_at(question)
        return Guidance.of(answer, info)


def _text(texts: Texts, info: Info) -> LocalizedText:
    """Return the text for the reader; all that is asked for is there in Vietnamese and English at least."""
    text = LocalizedText.of(texts, info.context.language)
    assert text is not None, "a tour without its texts is refused when it is read"  # noqa: S101
    return text


def _corners(polygon: Polygon) -> list[Position]:
    return [Position.of(corner) for corner in polygon.corners]
