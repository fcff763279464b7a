"""Trips asked for through the contract, and factories for what they meet."""

from collections.abc import Mapping
from typing import Any

import httpx

from tests.conftest import send

Answer = dict[str, Any]
AT_SA_PA = {"latitude": 22.336, "longitude": 103.842}
AT_BAC_HA = {"latitude": 22.539, "longitude": 104.290}
SATURDAY, SUNDAY = "2026-05-02", "2026-05-03"


def a_trip(**said: Any) -> Answer:  # noqa: ANN401 - any field of the input
    """Return the input of a trip on Saturday the 2nd and Sunday the 3rd of May 2026, from Sa Pa."""
    known: Answer = {
        "start": f"{SATURDAY}T08:00:00+07:00",
        "end": f"{SUNDAY}T18:00:00+07:00",
        "from": AT_SA_PA,
    }
    return known | said


async def planned(client: httpx.AsyncClient, *, language: str = "en", **said: Any) -> Answer:  # noqa: ANN401 - any field of the input
    """Return the plan of a trip."""
    answer = await asked(client, language=language, **said)
    assert answer["__typename"] == "TripPlan", answer
    return answer


async def refused(client: httpx.AsyncClient, *, language: str = "en", **said: Any) -> Answer:  # noqa: ANN401 - any field of the input
    """Return why there is no plan of a trip."""
    answer = await asked(client, language=language, **said)
    assert answer["__typename"] == "TripRefusal", answer
    return answer


async def asked(client: httpx.AsyncClient, *, language: str = "en", **said: Any) -> Answer:  # noqa: ANN401 - any field of the input
    data = await send(client, "guide/PlanTrip", {"input": a_trip(**said)}, language=language)
    answer: Answer = data["planTrip"]
    return answer


async def replanned(client: httpx.AsyncClient, values: Mapping[str, Any]) -> Answer:
    data = await send(client, "guide/ReplanTrip", {"input": dict(values)})
    answer: Answer = data["replanTrip"]
    return answer


def visits(plan: Answer) -> list[Answer]:
    return [item for day in plan["days"] for item in day["items"] if item["kind"] == "VISIT"]


def places(plan: Answer) -> list[str]:
    return [item["place"]["id"] for item in visits(plan)]


def roads(plan: Answer) -> set[str]:
    return {road for day in plan["days"] for item in day["items"] for road in item["roads"]}


def codes(remarks: list[Answer]) -> list[str]:
    return [remark["code"] for remark in remarks]
