"""Each visit that a day has, once, on a product of one API process and a worker; and how arrivals are made."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bench.day import schedule, services
from bench.day.asked_for import is_asked_for
from bench.day.cast import Cast
from bench.day.foundations import prepared
from bench.day.playing import VISITS, played
from bench.day.schedule import Arrival
from bench.day.seeding import Crowd, seeded
from bench.day.wire import Wire
from tests.free_ports import free_port
from tests.system.many_processes import many_processes

CROWD = Crowd(devices=3, people=1, officers=1, seed=1)
IN_DANGER = 2
"""The third phone stands where it will flood."""
CALLS, IS_SAFE = 5, 1
"""Seeds: of whoever reads the warning one calls for help, the other is safe; the first has a doctor in the clinic."""
NO_BOT = "greeting"
WARNING = [Arrival(0.0, 20, "warning", 0, 0)]
AFTERWARDS = [
    *(
        Arrival(0.0, 20, kind, IN_DANGER, CALLS)
        for kind in sorted(VISITS.keys() - {"warning", NO_BOT})
    ),
    Arrival(0.0, 20, "alarmed", IN_DANGER, IS_SAFE),
]
OPERATIONS = frozenset(
    [
        "accounts/UpdateDevice",
        "alerts/ActiveAlerts",
        "alerts/Alert",
        "conditions/Conditions",
        "credentials/MyCredentials",
        "credentials/RecordScans",
        "credentials/Scan",
        "feedback/MyReports",
        "feedback/ReportsOnMap",
        "feedback/SimilarReports",
        "feedback/SubmitReport",
        "guide/GuideAt",
        "guide/OfflinePack",
        "guide/PlanTrip",
        "guide/Search",
        "guide/Tour",
        "health/AddWalkIn",
        "health/BookAppointment",
        "health/CallNext",
        "health/CancelAppointment",
        "health/Facilities",
        "health/FindSlots",
        "health/HoldSlot",
        "health/MyQueue",
        "health/QueueChanged",
        "health/SessionQueue",
        "media/CompleteUpload",
        "media/Media",
        "media/RequestUpload",
        "safety/AddSosPosition",
        "safety/AnswerMuster",
        "safety/RaiseSos",
        "safety/Sos",
        "students/ClassAttendance",
        "tourism/Commune",
        "tourism/EmergencyNumbers",
        "tourism/Events",
        "tourism/MarketsOn",
        "tourism/NearbyPlaces",
        "tourism/Place",
        "tourism/PlaceCards",
        "tourism/PlaceOpening",
        "tourist_cards/MyPasses",
        "wallet/Wallet",
    ]
) | {"POST a CAP alert", "POST observations", "PUT of a photo", services.PHOTO_READY}


@asynccontextmanager
async def seeded_product(folder: Path, port: int) -> AsyncGenerator[tuple[Wire, Cast]]:
    keys = await prepared(folder, has_samples=False)
    async with many_processes(folder, [port], 1):
        wire = Wire([f"http://127.0.0.1:{port}"])
        try:
            yield wire, await seeded(wire, keys, CROWD)
        finally:
            await wire.close()


async def test_every_visit_of_a_day_goes_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "LISTENED_SECONDS", 0.0)
    async with seeded_product(tmp_path, free_port()) as (wire, cast):
        wire.said.clear()

        await played(wire, cast, WARNING)
        await played(wire, cast, AFTERWARDS)

        said = wire.said
    assert [f"{it.operation}: {it.error}" for it in said if it.error] == []
    assert {it.operation for it in said} == OPERATIONS
    assert all(is_asked_for(it.operation, it.refusal) for it in said if it.refusal)


def test_a_day_is_the_same_for_the_same_seed() -> None:
    day = schedule.day(600, 6, 300, 1)

    assert day == schedule.day(600, 6, 300, 1)
    assert day != schedule.day(600, 6, 300, 2)
    assert [it.at for it in day] == sorted(it.at for it in day)


def test_every_phone_reads_the_warning_and_every_visit_is_known() -> None:
    day = schedule.day(600, 6, 300, 1)

    warned = [it for it in day if it.kind == "warning"]
    after = {it.who for it in day if it.kind == "alarmed" and it.at > warned[0].at}
    assert len(warned) == 1
    assert after >= set(range(300))
    assert {it.kind for it in day} | {it.kind for it in schedule.steady(60, 50, 1)} == VISITS.keys()


@pytest.mark.parametrize(
    ("rate", "seconds"), [pytest.param(20.0, 100.0, id="20/s"), pytest.param(5.0, 400.0, id="5/s")]
)
def test_arrivals_come_at_the_asked_rate(rate: float, seconds: float) -> None:
    found = schedule.steady(seconds, rate, 1)

    assert len(found) == pytest.approx(rate * seconds, rel=0.1)
