"""Open311 from outside: a client that knows only the specification files, pages and follows, in XML and in JSON."""

from dataclasses import replace
from typing import Any

import httpx
import pytest

from api.context import Services
from api.feedback.open311 import request_search
from api.feedback.reports.records import Report, Visibility
from api.feedback.reports.repository import REPORTS, ReportRepository
from api.kit.idempotency import IDEMPOTENCY_KEYS
from notifications.outbox import OUTBOX
from tests.accounts.exporting import run_jobs
from tests.conftest import MovableClock
from tests.feedback.desk_play import DeskPlay
from tests.feedback.open311_apps import A_REQUEST, AT_SA_PA, BOTH, an_app, an_app_report, refused
from tests.feedback.open311_client import GeoReportClient
from tests.feedback.reporting import HANOI, SA_PA, written_to


async def test_a_request_is_filed_paged_and_followed(
    app_client: GeoReportClient,
    client: httpx.AsyncClient,
    play: DeskPlay,
    agency_key: str,
) -> None:
    endpoint = (await app_client.discovery())["endpoints"][0]
    services = {one["service_code"]: one for one in await app_client.services()}
    asked = await app_client.definition("waste")
    filed = await app_client.post_request(A_REQUEST, kind="hazardous")
    number = filed["service_request_id"]
    for _ in range(3):
        play.wait(minutes=1)
        await app_client.post_request({**A_REQUEST, "device_id": f"phone at {play.clock()}"})
    pages = [
        [it["service_request_id"] for it in await app_client.requests(page=page, page_size="3")]
        for page in ("1", "2")
    ]

    system = an_app(client, app_client.form, agency_key)
    play.wait(hours=1)
    await system.post_update(update_id="1", service_request_id=number, status="investigating")
    play.wait(hours=1)
    await system.post_update(update_id="2", service_request_id=number, status="in_progress")
    report = await play.services.feedback.reading.shown(number)
    assert report is not None
    play.wait(hours=1)
    await play.fixed(report)

    followed = await app_client.request(number)
    updates = await app_client.updates(service_request_id=number)
    assert endpoint["url"].endswith("/open311/v2")
    assert endpoint["formats"] == ["text/xml", "application/json"]
    assert services["waste"] == {
        "service_code": "waste",
        "service_name": "Rubbish",
        "description": "Uncollected, dumped, or an overflowing bin.",
        "metadata": True,
        "type": "realtime",
        "keywords": services["waste"]["keywords"],
        "group": "Province of Lào Cai",
    }
    assert [
        (it["code"], it["datatype"], it["required"], it["order"]) for it in asked["attributes"]
    ] == [("kind", "singlevaluelist", False, 1)]
    assert "hazardous" in [one["key"] for one in asked["attributes"][0]["values"]]
    assert [len(page) for page in pages] == [3, 1]
    assert pages[1] == [number]
    assert len({*pages[0], *pages[1]}) == 4
    assert followed == {
        "service_request_id": number,
        "status": "closed",
        "status_notes": "Fixed, with proof",
        "service_name": "Rubbish",
        "service_code": "waste",
        "description": "Rác chất đống ba ngày nay.",
        "agency_responsible": followed["agency_responsible"],
        "service_notice": None,
        "requested_datetime": "2026-05-01T09:30:00Z",
        "updated_datetime": "2026-05-01T12:33:00Z",
        "expected_datetime": followed["expected_datetime"],
        "address": None,
        "address_id": "03006",
        "zipcode": None,
        "lat": 22.3364,
        "long": 103.8438,
        "media_url": None,
    }
    assert [(it["update_id"], it["status"], it["updated_datetime"]) for it in updates] == [
        (f"{number}.1", "open", "2026-05-01T09:30:00Z"),
        (f"{number}.2", "investigating", "2026-05-01T10:33:00Z"),
        (f"{number}.3", "in_progress", "2026-05-01T11:33:00Z"),
        (f"{number}.4", "fixed", "2026-05-01T12:33:00Z"),
    ]
    assert updates[-1]["media_url"].startswith("http")


async def test_both_formats_tell_the_same(client: httpx.AsyncClient, play: DeskPlay) -> None:
    await play.at_work()
    xml, json = an_app(client, "xml"), an_app(client, "json")

    told = [
        [
            await one.discovery(),
            await one.services(),
            await one.definition("landslide"),
            await one.requests(),
            await one.updates(),
        ]
        for one in (xml, json)
    ]

    assert told[0] == told[1]


@BOTH
async def test_answers_are_in_the_readers_language(client: httpx.AsyncClient, form: str) -> None:
    korean = replace(an_app(client, form), language="ko")

    (waste,) = [it for it in await korean.services() if it["service_code"] == "waste"]

    assert waste["service_name"] == "쓰레기"


async def test_words_are_shown_once_a_clerk_accepted_them_and_masked(
    app_client: GeoReportClient, play: DeskPlay
) -> None:
    text = "Gọi 0912 345 678 hoặc a@example.com"
    filed = await app_client.post_request({**A_REQUEST, "description": text})
    number = filed["service_request_id"]

    before = (await app_client.request(number))["description"]
    report = await play.services.feedback.reading.shown(number)
    assert report is not None
    await play.accepted(report)
    after = (await app_client.request(number))["description"]

    assert (before, after) == (None, "Gọi ••• hoặc •••")


async def test_what_tells_of_a_person_is_kept_nowhere(
    app_client: GeoReportClient, services: Services
) -> None:
    told = {
        "email": "lan@example.com",
        "first_name": "Lan",
        "last_name": "Nguyễn",
        "phone": "0912345678",
        "account_id": "account-of-lan",
        "device_id": "phone-of-lan",
    }
    await app_client.post_request({**A_REQUEST, **told})

    (report,) = await services.store[REPORTS].find({})
    found = await services.feedback.reports.get(report["_id"])
    assert found is not None
    assert found.content is not None
    assert found.visibility.name == "ANONYMOUS"
    assert found.content.display_name is None
    kept = str([report, found.content.text, found.content.answers])
    assert not [value for value in told.values() if value in kept]


async def test_private_and_refused_reports_are_shown_to_nobody(
    app_client: GeoReportClient, play: DeskPlay
) -> None:
    private = await play.reported(visibility=Visibility.PRIVATE)
    refusal = await play.refused(await play.reported())

    listed = await app_client.requests()
    named = await app_client.requests(service_request_id=f"{private.code},{refusal.code}")
    updates = await app_client.updates()
    statuses = [await refused(app_client.request(it.code)) for it in (private, refusal)]

    assert (listed, named, updates) == ([], [], [])
    assert [status for status, _ in statuses] == [404, 404]


@BOTH
async def test_an_app_is_told_that_its_own_request_was_refused(
    client: httpx.AsyncClient, play: DeskPlay, key: str, form: str
) -> None:
    app = an_app(client, form, key)
    number = (await app.post_request(A_REQUEST))["service_request_id"]
    report = await play.services.feedback.reading.shown(number)
    assert report is not None
    await play.refused(report)

    row = await app.request(number, api_key=key)

    assert (row["status"], row["description"]) == ("closed", None)
    assert row["status_notes"] == "It insults, advertises or deceives."
    assert (await refused(app.request(number)))[0] == 404


async def test_filters(app_client: GeoReportClient, play: DeskPlay) -> None:
    waste = await play.reported()
    play.wait(days=1)
    tree = await play.reported(category="fallen-tree")
    mended = await play.fixed(await play.at_work(tree))
    far = {"lat": "21.70", "long": "104.87", "radius": "5000"}

    async def codes(**asked: str) -> list[str]:
        return [it["service_request_id"] for it in await app_client.requests(**asked)]

    assert await codes() == [mended.code, waste.code]
    assert await codes(service_code="waste") == [waste.code]
    assert await codes(service_code="waste,fallen-tree") == [mended.code, waste.code]
    assert await codes(status="closed") == [mended.code]
    assert await codes(status="open,closed") == [mended.code, waste.code]
    assert await codes(start_date="2026-05-02T00:00:00Z") == [mended.code]
    assert await codes(end_date="2026-05-02T00:00:00+07:00") == [waste.code]
    assert await codes(end_date="2026-05-01T09:29:59Z") == []
    assert await codes(**AT_SA_PA, radius="100") == [mended.code, waste.code]
    assert await codes(**far) == []
    assert await codes(service_request_id=f"{waste.code},LC-AAA-AAA", status="closed") == [
        waste.code
    ]


@pytest.fixture
def looked_at(play: DeskPlay, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the codes of the reports that lists read, the newest first."""
    read: list[str] = []
    page = ReportRepository.page

    async def noted(self: ReportRepository, *asked: Any) -> list[Report]:  # noqa: ANN401
        found = await page(self, *asked)
        read.extend(one.code for one in found)
        return found

    monkeypatch.setattr(ReportRepository, "page", noted)
    return read


async def test_a_circle_reads_what_lies_around_it_alone(
    app_client: GeoReportClient, play: DeskPlay, looked_at: list[str]
) -> None:
    report = await play.reported()
    far = {"lat": "21.70", "long": "104.87"}

    nowhere = [await app_client.requests(**far, radius=radius) for radius in ("10000", "50000")]
    outside = await app_client.requests(lat="10.77", long="106.70", radius="50000")
    empty = list(looked_at)
    found = await app_client.requests(**AT_SA_PA, radius="50000")

    assert (nowhere, outside, empty) == ([[], []], [], [])
    assert [it["service_request_id"] for it in found] == looked_at == [report.code]


async def test_a_circle_with_too_much_around_it_is_refused(
    app_client: GeoReportClient,
    play: DeskPlay,
    looked_at: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(request_search, "LOOKED_AT_MOST", 2)
    monkeypatch.setattr(request_search, "_BATCH", 1)
    for _ in range(3):
        await play.reported()
        play.wait(minutes=1)
    # Sa Pa lies in a corner of the box around this circle.
    beside = {"lat": f"{SA_PA['latitude'] + 0.0405}", "long": f"{SA_PA['longitude'] + 0.0437}"}

    status, words = await refused(app_client.requests(**beside, radius="5000"))

    assert (status, len(looked_at)) == (400, 2)
    assert "Ask for another radius" in words
    assert len(await app_client.requests(**AT_SA_PA, radius="5000", page_size="2")) == 2


async def test_without_dates_it_is_the_last_90_days(
    app_client: GeoReportClient, play: DeskPlay
) -> None:
    old = await play.reported()
    play.wait(days=90, seconds=1)
    new = await play.reported()

    now = [it["service_request_id"] for it in await app_client.requests()]
    then = await app_client.requests(
        start_date="2026-05-01T00:00:00Z", end_date="2026-07-30T00:00:00Z"
    )

    assert now == [new.code]
    assert [it["service_request_id"] for it in then] == [old.code]


async def test_the_same_form_again_is_the_same_request(
    app_client: GeoReportClient, services: Services, clock: MovableClock
) -> None:
    first = await app_client.post_request(A_REQUEST)
    clock.advance(hours=1)
    again = await app_client.post_request(A_REQUEST)
    other = await app_client.post_request({**A_REQUEST, "description": "Một đống khác."})

    assert first == again
    assert first["service_request_id"] != other["service_request_id"]
    assert await services.store[REPORTS].count({}) == 2


async def test_the_same_form_after_weeks_is_another_request(
    app_client: GeoReportClient, services: Services, play: DeskPlay
) -> None:
    first = await app_client.post_request(A_REQUEST)
    play.wait(days=21)
    await services.store[IDEMPOTENCY_KEYS].delete_many({"kept_until": {"$lte": play.clock()}})

    later = await app_client.post_request(A_REQUEST)

    assert later["service_request_id"] != first["service_request_id"]
    assert len(await app_client.requests()) == 2


async def test_updates_are_paged_over_more_than_is_read_at_once(
    app_client: GeoReportClient, play: DeskPlay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.feedback.open311.update_search._BATCH", 2)
    report = await play.fixed(await play.at_work())

    pages = [
        [it["update_id"] for it in await app_client.updates(page=page, page_size="3")]
        for page in ("1", "2", "3")
    ]

    ids = [f"{report.code}.{number}" for number in range(1, 5)]
    assert pages == [ids[:3], ids[3:], []]


async def test_a_token_is_the_number(app_client: GeoReportClient) -> None:
    number = (await app_client.post_request(A_REQUEST))["service_request_id"]

    assert await app_client.token(number) == {"service_request_id": number, "token": number}
    assert (await refused(app_client.token("no-such-token")))[0] == 404


async def test_nothing_outside_of_the_province(app_client: GeoReportClient) -> None:
    there = {"lat": str(HANOI["latitude"]), "long": str(HANOI["longitude"])}

    status, words = await refused(app_client.post_request({**A_REQUEST, **there}))

    assert status == 400
    assert words == "This place lies outside the province of Lào Cai. Report it where it lies."


async def test_an_app_is_told_nothing_for_it_asks(
    app_client: GeoReportClient, play: DeskPlay, services: Services
) -> None:
    report = await an_app_report(app_client, play)
    await play.joined(report)
    await play.accepted(report)

    await run_jobs(services, play.clock)

    assert await services.store[OUTBOX].count({}) == 0
    assert len(await written_to(services, "neighbour@example.com")) == 1
