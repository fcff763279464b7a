"""Answers of the API to the bot's questions on places and conditions, in the shapes of the published documents."""

from typing import Any

from dialogue.turn import Found

from tests.chatbot.fake_province import connection, place, text

Json = dict[str, Any]
POINT = {"latitude": 22.3355, "longitude": 103.8425}


def named(kind: str, value: str, name: str) -> Found:
    """Return a finding that is all of a message of one word."""
    return Found(kind, value, 0, 1, name)


def place_named(**changes: Any) -> Json:  # noqa: ANN401 - any JSON
    return place("P001", "Fansipan summit") | changes


def commune(code: str, name: str) -> Json:
    return {"communes": connection({"code": code, "name": text(name), "position": POINT})}


def tour_stop(id: str = "square", **changes: Any) -> Json:  # noqa: ANN401 - any JSON
    return {
        "id": id,
        "name": text("The square"),
        "position": POINT,
        "zones": [],
        "shortText": text("A market once."),
        "longText": text("Here the market was held."),
        "recordings": [recording()],
        "directions": text("Cross the street."),
        "placeId": "P004",
        **changes,
    }


def recording() -> Json:
    return {
        "text": "Here the market was held.",
        "language": "en",
        "url": "https://example.org/speech/1.wav",
        "contentType": "audio/wav",
        "byteCount": 1000,
        "sha256": "00",
        "seconds": 9.5,
        "synthetic": True,
    }


def tour(**changes: Any) -> Json:  # noqa: ANN401 - any JSON
    """Return a tour as a list names it, with what only its own document has."""
    return {
        "id": "sa-pa-town",
        "name": text("Sa Pa town"),
        "summary": text("A round of the town."),
        "advice": None,
        "walkingMinutes": 90,
        "climb": 60,
        "length": 2100,
        "distance": None,
        "stops": [tour_stop()],
        **changes,
    }


BAC_HA_TOUR = tour(id="bac-ha-sunday", name=text("Bac Ha on a Sunday"), walkingMinutes=120)
PACK = {
    "areaKind": "PROVINCE",
    "areaId": None,
    "language": "en",
    "version": "v1",
    "itemCount": 335,
    "download": {"byteCount": 31_200, "itemCount": 335, "url": "https://example.org/pack"},
}


def guidance(**changes: Any) -> Json:  # noqa: ANN401 - any JSON
    return {
        "warnings": [
            {
                "id": "A1",
                "severity": "MODERATE",
                "severityLabel": "Moderate",
                "headline": text("Dense fog in Sa Pa"),
                "instruction": None,
            }
        ],
        "state": "TELLING",
        "text": "This is the square.",
        "tell": tour_stop(),
        "brief": False,
        "likelihood": 0.9,
        "next": {
            "stop": {"id": "church", "name": text("The stone church")},
            "distance": 120.0,
            "distanceText": "120 m",
            "bearing": 90.0,
            "turn": None,
            "turnText": None,
            "directions": text("Cross the street."),
        },
        "heardCount": 0,
        "stopCount": 8,
        **changes,
    }


def trip_item(kind: str, starts: str, ends: str, **changes: Any) -> Json:  # noqa: ANN401 - any JSON
    """Return an item of 1 December; hours are those of Vietnam."""
    return {
        "kind": kind,
        "starts": f"2026-12-01T{starts}:00+07:00",
        "ends": f"2026-12-01T{ends}:00+07:00",
        "place": None,
        "roads": [],
        "isMust": False,
        "usualMinutes": None,
        "includesMeal": False,
        "reasons": [],
        "notes": [],
        **changes,
    }


def trip_plan(**changes: Any) -> Json:  # noqa: ANN401 - any JSON
    items = [
        trip_item("TRAVEL", "08:00", "08:40", roads=["QL4D"], place=place()),
        trip_item("VISIT", "08:40", "10:00", place=place()),
        trip_item("REST", "10:00", "10:15"),
        trip_item("MEAL", "11:30", "12:30"),
    ]
    return {
        "__typename": "TripPlan",
        "days": [{"date": "2026-12-01", "starts": "", "ends": "", "items": items}],
        "leftOut": [{"reason": remark("CLOSED", "The pass is closed."), "place": None}],
        "notes": [remark("FEES_UNKNOWN", "No entrance fees are known.")],
        "travelSource": "MODEL",
        **changes,
    }


def remark(code: str, words: str) -> Json:
    return {"code": code, "text": words}


def trip_refusal(code: str, message: str, **changes: Any) -> Json:  # noqa: ANN401 - any JSON
    return {
        "__typename": "TripRefusal",
        "code": code,
        "message": message,
        "field": None,
        "retryAfter": None,
        "unmet": [],
        "nearest": None,
        **changes,
    }


def reading(measure: str, value: float, age: int = 600, state: str = "KNOWN") -> Json:
    return {"measure": measure, "state": state, "value": value, "age": age, "unit": "C62"}


def station(name: str, *readings: Json, distance: float = 1500.0, **changes: Any) -> Json:  # noqa: ANN401 - any JSON
    """Return a station near, with what it said last."""
    kept = {
        "id": "s1",
        "name": text(name),
        "position": POINT,
        "source": "Lao Cai met office",
        "river": None,
        "alarmLevels": [],
        "spaces": None,
        **changes,
    }
    return {"station": kept, "distance": distance, "readings": list(readings)}


def conditions(**changes: Any) -> Json:  # noqa: ANN401 - any JSON
    return {"conditions": {"weather": None, "river": None, "air": None, "parking": []} | changes}


def road_event(**changes: Any) -> Json:  # noqa: ANN401 - any JSON
    return {
        "id": "E1",
        "kind": "LANDSLIDE",
        "words": "Landslide",
        "road": "QL4D",
        "line": [POINT],
        "direction": "BOTH",
        "note": text("One lane is free."),
        "source": "Road Maintenance 2",
        "reportCode": None,
        "starts": "2026-11-30T05:00:00+07:00",
        "ends": None,
        "endedAt": None,
        "version": 1,
        **changes,
    }


def closure(**changes: Any) -> Json:  # noqa: ANN401 - any JSON
    return {
        "id": "C1",
        "way": "ROAD",
        "wayId": "QL4D",
        "wayName": text("National road 4D"),
        "area": None,
        "reason": text("Works on the bridge."),
        "starts": "2026-11-29T08:00:00+07:00",
        "ends": "2026-12-02T17:00:00+07:00",
        "liftedAt": None,
        "source": "Department of Construction",
        "distance": None,
        **changes,
    }


def road(code: str, name: str, part_of: str | None = None) -> Json:
    return {"code": code, "name": text(name), "kind": "road", "partOf": part_of}
