"""What a visitor may wish for: interests, pace, how they move."""

from collections.abc import Mapping
from enum import StrEnum, auto
from math import ceil

from api.guide.planner.road_graph import Vehicle
from api.tourism.records import PlaceCategory as Kind


class Interest(StrEnum):
    """What a visitor likes. Each stands for some kinds of places."""

    MARKETS = auto()
    VILLAGES = auto()
    TEMPLES = auto()
    HISTORY = auto()
    LANDSCAPES = auto()
    NATURE = auto()
    HIKING = auto()
    HOT_SPRINGS = auto()
    ADVENTURE = auto()


class Pace(StrEnum):
    """How much a day holds."""

    RELAXED = auto()
    NORMAL = auto()
    BUSY = auto()


class Mobility(StrEnum):
    """How a visitor gets about. WHEELCHAIR: by car, without places that have steps, or likely do."""

    ON_FOOT = auto()
    MOTORBIKE = auto()
    CAR = auto()
    WHEELCHAIR = auto()


VEHICLES: Mapping[Mobility, Vehicle] = {
    Mobility.ON_FOOT: Vehicle.FOOT,
    Mobility.MOTORBIKE: Vehicle.MOTORBIKE,
    Mobility.CAR: Vehicle.CAR,
    Mobility.WHEELCHAIR: Vehicle.CAR,
}

KINDS: Mapping[Interest, frozenset[Kind]] = {
    Interest.MARKETS: frozenset({Kind.MARKET}),
    Interest.VILLAGES: frozenset({Kind.VILLAGE, Kind.TOWN}),
    Interest.TEMPLES: frozenset({Kind.TEMPLE, Kind.CHURCH}),
    Interest.HISTORY: frozenset(
        {Kind.HISTORICAL, Kind.ARCHAEOLOGY, Kind.ARCHITECTURE, Kind.MUSEUM, Kind.BORDER}
    ),
    Interest.LANDSCAPES: frozenset(
        {Kind.LANDSCAPE, Kind.VIEWPOINT, Kind.PASS, Kind.LANDMARK, Kind.MOUNTAIN}
    ),
    Interest.NATURE: frozenset(
        {Kind.LAKE, Kind.WATERFALL, Kind.CAVE, Kind.NATURE_RESERVE, Kind.PARK}
    ),
    Interest.HIKING: frozenset({Kind.TRAILHEAD, Kind.MOUNTAIN, Kind.NATURE_RESERVE}),
    Interest.HOT_SPRINGS: frozenset({Kind.HOT_SPRING}),
    Interest.ADVENTURE: frozenset({Kind.ACTIVITY, Kind.CAVE, Kind.MOUNTAIN}),
}

NOT_STEP_FREE = frozenset(
    {Kind.MOUNTAIN, Kind.TRAILHEAD, Kind.CAVE, Kind.WATERFALL, Kind.ACTIVITY, Kind.NATURE_RESERVE}
)
"""Kinds that have steps or paths by their nature, where nothing else is known of a place."""

SERVICES = frozenset(
    {
        Kind.ATM,
        Kind.FOOD,
        Kind.FUEL,
        Kind.HOSPITAL,
        Kind.LODGING,
        Kind.PHARMACY,
        Kind.TOURIST_HELP,
        Kind.TRANSPORT,
        Kind.WIFI,
    }
)
"""Kinds that nobody travels for: planned only when they are asked for."""

OUTDOORS = frozenset(
    {
        Kind.ACTIVITY,
        Kind.ARCHAEOLOGY,
        Kind.CAVE,
        Kind.LAKE,
        Kind.LANDSCAPE,
        Kind.MOUNTAIN,
        Kind.NATURE_RESERVE,
        Kind.PASS,
        Kind.TRAILHEAD,
        Kind.VIEWPOINT,
        Kind.VILLAGE,
        Kind.WATERFALL,
    }
)
"""Kinds that are visited by daylight only."""

STARTING_POINTS = frozenset(
    {
        Kind.CHURCH,
        Kind.LANDMARK,
        Kind.LODGING,
        Kind.MARKET,
        Kind.MUSEUM,
        Kind.TOWN,
        Kind.TRANSPORT,
        Kind.VILLAGE,
    }
)
"""Kinds where a trip may begin: in a town or a village."""

OPEN_AIR = OUTDOORS | {
    Kind.ARCHITECTURE,
    Kind.BORDER,
    Kind.HISTORICAL,
    Kind.HOT_SPRING,
    Kind.LANDMARK,
    Kind.PARK,
    Kind.TOWN,
}
"""Kinds that nobody is sent to in the dark unless they ask for it."""

VISIT_MINUTES: Mapping[Kind, int] = {
    Kind.ACTIVITY: 120,
    Kind.ARCHAEOLOGY: 60,
    Kind.ARCHITECTURE: 45,
    Kind.ATM: 10,
    Kind.BORDER: 30,
    Kind.CAVE: 60,
    Kind.CHURCH: 30,
    Kind.FOOD: 60,
    Kind.FUEL: 15,
    Kind.HISTORICAL: 45,
    Kind.HOSPITAL: 60,
    Kind.HOT_SPRING: 120,
    Kind.LAKE: 90,
    Kind.LANDMARK: 40,
    Kind.LANDSCAPE: 90,
    Kind.LODGING: 30,
    Kind.MARKET: 90,
    Kind.MOUNTAIN: 240,
    Kind.MUSEUM: 60,
    Kind.NATURE_RESERVE: 240,
    Kind.PARK: 45,
    Kind.PASS: 30,
    Kind.PHARMACY: 15,
    Kind.TEMPLE: 40,
    Kind.TOURIST_HELP: 20,
    Kind.TOWN: 60,
    Kind.TRAILHEAD: 240,
    Kind.TRANSPORT: 30,
    Kind.VIEWPOINT: 40,
    Kind.VILLAGE: 90,
    Kind.WATERFALL: 60,
    Kind.WIFI: 10,
}
"""How long people stay at a normal pace where a place does not say it."""

CLIMBS = frozenset({Kind.MOUNTAIN, Kind.TRAILHEAD, Kind.NATURE_RESERVE})
"""Kinds of which half is nothing: who turns back has not been there."""

LEAST_SHARE = 0.5
LEAST_MINUTES = 20
_LEAST_MINUTES_OF_MARKETS = 30
"""Below a half of the usual length and this a visit is not worth the way."""


def least_minutes(kind: Kind, usual: int) -> int:
    """Return the minutes that a visit takes at least, in steps of five; `usual`: how long people stay."""
    if kind in CLIMBS:
        return usual
    floor = _LEAST_MINUTES_OF_MARKETS if kind is Kind.MARKET else LEAST_MINUTES
    return min(usual, max(floor, ceil(usual * LEAST_SHARE / 5) * 5))


PACE_PERCENT: Mapping[Pace, int] = {Pace.RELAXED: 125, Pace.NORMAL: 100, Pace.BUSY: 85}
"""How much longer or shorter people stay."""
