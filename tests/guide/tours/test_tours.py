import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.context import Services
from api.guide.errors import InvalidTour
from api.guide.tours.library import SHIPPED_TOURS, TourLibrary, shipped_tours
from api.tourism.content_files import SHIPPED_CONTENT, read_content
from locales import AVAILABLE
from tests.alerts import messages
from tests.conftest import send, send_raw

SA_PA_SQUARE = {"latitude": 22.3351, "longitude": 103.8412}
QUESTION: dict[str, Any] = {
    "tour": "sa-pa-town",
    "position": SA_PA_SQUARE,
    "accuracy": 8.0,
    "heard": ["sun-plaza"],
}


async def test_the_story_of_where_one_stands_is_told_in_the_reader_s_language(
    client: httpx.AsyncClient,
) -> None:
    answer = await send(
        client, "guide/GuideAt", QUESTION | {"heading": 0.0}, headers={"accept-language": "ja"}
    )

    guidance = answer["guideAt"]
    assert guidance["state"] == "TELLING"
    assert guidance["text"] == "到着しました。この場所の物語をお伝えします。"
    assert guidance["tell"]["id"] == "square"
    assert guidance["tell"]["name"] == {"text": "サパ広場", "language": "ja"}
    assert guidance["tell"]["shortText"]["language"] == "ja"
    assert guidance["tell"]["longText"]["language"] == "en"
    assert (guidance["heardCount"], guidance["stopCount"], guidance["brief"]) == (1, 8, False)
    assert guidance["next"]["stop"]["id"] == "stone-church"
    assert guidance["next"]["distanceText"] == "90 m"
    assert (guidance["next"]["turn"], guidance["next"]["turnText"]) == ("RIGHT", "右手")
    assert guidance["next"]["directions"]["language"] == "ja"
    assert guidance["warnings"] == []


async def test_a_warning_comes_before_the_story(
    client: httpx.AsyncClient, services: Services
) -> None:
    await services.alerts.import_cap(messages.alert(), "test")

    answer = await send(client, "guide/GuideAt", QUESTION)

    assert [it["severity"] for it in answer["guideAt"]["warnings"]] == ["SEVERE"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"tour": "nowhere"}, "TOUR_NOT_FOUND"),
        ({"accuracy": 0.0}, "INVALID_ACCURACY"),
        ({"accuracy": -5.0}, "INVALID_ACCURACY"),
        ({"accuracy": 1e6}, "INVALID_ACCURACY"),
        ({"heading": 360.0}, "INVALID_HEADING"),
        ({"heading": -1.0}, "INVALID_HEADING"),
        ({"speed": -1.0}, "INVALID_SPEED"),
        ({"speed": 301.0}, "INVALID_SPEED"),
        ({"heard": ["x"] * 201}, "TOO_MUCH_HEARD"),
        ({"position": {"latitude": 91.0, "longitude": 0.0}}, "INVALID_POSITION"),
        ({"position": {"latitude": 10.77, "longitude": 106.7}}, "TOO_FAR_FROM_TOUR"),
    ],
)
async def test_what_cannot_be_asked_is_refused(
    client: httpx.AsyncClient, change: dict[str, Any], code: str
) -> None:
    answer = await send_raw(client, "guide/GuideAt", QUESTION | change)

    assert answer.json()["errors"][0]["extensions"]["code"] == code


async def test_how_far_off_somebody_is_is_said(client: httpx.AsyncClient) -> None:
    far = {"position": {"latitude": 21.03, "longitude": 105.85}}

    answer = await send_raw(
        client, "guide/GuideAt", QUESTION | far, headers={"accept-language": "en"}
    )

    message = answer.json()["errors"][0]["message"]
    assert message == "You are outside the province, 253 km from this tour."


async def test_unknown_stops_among_those_heard_are_nothing(client: httpx.AsyncClient) -> None:
    answer = await send(client, "guide/GuideAt", QUESTION | {"heard": ["x", "", "sun-plaza", "x"]})

    assert answer["guideAt"]["heardCount"] == 1


async def test_tours_are_listed_nearest_first(client: httpx.AsyncClient) -> None:
    by_id = await send(client, "guide/Tours", {})
    near = await send(client, "guide/Tours", {"near": SA_PA_SQUARE, "first": 2})
    end = near["tours"]["pageInfo"]["endCursor"]
    rest = await send(client, "guide/Tours", {"near": SA_PA_SQUARE, "first": 2, "after": end})

    def ids(answer: dict[str, Any]) -> list[str]:
        return [edge["node"]["id"] for edge in answer["tours"]["edges"]]

    assert ids(by_id) == ["bac-ha-sunday", "muong-hoa-valley", "sa-pa-town"]
    assert (ids(near), ids(rest)) == (["sa-pa-town", "muong-hoa-valley"], ["bac-ha-sunday"])


async def test_a_tour_tells_all_its_stops(client: httpx.AsyncClient) -> None:
    answer = await send(client, "guide/Tour", {"id": "muong-hoa-valley"})
    unknown = await send(client, "guide/Tour", {"id": "nowhere"})

    stops = answer["tour"]["stops"]
    assert [stop["id"] for stop in stops][:2] == ["cat-cat-gate", "cat-cat-indigo"]
    assert (len(stops), stops[-1]["directions"], stops[-1]["placeId"]) == (9, None, "P017")
    assert answer["tour"]["zonesSurveyed"] is False
    assert unknown["tour"] is None


async def test_tours_are_found_by_the_one_search(client: httpx.AsyncClient) -> None:
    answer = await send(client, "guide/Search", {"text": "muong hoa", "kinds": ["TOUR"]})

    assert [edge["node"]["id"] for edge in answer["search"]["edges"]] == ["muong-hoa-valley"]


@pytest.mark.parametrize("tour_id", sorted(shipped_tours().tours))
def test_every_shipped_tour_is_whole(tour_id: str) -> None:
    tour = shipped_tours().tours[tour_id]
    places = {place.id for place in read_content(SHIPPED_CONTENT).places}

    assert len(tour.stops) >= 8
    for stop in tour.stops:
        assert set(stop.short) >= set(AVAILABLE)
        assert {"vi", "en"} <= set(stop.long)
        assert stop.place_id is None or stop.place_id in places


def broken(folder: Path, change: dict[str, Any]) -> Path:
    tour = json.loads((SHIPPED_TOURS / "sa-pa-town.json").read_text())
    (folder / "sa-pa-town.json").write_text(json.dumps(tour | change))
    return folder


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"version": 2}, "version"),
        ({"stops": []}, "stops"),
        ({"corridor_metres": 1}, "corridor_metres"),
        ({"names": {"vi": "Sa Pa"}}, "names"),
        ({"id": "other"}, "id"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_a_broken_file_is_refused_and_says_where(
    tmp_path: Path, change: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidTour) as refused:
        TourLibrary.in_folder(broken(tmp_path, change))

    assert refused.value.params["file"] == "sa-pa-town.json"
    assert refused.value.params["field"] == field
