"""Small provinces for tests: make records with what matters, put them into the store."""

from collections.abc import Sequence
from typing import Any

from api.kit.geo import Position
from api.kit.ids import new_id
from api.kit.store import Store
from api.tourism.content_files import Content
from api.tourism.records import (
    Commune,
    CommuneKind,
    Confidence,
    Market,
    Place,
    PlaceCategory,
    Weekday,
)
from api.tourism.repository import TourismRepository

SA_PA = Position(22.335, 103.842)


def a_place(place_id: str, **said: Any) -> Place:  # noqa: ANN401 - any field of a Place
    known: dict[str, Any] = {
        "names": {"vi": f"Điểm {place_id}"},
        "names_unchecked": (),
        "other_names": (),
        "category": PlaceCategory.LANDMARK,
        "position": SA_PA,
        "position_accuracy_metres": 300.0,
        "altitude_metres": None,
        "commune_code": None,
        "former_unit": None,
        "former_province": None,
        "descriptions": {},
        "opening_note": {},
        "confidence": Confidence.HIGH,
    }
    return Place(id=place_id, **known | said)


def a_market(market_id: str, place: Place, *weekdays: Weekday) -> Market:
    return Market(
        id=market_id,
        place_id=place.id,
        position=place.position,
        names={"vi": f"Chợ {market_id}", "en": f"Market {market_id}"},
        names_unchecked=(),
        weekdays=weekdays,
        commune_code=place.commune_code,
        descriptions={},
        confidence=Confidence.MEDIUM,
    )


def a_commune(code: str, **said: Any) -> Commune:  # noqa: ANN401 - any field of a Commune
    known: dict[str, Any] = {
        "names": {"vi": f"Xã {code}"},
        "names_unchecked": (),
        "kind": CommuneKind.COMMUNE,
        "former_names": (),
        "former_district": None,
        "former_province": None,
        "position": SA_PA,
        "area_square_kilometres": 100.0,
    }
    return Commune(code=code, **known | said)


async def hold(
    store: Store,
    places: Sequence[Place] = (),
    markets: Sequence[Market] = (),
    communes: Sequence[Commune] = (),
) -> None:
    """Make the store hold exactly these, as a new version of the content."""
    content = Content(tuple(places), tuple(markets), tuple(communes))
    await TourismRepository(store).replace_content(content, new_id(), lambda _done, _total: None)


def north(metres: float) -> Position:
    """Return the position that many metres north of Sa Pa."""
    return Position(SA_PA.latitude + metres / 111_195, SA_PA.longitude)


NEAR_SA_PA = {"latitude": SA_PA.latitude, "longitude": SA_PA.longitude}


def nodes(connection: dict[str, Any]) -> list[dict[str, Any]]:
    return [edge["node"] for edge in connection["edges"]]


def ids(connection: dict[str, Any]) -> list[str]:
    return [node["id"] for node in nodes(connection)]
