"""A report comes in: checked, routed with a reason, once however often it is sent."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from api.context import Services
from api.feedback.reports.repository import REPORTS
from api.feedback.reports.submitting import BY_ONE_DEVICE
from tests.accounts.people import SignedInPerson, new_key, signed_in
from tests.conftest import NOW, MovableClock
from tests.feedback.reporting import (
    HANOI,
    SA_PA,
    SA_PA_WARD,
    a_clerk,
    a_device,
    a_photo,
    a_report,
    agrees_to_photos,
    ask,
    do,
    submitted,
)


@pytest.fixture
async def person(client: httpx.AsyncClient, services: Services) -> SignedInPerson:
    return await signed_in(client, services)


async def kept(services: Services) -> list[dict[str, Any]]:
    return await services.store[REPORTS].find({})


async def test_a_report_goes_to_the_commune_where_it_lies(
    client: httpx.AsyncClient, person: SignedInPerson
) -> None:
    report = await submitted(client, person)

    assert report["state"] == "RECEIVED"
    assert report["agency"]["id"] == SA_PA_WARD
    assert report["agencyReason"] == (
        "It lies in this commune, whose People’s Committee is in charge."
    )
    assert report["communeCode"] == "03006"
    assert report["people"] == 1
    assert report["isMine"]
    assert [step["move"] for step in report["steps"]] == ["RECEIVE"]


@pytest.mark.parametrize(
    ("category", "fields", "agency", "reason"),
    [
        (
            "road-damage",
            [{"code": "road", "value": "QL4D"}],
            "national-roads",
            "This agency looks after the road QL4D.",
        ),
        (
            "road-damage",
            [{"code": "road", "value": "ĐT.152"}],
            "construction",
            "This agency looks after the road ĐT.152.",
        ),
        (
            "road-damage",
            [],
            SA_PA_WARD,
            "It lies in this commune, whose People’s Committee is in charge.",
        ),
        (
            "water-supply",
            [],
            "water",
            "This agency is in charge of it in the whole province.",
        ),
    ],
)
async def test_routing(
    client: httpx.AsyncClient,
    person: SignedInPerson,
    category: str,
    fields: list[dict[str, str]],
    agency: str,
    reason: str,
) -> None:
    report = await submitted(client, person, categoryCode=category, fields=fields)

    assert (report["agency"]["id"], report["agencyReason"]) == (agency, reason)


async def test_the_same_key_answers_the_same_report(
    client: httpx.AsyncClient, services: Services, person: SignedInPerson, clock: MovableClock
) -> None:
    key = new_key()
    first = await submitted(client, person, idempotencyKey=key)

    clock.advance(minutes=9)
    again = await submitted(client, person, idempotencyKey=key)

    assert again["code"] == first["code"]
    assert len(await kept(services)) == 1


async def test_a_draft_keeps_when_it_was_made(
    client: httpx.AsyncClient, clock: MovableClock
) -> None:
    made, device = clock(), await a_device(client)
    clock.advance(days=30)

    report = await submitted(client, None, device=device, capturedAt=made.isoformat())

    assert report["capturedAt"] == made.isoformat()
    assert report["receivedAt"] == clock().isoformat()


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"position": HANOI}, "OUTSIDE_PROVINCE", "position"),
        ({"accuracy": -1.0}, "INVALID_POSITION", "accuracy"),
        (
            {"capturedAt": (NOW - timedelta(days=30, seconds=1)).isoformat()},
            "INVALID_MOMENT",
            "capturedAt",
        ),
        (
            {"capturedAt": (NOW + timedelta(minutes=6)).isoformat()},
            "INVALID_MOMENT",
            "capturedAt",
        ),
        ({"text": " "}, "INVALID_TEXT", "text"),
        ({"text": "<b>x"}, "INVALID_TEXT", "text"),
        ({"text": "x" * 2_001}, "INVALID_TEXT", "text"),
        ({"language": "Tiếng Việt"}, "INVALID_LANGUAGE", "language"),
        ({"categoryCode": "nothing"}, "NOT_FOUND", "categoryCode"),
        ({"fields": [{"code": "size", "value": "1"}]}, "INVALID_FIELD", "fields"),
        ({"fields": [{"code": "kind", "value": "gold"}]}, "INVALID_FIELD", "fields"),
        ({"categoryCode": "power"}, "INVALID_FIELD", "fields"),
        (
            {"categoryCode": "flooding", "fields": [{"code": "depth", "value": "nan"}]},
            "INVALID_FIELD",
            "fields",
        ),
        ({"photoIds": ["a" * 26]}, "CONSENT_MISSING", "photoIds"),
    ],
)
async def test_what_is_refused_changes_nothing(
    client: httpx.AsyncClient,
    services: Services,
    person: SignedInPerson,
    changes: dict[str, Any],
    code: str,
    field: str,
) -> None:
    result = await do(client, "SubmitReport", a_report(**changes), person)

    assert (result["code"], result["field"]) == (code, field)
    assert await kept(services) == []


async def test_a_device_of_nobody_reports_without_an_account(client: httpx.AsyncClient) -> None:
    device = await a_device(client)

    report = await submitted(client, None, device=device, visibility="PRIVATE")

    page = await ask(client, "MyReports", {"device": device})
    assert [edge["node"]["code"] for edge in page["edges"]] == [report["code"]]
    assert await ask(client, "Report", {"code": report["code"]}) is None


async def test_a_wrong_secret_reports_nothing(
    client: httpx.AsyncClient, services: Services
) -> None:
    device = await a_device(client)

    refused = await do(client, "SubmitReport", a_report(device={**device, "secret": "no secret"}))

    assert refused["code"] == "DEVICE_NOT_FOUND"
    assert await kept(services) == []


async def test_one_device_reports_so_often_a_day(client: httpx.AsyncClient) -> None:
    device = await a_device(client)
    for _ in range(BY_ONE_DEVICE.times):
        await submitted(client, None, device=device)

    refused = await do(client, "SubmitReport", a_report(device=device))

    assert refused["code"] == "TOO_MANY_REPORTS"
    assert refused["retryAfter"] > 0


async def test_photos_of_others_and_of_devices_are_refused(
    client: httpx.AsyncClient, services: Services, person: SignedInPerson, clock: MovableClock
) -> None:
    stranger = await signed_in(client, services, "stranger@example.com")
    for one in (person, stranger):
        await agrees_to_photos(client, one)
    photo = await a_photo(client, services, stranger, clock)
    device = await a_device(client)

    for sender, shown in ((person, None), (None, device)):
        refused = await do(client, "SubmitReport", a_report(photoIds=[photo], device=shown), sender)
        assert refused["code"] == "INVALID_PHOTOS"


async def test_words_and_photos_are_public_once_a_clerk_accepted_them(
    client: httpx.AsyncClient, services: Services, person: SignedInPerson, clock: MovableClock
) -> None:
    await agrees_to_photos(client, person)
    photo = await a_photo(client, services, person, clock)
    report = await submitted(
        client,
        person,
        photoIds=[photo],
        text="Gọi tôi 0912 345 678, CCCD 010183904417.",
        displayName="Hoa Ban",
    )
    before = await ask(client, "Report", {"code": report["code"]})
    clerk = await a_clerk(client, services)

    await do(
        client,
        "AcceptReport",
        {
            "agencyId": SA_PA_WARD,
            "code": report["code"],
            "seenState": "RECEIVED",
            "idempotencyKey": new_key(),
        },
        clerk,
    )

    after = await ask(client, "Report", {"code": report["code"].lower().replace("-", " ")})
    assert (before["text"], before["photos"], before["reportedBy"]) == (None, [], None)
    assert before["position"] == SA_PA
    assert after["text"]["text"] == "Gọi tôi •••, CCCD •••."
    assert [one["id"] for one in after["photos"]] == [photo]
    assert after["reportedBy"] == "Hoa Ban"


async def test_an_anonymous_report_has_no_name_and_no_contact(
    client: httpx.AsyncClient, services: Services, person: SignedInPerson
) -> None:
    shown = await submitted(client, person)
    hidden = await submitted(client, person, visibility="ANONYMOUS", displayName="Hoa Ban")
    clerk = await a_clerk(client, services)

    contacts = [
        await ask(client, "ReporterContact", {"agencyId": SA_PA_WARD, "code": one["code"]}, clerk)
        for one in (shown, hidden)
    ]

    assert contacts[0]["addresses"] == [{"channel": "sms", "address": person.address}]
    assert contacts[1]["addresses"] == []
    rows = await services.audit.entries(10, None)
    read = [row.entry for row in rows.items if row.entry]
    assert [one.action for one in read] == ["report.read_contact"] * 2
    assert {one.scope for one in read} == {f"agency:{SA_PA_WARD}"}


async def test_a_private_report_is_seen_by_its_agency_alone(
    client: httpx.AsyncClient, services: Services, person: SignedInPerson
) -> None:
    report = await submitted(client, person, visibility="PRIVATE")
    clerk = await a_clerk(client, services)
    stranger = await signed_in(client, services, "stranger@example.com")
    code = {"code": report["code"]}

    desk = await ask(client, "DeskReport", {"agencyId": SA_PA_WARD, **code}, clerk)

    assert desk["position"] == SA_PA
    assert await ask(client, "MyReport", code, person) is not None
    assert await ask(client, "MyReport", code, stranger) is None
    assert await ask(client, "Report", code) is None
    assert (await ask(client, "PublicReports", {}))["edges"] == []
    similar = await ask(client, "SimilarReports", {"position": SA_PA, "categoryCode": "waste"})
    assert similar["reports"] == []
    (document,) = await kept(services)
    assert (document["latitude"], document["cells"]) == (None, [])
    assert "Rác" not in str(document)
    joined = await do(client, "JoinReport", {**code, "idempotencyKey": new_key()}, stranger)
    assert joined["code"] == "NOT_FOUND"


async def test_an_urgent_category_names_the_numbers_to_call_first(
    client: httpx.AsyncClient,
) -> None:
    categories = (await ask(client, "ReportCategories", {}))["categories"]

    urgent = {
        one["code"]: [number["number"] for number in one["emergencyNumbers"]]
        for one in categories
        if one["isUrgent"]
    }
    assert urgent == {
        "landslide": ["112", "114"],
        "power": ["114"],
        "forest-fire": ["112", "114"],
    }
