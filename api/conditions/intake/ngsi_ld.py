"""NGSI-LD notifications (ETSI GS CIM 009) with entities of the Smart Data Models, as observations.

An attribute may be a Property with `value`, `unitCode` and `observedAt`, or a bare value as in the
concise and key-value forms; without an `observedAt` of its own it was observed when the entity was.
Attributes and types that we do not keep are passed over; what we keep is an item for each attribute.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from api.conditions.intake.documents import ITEMS_AT_MOST, check_count, json_value
from api.conditions.intake.errors import NotReadable
from api.conditions.intake.items import SentItem
from api.conditions.stations.measures import Measure
from api.kit.json_values import is_list, is_object, is_texts


@dataclass(frozen=True, slots=True)
class _Attribute:
    """`unit`: what the model means where the attribute has no `unitCode`; None: ours."""

    measure: Measure
    unit: str | None = None


_WEATHER = {
    "precipitation": _Attribute(Measure.RAINFALL),
    "temperature": _Attribute(Measure.TEMPERATURE),
    "relativeHumidity": _Attribute(Measure.HUMIDITY, "C62"),
    "windSpeed": _Attribute(Measure.WIND_SPEED),
}
_AIR = {
    "airQualityIndex": _Attribute(Measure.AIR_QUALITY_INDEX),
    "pm25": _Attribute(Measure.PM25),
    "pm10": _Attribute(Measure.PM10),
}
_MODELS: Mapping[str, Mapping[str, _Attribute]] = {
    "WeatherObserved": _WEATHER,
    "FloodMonitoring": {"currentLevel": _Attribute(Measure.WATER_LEVEL)},
    "WaterObserved": {
        "height": _Attribute(Measure.WATER_LEVEL),
        "flow": _Attribute(Measure.WATER_FLOW),
    },
    "AirQualityObserved": {**_WEATHER, **_AIR},
    "LandslideObserved": {
        "displacement": _Attribute(Measure.GROUND_SHIFT),
        "tilt": _Attribute(Measure.GROUND_TILT),
    },
    "RadiationObserved": {"doseRate": _Attribute(Measure.DOSE_RATE)},
    "WasteWaterObserved": {
        "pH": _Attribute(Measure.ACIDITY),
        "cod": _Attribute(Measure.OXYGEN_DEMAND),
    },
    "ForestFireObserved": {"fireDangerLevel": _Attribute(Measure.FIRE_DANGER)},
    "OffStreetParking": {"availableSpotNumber": _Attribute(Measure.FREE_SPACES)},
    "OnStreetParking": {"availableSpotNumber": _Attribute(Measure.FREE_SPACES)},
    "ParkingSpot": {"status": _Attribute(Measure.FREE_SPACES)},
    "TrafficFlowObserved": {
        "intensity": _Attribute(Measure.VEHICLES),
        "averageVehicleSpeed": _Attribute(Measure.VEHICLE_SPEED),
    },
}
"""Landslide, radiation, wastewater and forest fire have no model of their own there: these are ours."""
_STATION_NAMES = ("stationID", "stationCode")
_TIME_NAMES = ("dateObserved", "observationDateTime", "dateObservedFrom")
_SPOTS = {"free": 1, "occupied": 0, "closed": 0}


def notified_items(body: bytes) -> list[SentItem]:
    """Return the items of a notification. Raises NotReadable, TooManyItems."""
    sent = json_value(body)
    if not is_object(sent) or sent.get("type") != "Notification" or not is_list(sent.get("data")):
        raise NotReadable
    entities: list[Any] = sent["data"]
    check_count(len(entities))
    items: list[SentItem] = []
    for entity in entities:
        if not is_object(entity):
            raise NotReadable
        items.extend(_items(entity))
        check_count(len(items))
    return items


def _items(entity: dict[str, Any]) -> Iterator[SentItem]:
    station, observed_at = _station(entity), _first(entity, _TIME_NAMES)
    for name, attribute in _attributes_of(entity.get("type")).items():
        if name not in entity:
            continue
        given = entity[name]
        said: Mapping[str, Any] = given if is_object(given) else {}
        value = _plain(given)
        if name == "status":
            value = _SPOTS.get(value) if isinstance(value, str) else None
        yield SentItem(
            station,
            attribute.measure.value,
            value,
            said.get("unitCode", attribute.unit),
            said.get("observedAt", observed_at),
        )


def _attributes_of(types: Any) -> Mapping[str, _Attribute]:  # noqa: ANN401 - any JSON value
    """Return what the types of an entity have; a type may be written out as an IRI."""
    names: list[str] = [types] if isinstance(types, str) else types if is_texts(types) else []
    found: dict[str, _Attribute] = {}
    for name in names[:ITEMS_AT_MOST]:
        found.update(_MODELS.get(name.rpartition("/")[2].rpartition("#")[2], {}))
    return found


def _station(entity: dict[str, Any]) -> Any:  # noqa: ANN401 - any JSON value
    """Return the station an entity names, else the last part of its URN."""
    named = _first(entity, _STATION_NAMES)
    entity_id = entity.get("id")
    if named is None and isinstance(entity_id, str):
        return entity_id.rpartition(":")[2]
    return named


def _first(entity: dict[str, Any], names: tuple[str, ...]) -> Any:  # noqa: ANN401 - any JSON value
    return next((_plain(entity[name]) for name in names if name in entity), None)


def _plain(given: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Return the bare value of a Property, or of a typed JSON-LD value."""
    for member in ("value", "@value"):
        if is_object(given) and member in given:
            given = given[member]
    return given
