from datetime import date, datetime
from typing import Annotated

import strawberry

from api.context import Info
from api.kit.formats import weekday_text
from api.kit.pagination import After, Connection, First
from api.kit.schema_types import LocalizedText, Position, PositionInput
from api.media.library import MediaLinks
from api.media.schema import ShownMedia
from api.tourism.labels import (
    CATEGORY_LABELS,
    COMMUNE_KIND_LABELS,
    LICENCE_ADDRESSES,
    LICENCE_LABELS,
    WIFI_LABELS,
)
from api.tourism.opening.hours import OpenState
from api.tourism.opening.place_opening import PlaceOpening as OpeningFound
from api.tourism.opening.place_opening import opening_of
from api.tourism.place_lists import PlaceFound
from api.tourism.place_query import PlaceQuery
from api.tourism.records import (
    WEEK,
    CommuneKind,
    Confidence,
    PictureLicence,
    PlaceCategory,
    Steps,
    Weekday,
    WifiAccess,
)
from api.tourism.records import Commune as CommuneRecord
from api.tourism.records import Market as MarketRecord
from api.tourism.records import Picture as PictureRecord
from api.tourism.records import Place as PlaceRecord
from api.tourism.records import Wifi as WifiRecord
from api.tourism.reviews.records import Subject, SubjectKind
from api.tourism.reviews.schema import Reviewed
from api.tourism.wifi_codes import join_code

strawberry.enum(PlaceCategory, description="What kind of place it is.")
strawberry.enum(
    PictureLicence,
    description="Under which terms a picture may be used. BY_PERMISSION: shown here as its author allowed;"
    " ask for anything else.",
)
strawberry.enum(WifiAccess, description="What is asked of who joins a public network.")
strawberry.enum(
    Steps,
    description="STEP_FREE: without a single step. STEPS: there are some. UNKNOWN: not firmly known.",
)
strawberry.enum(Weekday, description="A day of the week.")
strawberry.enum(CommuneKind, description="Phường (WARD) or xã (COMMUNE), as since 1 July 2025.")
strawberry.enum(
    Confidence,
    description="HIGH: official or checked. MEDIUM: one weak source. LOW: ask on the spot before you rely on it.",
)

Search = Annotated[
    str | None,
    strawberry.argument(
        description="At most 100 characters in any of the six languages. Marks are not needed, former names"
        " (also of communes and districts before 1 July 2025) and small typing errors are understood."
    ),
]


@strawberry.type(description="A commune (phường or xã) of the province.")
class Commune:
    code: strawberry.ID = strawberry.field(description="Of the General Statistics Office.")
    name: LocalizedText = strawberry.field(description="In the reader's language if we have it.")
    names_unchecked: list[str] = strawberry.field(
        description="BCP 47 tags of the languages whose name no native speaker has checked yet."
    )
    kind: CommuneKind = strawberry.field(description="Ward or commune.")
    kind_name: str = strawberry.field(description="`kind` in the reader's language.")
    former_names: list[str] = strawberry.field(
        description="Units it was made of on 1 July 2025, in Vietnamese."
    )
    former_district: str | None = strawberry.field(
        description="District or districts before 1 July 2025, in Vietnamese."
    )
    former_province: str | None = strawberry.field(
        description="Lào Cai or Yên Bái: the province before 1 July 2025."
    )
    position: Position = strawberry.field(description="A point inside it, for maps.")
    area: float = strawberry.field(description="Square kilometres.")

    @classmethod
    def of(cls, commune: CommuneRecord, info: Info) -> "Commune":
        return cls(
            code=strawberry.ID(commune.code),
            name=LocalizedText.needed(commune.names, info.context.language),
            names_unchecked=list(commune.names_unchecked),
            kind=commune.kind,
            kind_name=info.context.translate(COMMUNE_KIND_LABELS[commune.kind]),
            former_names=list(commune.former_names),
            former_district=commune.former_district,
            former_province=commune.former_province,
            position=Position.of(commune.position),
            area=commune.area_square_kilometres,
        )


@strawberry.type(description="Whether a place is open at a time.")
class PlaceOpening:
    is_open: bool | None = strawberry.field(description="Null when it is not certain.")
    next_change: datetime | None = strawberry.field(
        description="When that changes; null if not within 400 days, or if it is not certain."
    )
    text: str = strawberry.field(description="For the reader, in a sentence.")
    holiday: LocalizedText | None = strawberry.field(
        description="The public holiday of that day, if it is one."
    )

    @classmethod
    def of(cls, opening: OpeningFound, info: Info) -> "PlaceOpening":
        told, language = opening.told(), info.context.language
        return cls(
            is_open=None if opening.state is OpenState.UNKNOWN else opening.state is OpenState.OPEN,
            next_change=opening.next_change,
            text=told.text(info.context.translate(told.message), language),
            holiday=LocalizedText.of(opening.holiday or {}, language),
        )


@strawberry.type(description="A public network, and how to join it.")
class Wifi:
    ssid: str = strawberry.field(description="The name of the network.")
    access: WifiAccess = strawberry.field(description="What is asked of who joins.")
    password: str | None = strawberry.field(description="Public; null where none is asked.")
    instructions: str = strawberry.field(description="How to join, in the reader's language.")
    join_code: str = strawberry.field(description="Text of a QR code with which a camera joins.")

    @classmethod
    def of(cls, wifi: WifiRecord, info: Info) -> "Wifi":
        instructions = info.context.translate(WIFI_LABELS[wifi.access])
        return cls(
            ssid=wifi.ssid,
            access=wifi.access,
            password=wifi.password,
            instructions=instructions.format(ssid=wifi.ssid, password=wifi.password),
            join_code=join_code(wifi),
        )


@strawberry.type(description="What somebody in a wheelchair asks of a place.")
class Accessibility:
    steps: Steps = strawberry.field(
        description="Whether there are steps on a visit. UNKNOWN for most places: ask before you go."
    )


@strawberry.type(description="A photo of a place. Show the credit with it.")
class PlacePicture:
    media: ShownMedia = strawberry.field(description="Its files.")
    alt: LocalizedText = strawberry.field(
        description="What it shows, for those who cannot see it; in the reader's language if we have it."
    )
    author: str = strawberry.field(description="Whom to credit.")
    licence: PictureLicence
    licence_name: str = strawberry.field(description="`licence` in the reader's language.")
    licence_url: str | None = strawberry.field(description="The terms; null for BY_PERMISSION.")

    @classmethod
    def of(cls, picture: PictureRecord, links: MediaLinks, info: Info) -> "PlacePicture":
        return cls(
            media=ShownMedia.of(links),
            alt=LocalizedText.needed(picture.alt, info.context.language),
            author=picture.author,
            licence=picture.licence,
            licence_name=info.context.translate(LICENCE_LABELS[picture.licence]),
            licence_url=LICENCE_ADDRESSES.get(picture.licence),
        )


@strawberry.type(
    description="A place to visit, or one that a visitor needs. Its position is good for maps and for finding what is near, not for rescue."
)
class Place(Reviewed):
    id: strawberry.ID = strawberry.field(description="Opaque.")
    name: LocalizedText = strawberry.field(description="In the reader's language if we have it.")
    names: list[LocalizedText] = strawberry.field(description="In every language we have it in.")
    names_unchecked: list[str] = strawberry.field(
        description="BCP 47 tags of the languages whose name no native speaker has checked yet."
    )
    other_names: list[str] = strawberry.field(description="Other spellings, old and local names.")
    description: LocalizedText | None = strawberry.field(description="A few sentences.")
    category: PlaceCategory = strawberry.field(description="What kind of place it is.")
    category_name: str = strawberry.field(description="`category` in the reader's language.")
    position: Position = strawberry.field(description="Degrees, WGS 84; see `positionAccuracy`.")
    position_accuracy: float = strawberry.field(
        description="Metres, about: the place is likely within this distance of `position`."
    )
    altitude: float | None = strawberry.field(description="Metres above the sea.")
    distance: float | None = strawberry.field(
        description="Metres from `near` as the crow flies; null without it."
    )
    commune: Commune | None = strawberry.field(description="Null outside the province.")
    former_unit: str | None = strawberry.field(
        description="Where it lay before 1 July 2025, in Vietnamese."
    )
    former_province: str | None = strawberry.field(description="The province before 1 July 2025.")
    opening_note: LocalizedText | None = strawberry.field(
        description="When it is open, in words; null if nothing is known."
    )
    confidence: Confidence = strawberry.field(description="Of these facts.")
    opening_hours: str | None = strawberry.field(
        description="In OpenStreetMap's opening_hours syntax; PH are the public holidays of Vietnam."
    )
    visit_minutes: int | None = strawberry.field(
        description="How long people stay, in minutes; null for what is usual."
    )
    phone: str | None = strawberry.field(description="E.164, or a short number.")
    website: str | None = strawberry.field(description="Its address.")
    accessibility: Accessibility = strawberry.field(
        description="For visitors in a wheelchair, as far as it is firmly known."
    )
    held: strawberry.Private[tuple[MarketRecord, ...]]
    record: strawberry.Private[PlaceRecord]

    @strawberry.field(description="Whether it is open; null when nothing is known of its hours.")
    def opening(
        self,
        info: Info,
        at: Annotated[
            datetime | None,
            strawberry.argument(description="With an offset from UTC. Null: now."),
        ] = None,
    ) -> PlaceOpening | None:
        opening = opening_of(self.record, info.context.services.tourism.places.moment(at))
        return PlaceOpening.of(opening, info) if opening else None

    @strawberry.field(description="How to join, if it is a public network.")
    def wifi(self, info: Info) -> Wifi | None:
        return Wifi.of(self.record.wifi, info) if self.record.wifi else None

    @strawberry.field(description="As its editors ordered them.")
    async def pictures(self, info: Info) -> list[PlacePicture]:
        load = info.context.loader(info.context.services.media.library.linked)
        links = await load.load_many([picture.media_id for picture in self.record.pictures])
        return [
            PlacePicture.of(picture, found, info)
            for picture, found in zip(self.record.pictures, links, strict=True)
            if found
        ]

    @strawberry.field(description="Markets held here.")
    def markets(self, info: Info) -> list["Market"]:
        return [Market.of(market, self, info) for market in self.held]

    @strawberry.field(
        description="Other places around it, nearest first, with their `distance` from it."
    )
    async def nearby(
        self,
        info: Info,
        first: First = 10,
        categories: Annotated[
            list[PlaceCategory] | None, strawberry.argument(description="None or empty: all.")
        ] = None,
    ) -> list["Place"]:
        query = PlaceQuery(
            near=self.record.position,
            categories=frozenset(categories or ()),
            without=self.record.id,
        )
        page = await info.context.services.tourism.places.places(query, first=first, after=None)
        return [Place.of(found, info) for found in page.items]

    @classmethod
    def of(cls, found: PlaceFound, info: Info) -> "Place":
        place, language = found.place, info.context.language
        return cls(
            subject=Subject(SubjectKind.PLACE, place.id),
            id=strawberry.ID(place.id),
            name=LocalizedText.needed(place.names, info.context.language),
            names=[LocalizedText(text=text, language=tag) for tag, text in place.names.items()],
            names_unchecked=list(place.names_unchecked),
            other_names=list(place.other_names),
            description=LocalizedText.of(place.descriptions, language),
            category=place.category,
            category_name=info.context.translate(CATEGORY_LABELS[place.category]),
            position=Position.of(place.position),
            position_accuracy=place.position_accuracy_metres,
            altitude=place.altitude_metres,
            distance=found.distance_metres,
            commune=Commune.of(found.commune, info) if found.commune else None,
            former_unit=place.former_unit,
            former_province=place.former_province,
            opening_note=LocalizedText.of(place.opening_note, language),
            confidence=place.confidence,
            opening_hours=place.opening_hours,
            visit_minutes=place.visit_minutes,
            phone=place.phone,
            website=place.website,
            accessibility=Accessibility(steps=place.accessibility.steps),
            held=found.markets,
            record=place,
        )


@strawberry.type(description="A market held on certain weekdays.")
class Market:
    id: strawberry.ID = strawberry.field(description="Opaque.")
    name: LocalizedText = strawberry.field(description="In the reader's language if we have it.")
    description: LocalizedText | None = strawberry.field(description="What is sold, who comes.")
    weekdays: list[Weekday] = strawberry.field(description="Monday first.")
    weekday_names: list[str] = strawberry.field(description="`weekdays` in the reader's language.")
    place: Place = strawberry.field(description="Where it is held.")
    distance: float | None = strawberry.field(
        description="Metres from `near` as the crow flies; null without it."
    )
    commune: Commune | None = strawberry.field(description="In which it is held.")
    confidence: Confidence = strawberry.field(
        description="Of the weekdays. Markets move for Tết and bad weather."
    )

    @classmethod
    def of(cls, market: MarketRecord, place: Place, info: Info) -> "Market":
        language = info.context.language
        return cls(
            id=strawberry.ID(market.id),
            name=LocalizedText.needed(market.names, info.context.language),
            description=LocalizedText.of(market.descriptions, language),
            weekdays=list(market.weekdays),
            weekday_names=[weekday_text(WEEK.index(day), language) for day in market.weekdays],
            place=place,
            distance=place.distance,
            commune=place.commune,
            confidence=market.confidence,
        )


@strawberry.type
class TourismQuery:
    @strawberry.field(description="A place by its id; null if there is none.")
    async def place(self, info: Info, id: strawberry.ID) -> Place | None:
        found = await info.context.services.tourism.places.place(id)
        return Place.of(found, info) if found else None

    @strawberry.field(
        description="Places to visit: best match first with `search`, else nearest first with `near`, else by id."
    )
    async def places(
        self,
        info: Info,
        near: PositionInput | None = None,
        within: Annotated[
            float | None, strawberry.argument(description="Metres from `near`, 1 to 200,000.")
        ] = None,
        categories: Annotated[
            list[PlaceCategory] | None, strawberry.argument(description="None or empty: all.")
        ] = None,
        search: Search = None,
        open_at: Annotated[
            datetime | None,
            strawberry.argument(
                description="Only places that are open then, as far as is known. With an offset from UTC."
            ),
        ] = None,
        first: First = 20,
        after: After = None,
    ) -> Connection[Place]:
        query = PlaceQuery(
            near=near.position() if near else None,
            within_metres=within,
            categories=frozenset(categories or ()),
            search=search,
            open_at=info.context.services.tourism.places.moment(open_at) if open_at else None,
        )
        page = await info.context.services.tourism.places.places(query, first=first, after=after)
        return Connection[Place].of(page, lambda found: Place.of(found, info))

    @strawberry.field(
        description="Places of the same kind as another, nearest to it first; empty if there is no such place."
    )
    async def similar_places(
        self, info: Info, id: strawberry.ID, first: First = 10, after: After = None
    ) -> Connection[Place]:
        page = await info.context.services.tourism.places.similar(id, first=first, after=after)
        return Connection[Place].of(page, lambda found: Place.of(found, info))

    @strawberry.field(
        description="Markets held on a date, daily ones included: nearest first with `near`, else by id."
    )
    async def markets_on(
        self,
        info: Info,
        date: Annotated[
            date, strawberry.argument(description="As the calendar in Vietnam has it.")
        ],
        near: PositionInput | None = None,
        first: First = 20,
        after: After = None,
    ) -> Connection[Market]:
        page = await info.context.services.tourism.places.markets_on(
            date, near=near.position() if near else None, first=first, after=after
        )
        return Connection[Market].of(
            page, lambda found: Market.of(found.market, Place.of(found.place, info), info)
        )

    @strawberry.field(
        description="The commune that holds a position; null outside the province. Within 100 metres of a border"
        " it may be the neighbour."
    )
    async def commune(self, info: Info, at: PositionInput) -> Commune | None:
        found = await info.context.services.tourism.places.commune_at(at.position())
        return Commune.of(found, info) if found else None

    @strawberry.field(description="Communes: best match first with `search`, else by code.")
    async def communes(
        self, info: Info, search: Search = None, first: First = 20, after: After = None
    ) -> Connection[Commune]:
        page = await info.context.services.tourism.places.communes(search, first=first, after=after)
        return Connection[Commune].of(page, lambda found: Commune.of(found, info))
