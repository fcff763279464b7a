from datetime import datetime
from typing import Any

import httpx
import pytest

from api.kit.store import Store
from api.tourism.documents import place_document, place_of
from api.tourism.opening.hours import TIME_ZONE, OpeningHours, OpenState
from api.tourism.opening.place_opening import opening_of
from api.tourism.records import Accessibility, PlaceCategory, Steps, Wifi, WifiAccess
from tests.conftest import MovableClock, send, send_raw
from tests.tourism.content import NEAR_SA_PA, a_place, hold, ids, nodes, north

SUNDAY_MORNING = "2026-11-29T09:00:00+07:00"
SUNDAY_EVENING = "2026-11-29T18:00:00+07:00"
TET = "2026-02-17T09:00:00+07:00"


async def opening(
    client: httpx.AsyncClient, at: str | None, language: str = "en"
) -> dict[str, Any] | None:
    answer = await send(
        client,
        "tourism/PlaceOpening",
        {"id": "P1", "at": at},
        headers={"accept-language": language},
    )
    told: dict[str, Any] | None = answer["place"]["opening"]
    return told


@pytest.mark.parametrize(
    ("hours", "at", "told"),
    [
        (
            "Su 06:00-12:00",
            SUNDAY_MORNING,
            (True, "2026-11-29T12:00:00+07:00", "Open until Nov 29, 2026, 12:00 PM."),
        ),
        (
            "Su 06:00-12:00",
            SUNDAY_EVENING,
            (False, "2026-12-06T06:00:00+07:00", "Closed until Dec 6, 2026, 6:00 AM."),
        ),
        ("24/7", SUNDAY_MORNING, (True, None, "Open at any time.")),
        ("off", SUNDAY_MORNING, (False, None, "Closed.")),
        (
            'unknown "by arrangement"',
            SUNDAY_MORNING,
            (None, None, "The opening hours are not certain. Please ask before you go."),
        ),
    ],
)
async def test_a_place_says_whether_it_is_open(
    client: httpx.AsyncClient, store: Store, hours: str, at: str, told: tuple[Any, ...]
) -> None:
    await hold(store, places=[a_place("P1", opening_hours=hours)])

    said = await opening(client, at)

    assert said is not None
    is_open, change, text = told
    assert (said["isOpen"], said["nextChange"], said["holiday"]) == (is_open, change, None)
    assert said["text"].replace("\u202f", " ") == text


async def test_a_holiday_that_decides_is_named(client: httpx.AsyncClient, store: Store) -> None:
    await hold(store, places=[a_place("P1", opening_hours="08:00-17:00; PH off")])

    said = await opening(client, TET, "fr")

    assert said is not None
    assert said["isOpen"] is False
    assert said["holiday"] == {"text": "Nouvel An lunaire (Têt)", "language": "fr"}
    assert said["nextChange"] == "2026-02-20T08:00:00+07:00"


async def test_nothing_is_said_of_hours_that_nobody_knows(
    client: httpx.AsyncClient, store: Store
) -> None:
    await hold(store, places=[a_place("P1")])

    assert await opening(client, SUNDAY_MORNING) is None


async def test_without_a_time_it_is_now(
    client: httpx.AsyncClient, store: Store, clock: MovableClock
) -> None:
    hour = clock().astimezone(TIME_ZONE).hour
    await hold(store, places=[a_place("P1", opening_hours=f"{hour:02}:00-{hour + 1:02}:00")])

    now = await opening(client, None)
    clock.advance(hours=1)
    later = await opening(client, None)

    assert now is not None
    assert later is not None
    assert (now["isOpen"], later["isOpen"]) == (True, False)


@pytest.mark.parametrize(
    "at", ["2026-11-29T09:00:00", "1999-12-31T09:00:00+07:00", "2101-01-01T09:00:00+07:00"]
)
async def test_a_time_out_of_reach_is_refused(
    client: httpx.AsyncClient, store: Store, at: str
) -> None:
    await hold(store, places=[a_place("P1", opening_hours="24/7")])

    answer = await send_raw(client, "tourism/PlaceOpening", {"id": "P1", "at": at})

    assert answer.json()["errors"][0]["extensions"]["code"] == "MOMENT_OUT_OF_RANGE"


@pytest.mark.parametrize("asked", [{}, {"near": NEAR_SA_PA}, {"search": "cho"}])
async def test_places_that_are_open_are_listed_page_by_page(
    client: httpx.AsyncClient, store: Store, asked: dict[str, Any]
) -> None:
    hours = ["24/7", "off", "Su 06:00-12:00", None, "Mo 06:00-12:00", "08:00-10:00"]
    places = [
        a_place(f"P{n}", names={"vi": "Chợ"}, position=north(n * 100), opening_hours=text)
        for n, text in enumerate(hours)
    ]
    await hold(store, places=places)
    wanted = asked | {"openAt": SUNDAY_MORNING, "first": 2}

    first = (await send(client, "tourism/Places", wanted))["places"]
    end = first["pageInfo"]["endCursor"]
    second = (await send(client, "tourism/Places", wanted | {"after": end}))["places"]

    assert (ids(first), ids(second)) == (["P0", "P2"], ["P5"])
    assert (first["pageInfo"]["hasNextPage"], second["pageInfo"]["hasNextPage"]) == (True, False)


async def test_similar_places_are_of_the_same_kind_nearest_first(
    client: httpx.AsyncClient, store: Store
) -> None:
    cave, lake = PlaceCategory.CAVE, PlaceCategory.LAKE
    kinds = [(0, cave), (300, cave), (100, lake), (200, cave)]
    await hold(
        store,
        places=[
            a_place(f"P{n}", category=kind, position=north(metres))
            for n, (metres, kind) in enumerate(kinds)
        ],
    )

    similar = await send(client, "tourism/SimilarPlaces", {"id": "P0"})
    nearest = await send(client, "tourism/SimilarPlaces", {"id": "P0", "first": 1})
    unknown = await send(client, "tourism/SimilarPlaces", {"id": "P9"})

    assert ids(similar["similarPlaces"]) == ["P3", "P1"]
    assert ids(nearest["similarPlaces"]) == ["P3"]
    assert ids(unknown["similarPlaces"]) == []


@pytest.mark.parametrize(
    ("wifi", "code", "instructions"),
    [
        (
            Wifi("Sa Pa; free", WifiAccess.OPEN, None),
            r"WIFI:T:nopass;S:Sa Pa\; free;;",
            "Choose the network Sa Pa; free; no password is needed.",
        ),
        (
            Wifi("LaoCai", WifiAccess.PASSWORD, r'a:b"c,d\e'),
            r"WIFI:T:WPA;S:LaoCai;P:a\:b\"c\,d\\e;;",
            r'Choose the network LaoCai and type the password a:b"c,d\e.',
        ),
        (
            Wifi("Province", WifiAccess.PORTAL, None),
            "WIFI:T:nopass;S:Province;;",
            "Choose the network Province, then open your browser and follow the page that appears.",
        ),
    ],
)
async def test_a_public_network_says_how_to_join(
    client: httpx.AsyncClient, store: Store, wifi: Wifi, code: str, instructions: str
) -> None:
    await hold(store, places=[a_place("P1", category=PlaceCategory.WIFI, wifi=wifi)])

    said = (await send(client, "tourism/PlaceOpening", {"id": "P1"}))["place"]["wifi"]

    assert said == {
        "ssid": wifi.ssid,
        "access": wifi.access.name,
        "password": wifi.password,
        "instructions": instructions,
        "joinCode": code,
    }


@pytest.mark.parametrize("steps", Steps)
async def test_a_place_says_whether_it_has_steps(
    client: httpx.AsyncClient, store: Store, steps: Steps
) -> None:
    await hold(store, places=[a_place("P1", accessibility=Accessibility(steps))])

    said = (await send(client, "tourism/PlaceOpening", {"id": "P1"}))["place"]["accessibility"]

    assert said == {"steps": steps.name}


def test_of_a_place_that_was_stored_before_anybody_noted_steps_nothing_is_known() -> None:
    document = place_document(a_place("P1", accessibility=Accessibility(Steps.STEPS)))
    del document["accessibility"]

    assert place_of(document).accessibility.steps is Steps.UNKNOWN


@pytest.mark.usefixtures("province")
async def test_hospitals_are_places_too(client: httpx.AsyncClient) -> None:
    answer = await send(
        client, "tourism/Places", {"near": NEAR_SA_PA, "categories": ["HOSPITAL"], "first": 1}
    )

    (hospital,) = nodes(answer["places"])
    assert (hospital["id"], hospital["categoryName"]) == ("H07", "Hospital")


def test_places_with_the_same_hours_are_evaluated_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[datetime] = []
    original = OpeningHours.state_at

    def counting(hours: OpeningHours, at: datetime) -> OpenState:
        asked.append(at)
        return original(hours, at)

    monkeypatch.setattr(OpeningHours, "state_at", counting)
    at = datetime(2026, 11, 29, 9, 0, 17, tzinfo=TIME_ZONE)
    places = [a_place(f"P{number}", opening_hours="Su 06:00-12:17") for number in range(100)]

    openings = {opening_of(place, at) for place in places}

    assert asked == [at.replace(second=0)]
    assert len(openings) == 1


def test_within_a_minute_hours_are_reckoned_once(monkeypatch: pytest.MonkeyPatch) -> None:
    read = OpeningHours.of
    asked: list[str] = []

    def counted(text: str) -> OpeningHours:
        asked.append(text)
        return read(text)

    monkeypatch.setattr("api.tourism.opening.place_opening.OpeningHours.of", counted)
    place = a_place("P1", opening_hours="Mo-Su 06:17-18:43")
    morning = datetime(2026, 5, 1, 9, 30, tzinfo=TIME_ZONE)

    openings = [
        opening_of(place, morning.replace(second=second, microsecond=7 * second))
        for second in range(60)
    ]

    assert all(it is openings[0] for it in openings)
    assert asked == ["Mo-Su 06:17-18:43"]
