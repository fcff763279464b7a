"""What tourism knows, as plain records."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum, auto

from api.kit.geo import Position

Texts = Mapping[str, str]
"""A text by BCP 47 language."""


class PlaceCategory(StrEnum):
    ACTIVITY = auto()
    ARCHAEOLOGY = auto()
    ARCHITECTURE = auto()
    ATM = auto()
    BORDER = auto()
    CAVE = auto()
    CHURCH = auto()
    FOOD = auto()
    FUEL = auto()
    HISTORICAL = auto()
    HOSPITAL = auto()
    HOT_SPRING = auto()
    LAKE = auto()
    LANDMARK = auto()
    LANDSCAPE = auto()
    LODGING = auto()
    MARKET = auto()
    MOUNTAIN = auto()
    MUSEUM = auto()
    NATURE_RESERVE = auto()
    PARK = auto()
    PASS = auto()
    PHARMACY = auto()
    TEMPLE = auto()
    TOURIST_HELP = auto()
    TOWN = auto()
    TRAILHEAD = auto()
    TRANSPORT = auto()
    VIEWPOINT = auto()
    VILLAGE = auto()
    WATERFALL = auto()
    WIFI = auto()


class Confidence(StrEnum):
    """How well a fact is founded: official or machine-checked, one weak source, or not yet verified."""

    HIGH = auto()
    MEDIUM = auto()
    LOW = auto()


class CommuneKind(StrEnum):
    """Phường or xã: the two kinds of commune in the province since 1 July 2025."""

    WARD = auto()
    COMMUNE = auto()


class Weekday(StrEnum):
    MONDAY = auto()
    TUESDAY = auto()
    WEDNESDAY = auto()
    THURSDAY = auto()
    FRIDAY = auto()
    SATURDAY = auto()
    SUNDAY = auto()


WEEK = tuple(Weekday)


def weekday_of(day: date) -> Weekday:
    return WEEK[day.weekday()]


class WifiAccess(StrEnum):
    """How one joins: nothing is asked, a password is, or a page opens that asks something."""

    OPEN = auto()
    PASSWORD = auto()
    PORTAL = auto()


@dataclass(frozen=True, slots=True)
class Wifi:
    """A public network. `password`: as it hangs on the wall, so no secret."""

    ssid: str
    access: WifiAccess
    password: str | None


class Steps(StrEnum):
    """Whether a visit is possible without a single step, or not; UNKNOWN where that is not firmly known."""

    STEP_FREE = auto()
    STEPS = auto()
    UNKNOWN = auto()


@dataclass(frozen=True, slots=True)
class Accessibility:
    """What somebody in a wheelchair asks of a place."""

    steps: Steps = Steps.UNKNOWN


class PictureLicence(StrEnum):
    """Under which terms a picture is shown; BY_PERMISSION: as its author allowed the province."""

    CC0 = auto()
    CC_BY_4_0 = auto()
    CC_BY_SA_4_0 = auto()
    BY_PERMISSION = auto()


@dataclass(frozen=True, slots=True)
class Picture:
    """A photo of a place, kept in media. `alt`: what it shows, for who cannot see it."""

    media_id: str
    alt: Texts
    author: str
    licence: PictureLicence


@dataclass(frozen=True, slots=True)
class Place:
    """A place to visit, or one that a visitor needs.

    `names_unchecked`: languages whose name no native speaker has checked yet. `former_unit`: where it lay
    before 1 July 2025, in Vietnamese. `opening_hours`: in OpenStreetMap's syntax. `visit_minutes`: how long
    people stay, None for what is usual for the category. `phone`: E.164, or a short number.
    """

    id: str
    names: Texts
    names_unchecked: tuple[str, ...]
    other_names: tuple[str, ...]
    category: PlaceCategory
    position: Position
    position_accuracy_metres: float
    altitude_metres: float | None
    commune_code: str | None
    former_unit: str | None
    former_province: str | None
    descriptions: Texts
    opening_note: Texts
    confidence: Confidence
    opening_hours: str | None = None
    visit_minutes: int | None = None
    phone: str | None = None
    website: str | None = None
    pictures: tuple[Picture, ...] = ()
    wifi: Wifi | None = None
    accessibility: Accessibility = Accessibility()


@dataclass(frozen=True, slots=True)
class Market:
    """A market held at a place on certain weekdays. `position` is that of the place."""

    id: str
    place_id: str
    position: Position
    names: Texts
    names_unchecked: tuple[str, ...]
    weekdays: tuple[Weekday, ...]
    commune_code: str | None
    descriptions: Texts
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class Commune:
    """A commune of the province; former names are those of the units it was made of."""

    code: str
    names: Texts
    names_unchecked: tuple[str, ...]
    kind: CommuneKind
    former_names: tuple[str, ...]
    former_district: str | None
    former_province: str | None
    position: Position
    area_square_kilometres: float
