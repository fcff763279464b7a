"""What residents and visitors read: weather, markets, places, plans, guides, packs, and Tết."""

from datetime import date, datetime, time, timedelta

from api.tourism.events.lunar_calendar import date_of
from bench.day.cast import HANOI, new_key
from bench.day.visit import Visit

SEARCHES = (
    "cho bac ha",
    "fanxipan",
    "stone chruch",
    "沙坝",
    "musée",
    "사파",
    "benh vien",
    "ta van",
)
TOURS = ("sa-pa-town",)
SQUARE = {"latitude": 22.3352, "longitude": 103.8413}
BAC_HA_MARKET = "P055"
NOON = time(12, tzinfo=HANOI)


def coming_sunday() -> datetime:
    """Return the morning of a Sunday that is wholly to come."""
    now = datetime.now(HANOI)
    morning = now.replace(hour=6, minute=0, second=0, microsecond=0)
    return morning + timedelta(days=13 - now.weekday())


def coming_tet() -> date:
    """Return the first day of the next lunar year."""
    today = datetime.now(HANOI).date()
    return next(it for it in (date_of(today.year + years, 1, 1) for years in (0, 1)) if it > today)


async def weather(visit: Visit) -> None:
    await visit.ask("conditions/Conditions", near=visit.phone.position)
    await visit.ask("alerts/ActiveAlerts", at=visit.phone.position)
    await visit.ask("tourism/Commune", at=visit.phone.position)


async def market(visit: Visit) -> None:
    sunday = coming_sunday().date().isoformat()
    found = await visit.ask("tourism/MarketsOn", date=sunday, near=visit.phone.position)
    nodes = [edge["node"] for edge in found["edges"]]
    place = visit.chance.choice([it["place"]["id"] for it in nodes if it["place"]])
    await visit.ask("tourism/Place", id=place)
    await visit.ask("tourism/PlaceOpening", id=place)


async def places(visit: Visit) -> None:
    found = await visit.ask("tourism/PlaceCards", near=visit.phone.position, within=20_000.0)
    nodes = [edge["node"]["id"] for edge in found["edges"]]
    if nodes:
        await visit.ask("tourism/NearbyPlaces", id=visit.chance.choice(nodes))


async def search(visit: Visit) -> None:
    text = visit.chance.choice(SEARCHES)
    await visit.ask("guide/Search", text=text, near=visit.phone.position, first=10)


async def plan(visit: Visit) -> None:
    start = coming_sunday()
    asked = {
        "start": start.isoformat(),
        "end": (start + timedelta(hours=visit.chance.choice((8, 10, 13)))).isoformat(),
        "from": {"latitude": 22.3364, "longitude": 103.8438},
        "must": [BAC_HA_MARKET] if visit.chance.random() < 0.5 else [],
    }
    await visit.ask("guide/PlanTrip", input=asked)


async def guide(visit: Visit) -> None:
    tour = visit.chance.choice(TOURS)
    await visit.ask("guide/Tour", id=tour)
    await visit.ask("guide/GuideAt", tour=tour, position=SQUARE, accuracy=9.0, heard=[])


async def pack(visit: Visit) -> None:
    await visit.ask("guide/OfflinePack", tour=TOURS[0], language=visit.phone.language)


async def tet(visit: Visit) -> None:
    """Ask what is open at Tết, where it is celebrated, and for a clinic."""
    near, first_day = visit.phone.position, coming_tet()
    noon = datetime.combine(first_day, NOON)
    eve, last_day = noon - timedelta(days=1), noon + timedelta(days=6)
    await visit.ask("tourism/PlaceCards", near=near, at=noon.isoformat(), first=10)
    days = {"from": eve.date().isoformat(), "to": last_day.date().isoformat()}
    await visit.ask("tourism/Events", **days, near=near)
    await visit.ask("tourism/PlaceOpening", id=BAC_HA_MARKET, at=noon.isoformat())
    moments = {"from": eve.isoformat(), "to": last_day.isoformat()}
    await visit.ask("health/FindSlots", specialty="general", **moments)


async def greeting(visit: Visit) -> None:
    """Wish the bot a happy new year."""
    await visit.change(
        "bot/SendChatMessage",
        text="Chúc mừng năm mới",
        position=visit.phone.position,
        **new_key(),
    )
