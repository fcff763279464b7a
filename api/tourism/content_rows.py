"""The shape of the rows in the province's content files (data/*.json), checked when they are loaded."""

import unicodedata
from typing import Annotated, Literal, Self, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from api.kit.geo import Position
from api.tourism.errors import InvalidOpeningHours
from api.tourism.opening.hours import OpeningHours
from api.tourism.records import (
    Accessibility,
    Commune,
    CommuneKind,
    Confidence,
    Market,
    Picture,
    PictureLicence,
    Place,
    PlaceCategory,
    Steps,
    Weekday,
    Wifi,
    WifiAccess,
)
from locales import AVAILABLE

Value = TypeVar("Value", bound=str)


def composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _known_language(language: str) -> str:
    if language not in AVAILABLE:
        raise ValueError(f"{language} is not one of {', '.join(AVAILABLE)}")
    return language


def _with_vietnamese(texts: dict[str, str]) -> dict[str, str]:
    if "vi" not in texts:
        raise ValueError("vi is missing")
    return texts


def _once_each(values: list[Value]) -> list[Value]:
    if len(set(values)) < len(values):
        raise ValueError("holds a value twice")
    return values


def _readable_hours(text: str) -> str:
    try:
        OpeningHours.of(text)
    except InvalidOpeningHours as error:
        raise ValueError(str(error)) from error
    return text


def _within_32_bytes(ssid: str) -> str:
    if len(ssid.encode()) > SSID_BYTES_AT_MOST:
        raise ValueError(f"has more than {SSID_BYTES_AT_MOST} bytes")
    return ssid


VISIT_MINUTES_AT_MOST = 3 * 24 * 60
SSID_BYTES_AT_MOST = 32

OpeningHoursText = Annotated[str, AfterValidator(_readable_hours)]
# Nothing before an @: a password would be published, and a name makes another host look like a known one.
WebAddress = Annotated[
    str, Field(max_length=500, pattern=r"^https?://[^\s\"<>/?#@\\]+([/?#][^\s\"<>]*)?$")
]
Text = Annotated[str, Field(min_length=1, max_length=4_000), AfterValidator(composed)]
Language = Annotated[str, AfterValidator(_known_language)]
Texts = dict[Language, Text]
Names = Annotated[Texts, AfterValidator(_with_vietnamese)]
Latitude = Annotated[float, Field(ge=-90, le=90)]
Longitude = Annotated[float, Field(ge=-180, le=180)]


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False, str_strip_whitespace=True)


class WifiRow(_Row):
    """The password has 8 to 63 printable ASCII characters (IEEE 802.11, WPA passphrase)."""

    ssid: Annotated[str, Field(min_length=1), AfterValidator(_within_32_bytes)]
    access: WifiAccess
    password: Annotated[str, Field(pattern=r"^[\x20-\x7e]{8,63}$")] | None = None

    @model_validator(mode="after")
    def _password_where_one_is_asked(self) -> Self:
        if (self.access is WifiAccess.PASSWORD) != (self.password is not None):
            raise ValueError("a password is there when, and only when, access is by password")
        return self

    def record(self) -> Wifi:
        return Wifi(self.ssid, self.access, self.password)


class AccessibilityRow(_Row):
    steps: Steps

    def record(self) -> Accessibility:
        return Accessibility(self.steps)


class PictureRow(_Row):
    """Only editors attach pictures: no file of ours can name a photo in media."""

    media_id: Annotated[str, Field(min_length=1, max_length=64)]
    alt: Names
    author: Annotated[str, Field(min_length=1, max_length=200), AfterValidator(composed)]
    licence: PictureLicence

    def record(self) -> Picture:
        return Picture(self.media_id, self.alt, self.author, self.licence)


class PlaceRow(_Row):
    id: Text
    names: Names
    names_unchecked: list[Language] = []
    other_names: list[Text] = []
    category: PlaceCategory
    latitude: Latitude
    longitude: Longitude
    position_accuracy_metres: Annotated[float, Field(gt=0)]
    altitude_metres: float | None = None
    commune_code: Text | None = None
    former_unit: Text | None = None
    former_province: Text | None = None
    descriptions: Texts = {}
    opening_note: Texts | None = None
    confidence: Confidence
    opening_hours: OpeningHoursText | None = None
    visit_minutes: Annotated[int, Field(ge=5, le=VISIT_MINUTES_AT_MOST)] | None = None
    phone: Annotated[str, Field(pattern=r"^(\+[1-9][0-9]{6,14}|[0-9]{3,8})$")] | None = None
    website: WebAddress | None = None
    pictures: list[PictureRow] = []
    wifi: WifiRow | None = None
    accessibility: AccessibilityRow | None = None

    def record(self) -> Place:
        return Place(
            id=self.id,
            names=self.names,
            names_unchecked=tuple(self.names_unchecked),
            other_names=tuple(self.other_names),
            category=self.category,
            position=Position(self.latitude, self.longitude),
            position_accuracy_metres=self.position_accuracy_metres,
            altitude_metres=self.altitude_metres,
            commune_code=self.commune_code,
            former_unit=self.former_unit,
            former_province=self.former_province,
            descriptions=self.descriptions,
            opening_note=self.opening_note or {},
            confidence=self.confidence,
            opening_hours=self.opening_hours,
            visit_minutes=self.visit_minutes,
            phone=self.phone,
            website=self.website,
            pictures=tuple(picture.record() for picture in self.pictures),
            wifi=self.wifi.record() if self.wifi else None,
            accessibility=self.accessibility.record() if self.accessibility else Accessibility(),
        )


class MarketRow(_Row):
    """A market is held at a place, which gives it its position."""

    id: Text
    place_id: Text
    names: Names
    names_unchecked: list[Language] = []
    weekdays: Annotated[list[Weekday], Field(min_length=1), AfterValidator(_once_each)]
    commune_code: Text | None = None
    descriptions: Texts = {}
    confidence: Confidence

    def record(self, place: Place) -> Market:
        return Market(
            id=self.id,
            place_id=self.place_id,
            position=place.position,
            names=self.names,
            names_unchecked=tuple(self.names_unchecked),
            weekdays=tuple(self.weekdays),
            commune_code=self.commune_code or place.commune_code,
            descriptions=self.descriptions,
            confidence=self.confidence,
        )


class CommuneRow(_Row):
    code: Text
    names: Names
    names_unchecked: list[Language] = []
    kind: CommuneKind
    former_names: list[Text] = []
    former_district: Text | None = None
    former_province: Text | None = None
    latitude: Latitude
    longitude: Longitude
    area_square_kilometres: Annotated[float, Field(gt=0)]

    def record(self) -> Commune:
        return Commune(
            code=self.code,
            names=self.names,
            names_unchecked=tuple(self.names_unchecked),
            kind=self.kind,
            former_names=tuple(self.former_names),
            former_district=self.former_district,
            former_province=self.former_province,
            position=Position(self.latitude, self.longitude),
            area_square_kilometres=self.area_square_kilometres,
        )


class PlacesFile(_Row):
    version: Literal[1]
    places: list[PlaceRow]


class MarketsFile(_Row):
    version: Literal[1]
    markets: list[MarketRow]


class CommunesFile(_Row):
    version: Literal[1]
    communes: list[CommuneRow]
