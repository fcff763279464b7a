"""What goes with a consent or an account, and what somebody without an account is told."""

import httpx

from api.context import Services
from api.feedback.reports.repository import REPORTS
from notifications.outbox import OUTBOX
from tests.accounts.exporting import run_jobs
from tests.accounts.families import person_id_of
from tests.accounts.people import new_key, signed_in
from tests.accounts.test_consents import withdraw
from tests.conftest import MovableClock
from tests.feedback.reporting import (
    SA_PA,
    a_clerk,
    a_device,
    a_photo,
    agrees_to_photos,
    ask,
    do,
    step,
    submitted,
)


async def test_photos_go_with_the_consent(
    client: httpx.AsyncClient, services: Services, clock: MovableClock
) -> None:
    person = await signed_in(client, services)
    await agrees_to_photos(client, person)
    photo = await a_photo(client, services, person, clock)
    report = await submitted(client, person, photoIds=[photo])

    await withdraw(client, person, "PHOTOS")

    mine = await ask(client, "MyReport", {"code": report["code"]}, person)
    assert [one["id"] for one in report["photos"]] == [photo]
    assert mine["photos"] == []


async def test_what_was_said_goes_with_the_account_and_the_spot_stays(
    client: httpx.AsyncClient, services: Services
) -> None:
    person = await signed_in(client, services)
    public = await submitted(client, person)
    private = await submitted(client, person, visibility="PRIVATE")
    data = services.feedback.data[0]
    person_id = await person_id_of(services, person)

    for _ in range(2):
        await data.erase(person_id)

    found = await services.store[REPORTS].find({}, sort=[("received_at", 1), ("is_shown", -1)])
    by_code = {one["code"]: one for one in found}
    assert all(one["content"] is None and one["reporter"] is None for one in found)
    assert by_code[public["code"]]["latitude"] == SA_PA["latitude"]
    assert by_code[private["code"]]["latitude"] is None
    assert await data.held_of(person_id) == {"reported": [], "followed": [], "steps": []}


async def test_a_device_of_nobody_is_told_by_push(
    client: httpx.AsyncClient, services: Services, clock: MovableClock
) -> None:
    device = await a_device(client)
    report = await submitted(client, None, device=device, told_in="vi")
    clerk = await a_clerk(client, services)
    await step(client, clerk, "AcceptReport", report["code"], "RECEIVED")

    await run_jobs(services, clock)

    (batch,) = await services.store[OUTBOX].find({})
    assert device["id"] in str(batch)


async def test_joiners_see_nothing_that_is_the_reporter_s(
    client: httpx.AsyncClient, services: Services
) -> None:
    person = await signed_in(client, services)
    neighbour = await signed_in(client, services, "neighbour@example.com")
    report = await submitted(client, person, text="Gọi 0912345678")
    code = {"code": report["code"]}
    await do(client, "JoinReport", {**code, "idempotencyKey": new_key()}, neighbour)
    clerk = await a_clerk(client, services)

    before = await ask(client, "MyReport", code, neighbour)
    await step(client, clerk, "AcceptReport", report["code"], "RECEIVED")
    after = await ask(client, "MyReport", code, neighbour)

    assert (before["text"], before["isMine"], before["capturedAt"]) == (None, False, None)
    assert (after["text"]["text"], after["people"]) == ("Gọi •••", 2)
    assert (await ask(client, "MyReport", code, person))["text"]["text"] == "Gọi 0912345678"


async def test_reports_near_and_inside_bounds_are_paged(
    client: httpx.AsyncClient, services: Services
) -> None:
    person = await signed_in(client, services)
    bac_ha = {"latitude": 22.5386, "longitude": 104.2917}
    codes = [(await submitted(client, person))["code"] for _ in range(3)]
    far = (await submitted(client, person, position=bac_ha))["code"]
    near = {"near": SA_PA, "within": 1_000}

    first = await ask(client, "PublicReports", {**near, "first": 2})
    after = {"after": first["pageInfo"]["endCursor"]}
    second = await ask(client, "PublicReports", {**near, "first": 2, **after})
    bounds = {"south": 22.5, "west": 104.2, "north": 22.6, "east": 104.4}
    inside = await ask(client, "PublicReports", {"bounds": bounds})

    paged = [edge["node"]["code"] for page in (first, second) for edge in page["edges"]]
    assert sorted(paged) == sorted(codes)
    assert not second["pageInfo"]["hasNextPage"]
    assert [edge["node"]["code"] for edge in inside["edges"]] == [far]
