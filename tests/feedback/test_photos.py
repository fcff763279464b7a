"""Clerks hide what is in photos of reports; originals are read with a reason, which is noted."""

from typing import Any

import httpx
import pytest

from api.context import Services
from api.kit.audit_log import AUDIT_ROWS
from tests.accounts.exporting import run_jobs
from tests.accounts.people import Answer, SignedInPerson, new_key, signed_in
from tests.conftest import MovableClock
from tests.feedback.reporting import (
    SA_PA_WARD,
    a_clerk,
    a_photo,
    agrees_to_photos,
    ask,
    do,
    step,
    submitted,
)
from tests.media.picture_files import exif, gradient, saved
from tests.media.uploading import finished, local

BOX = {"left": 0.25, "top": 0.25, "width": 0.5, "height": 0.25}


@pytest.fixture
async def mai(client: httpx.AsyncClient, services: Services) -> SignedInPerson:
    person = await signed_in(client, services)
    await agrees_to_photos(client, person)
    return person


@pytest.fixture
async def clerk(client: httpx.AsyncClient, services: Services) -> SignedInPerson:
    return await a_clerk(client, services)


@pytest.fixture
async def photo_id(
    client: httpx.AsyncClient, services: Services, clock: MovableClock, mai: SignedInPerson
) -> str:
    sent = saved(gradient(), "JPEG", exif=exif())
    return str((await finished(client, services, clock, mai, sent, keepsCapture=True))["id"])


@pytest.fixture
async def code(client: httpx.AsyncClient, mai: SignedInPerson, photo_id: str) -> str:
    return str((await submitted(client, mai, photoIds=[photo_id]))["code"])


async def blur(
    client: httpx.AsyncClient,
    clerk: SignedInPerson,
    report: str,
    media_id: str,
    **changes: Any,  # noqa: ANN401
) -> Answer:
    asked = {
        "agencyId": SA_PA_WARD,
        "code": report,
        "mediaId": media_id,
        "seenVersion": 0,
        "boxes": [BOX],
        "idempotencyKey": new_key(),
    }
    return await do(client, "BlurPhoto", {**asked, **changes}, clerk)


async def read(
    client: httpx.AsyncClient,
    clerk: SignedInPerson,
    report: str,
    media_id: str,
    **changes: Any,  # noqa: ANN401
) -> Answer:
    asked = {
        "agencyId": SA_PA_WARD,
        "code": report,
        "mediaId": media_id,
        "reason": "COMPLAINT",
    }
    return await do(client, "ReadOriginalPhoto", {**asked, **changes}, clerk)


async def at_desk(client: httpx.AsyncClient, clerk: SignedInPerson, code: str) -> Answer:
    found = await ask(client, "DeskReport", {"agencyId": SA_PA_WARD, "code": code}, clerk)
    return dict(found)


async def noted(services: Services, action: str) -> list[Answer]:
    rows = await services.store[AUDIT_ROWS].find({"action": action})
    return [row["details"] for row in rows]


async def test_a_clerk_hides_a_face_in_a_photo_of_a_report(
    client: httpx.AsyncClient,
    services: Services,
    clock: MovableClock,
    clerk: SignedInPerson,
    photo_id: str,
    code: str,
) -> None:
    await step(client, clerk, "AcceptReport", code, "RECEIVED")

    result = await blur(client, clerk, code, photo_id)
    meanwhile = await ask(client, "Report", {"code": code})
    await run_jobs(services, clock)

    after = await ask(client, "Report", {"code": code})
    assert result["photo"]["isBlurring"] is True
    assert result["photo"]["boxes"] == [BOX]
    assert meanwhile["photos"] == []
    assert [photo["id"] for photo in after["photos"]] == [photo_id]
    assert await noted(services, "report.blur_photo") == [{"media": photo_id, "boxes": 1}]


async def test_a_blur_sent_twice_is_one(
    client: httpx.AsyncClient, services: Services, clerk: SignedInPerson, photo_id: str, code: str
) -> None:
    key = new_key()

    results = [await blur(client, clerk, code, photo_id, idempotencyKey=key) for _ in range(2)]

    assert [result["photo"]["blurVersion"] for result in results] == [1, 1]
    assert len(await noted(services, "report.blur_photo")) == 1


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"seenVersion": 1}, "BLUR_CHANGED"),
        ({"boxes": []}, "INVALID_BOXES"),
        ({"boxes": [{**BOX, "left": 0.9}]}, "INVALID_BOXES"),
        ({"mediaId": "a" * 26}, "PHOTO_NOT_FOUND"),
        ({"code": "LC-2222-2222"}, "NOT_FOUND"),
        ({"agencyId": "environment"}, "NOT_ALLOWED"),
    ],
)
async def test_what_cannot_be_blurred_stays_as_it_is(
    client: httpx.AsyncClient,
    services: Services,
    clerk: SignedInPerson,
    photo_id: str,
    code: str,
    changes: Answer,
    refusal: str,
) -> None:
    result = await blur(client, clerk, code, photo_id, **changes)

    (photo,) = (await at_desk(client, clerk, code))["deskPhotos"]
    assert result["code"] == refusal
    assert (photo["blurVersion"], photo["isBlurring"]) == (0, False)
    assert await noted(services, "report.blur_photo") == []


async def test_a_photo_of_another_report_is_not_there(
    client: httpx.AsyncClient,
    services: Services,
    clock: MovableClock,
    mai: SignedInPerson,
    clerk: SignedInPerson,
    code: str,
) -> None:
    other = await a_photo(client, services, mai, clock)

    result = await blur(client, clerk, code, other)

    assert result["code"] == "PHOTO_NOT_FOUND"


async def test_a_report_of_another_agency_is_not_there(
    client: httpx.AsyncClient, services: Services, photo_id: str, code: str
) -> None:
    other = await a_clerk(client, services, "environment")

    results = [
        await blur(client, other, code, photo_id, agencyId="environment"),
        await read(client, other, code, photo_id, agencyId="environment"),
    ]

    assert [result["code"] for result in results] == ["NOT_FOUND"] * 2


async def test_every_reading_of_an_original_is_noted_with_its_reason(
    client: httpx.AsyncClient,
    services: Services,
    clock: MovableClock,
    clerk: SignedInPerson,
    photo_id: str,
    code: str,
) -> None:
    await blur(client, clerk, code, photo_id)
    await run_jobs(services, clock)

    first = await read(client, clerk, code, photo_id)
    await read(client, clerk, code, photo_id, reason="CHECK_BLUR")

    reply = await client.get(local(first["url"]))
    assert (reply.status_code, reply.headers["content-type"]) == (200, "image/jpeg")
    assert await noted(services, "report.read_original") == [
        {"media": photo_id, "reason": "COMPLAINT"},
        {"media": photo_id, "reason": "CHECK_BLUR"},
    ]


async def test_of_a_photo_that_was_never_blurred_there_is_no_original(
    client: httpx.AsyncClient, services: Services, clerk: SignedInPerson, photo_id: str, code: str
) -> None:
    result = await read(client, clerk, code, photo_id)

    assert result["code"] == "PHOTO_NOT_FOUND"
    assert await noted(services, "report.read_original") == []


async def test_the_desk_is_told_when_and_where_the_camera_took_it(
    client: httpx.AsyncClient, clerk: SignedInPerson, photo_id: str, code: str
) -> None:
    (photo,) = (await at_desk(client, clerk, code))["deskPhotos"]

    assert photo["mediaId"] == photo_id
    assert photo["takenPosition"]["latitude"] == pytest.approx(22.3364, abs=1e-4)
    assert photo["takenPosition"]["longitude"] == pytest.approx(103.8439, abs=1e-4)
    assert photo["takenAt"] is None
