"""Staff see how far a warning of their agency has come; nobody else does."""

import httpx
import pytest

from api.accounts.errors import NotAllowed
from api.context import Services
from api.kit.ids import new_id
from notifications.outbox import Progress
from notifications.outcomes import Outcome
from tests.accounts import phones as apps
from tests.accounts.people import call, new_key
from tests.alerts.composing.officers import (
    HYDROMET,
    AlertDesk,
    a_desk,
    an_administrator,
)
from tests.alerts.conftest import Phones
from tests.alerts.messages import BAC_HA, SA_PA_CODE


async def progress(desk: AlertDesk, alert_id: str | None) -> Progress | None:
    assert alert_id is not None
    found = await desk.services.composing.progress.of(desk.approver, desk.agency_id, alert_id)
    return found.total if found else None


async def test_every_device_has_one_outcome_and_openings_are_counted(
    desk: AlertDesk, phones: Phones, client: httpx.AsyncClient
) -> None:
    app = await apps.register(client, new_key(), homeCommunes=[SA_PA_CODE])
    await phones.add("inside")
    await phones.add("elsewhere", BAC_HA)
    issued = await desk.issue(await desk.compose())
    before = await progress(desk, issued.alert_id)
    message = await phones.last(app["device"]["id"])

    opened = {
        "noticeId": message.notice.id,
        "deviceId": app["device"]["id"],
        "deviceSecret": app["secret"],
    }
    answers = [await call(client, "NoticeOpened", opened) for _ in range(2)]

    assert before == Progress(0, {})
    assert [answer["__typename"] for answer in answers] == ["NoticeOpenedSuccess"] * 2
    expected = Progress(2, {Outcome.ACCEPTED: 2}, opened=1)
    assert await progress(desk, issued.alert_id) == expected


async def test_a_receipt_needs_the_device_s_secret(
    desk: AlertDesk, phones: Phones, client: httpx.AsyncClient
) -> None:
    app = await apps.register(client, new_key(), homeCommunes=[SA_PA_CODE])
    issued = await desk.issue(await desk.compose())
    message = await phones.last(app["device"]["id"])

    refused = await call(
        client,
        "NoticeOpened",
        {
            "noticeId": message.notice.id,
            "deviceId": app["device"]["id"],
            "deviceSecret": "0" * 64,
        },
    )

    assert refused["code"] == "DEVICE_NOT_FOUND"
    assert await progress(desk, issued.alert_id) == Progress(1, {Outcome.ACCEPTED: 1})


async def test_it_is_the_agency_s_alone(desk: AlertDesk, services: Services) -> None:
    issued = await desk.issue(await desk.compose())
    other = await a_desk(services, HYDROMET)
    of_warning = services.composing.progress.of

    for caller in (other.author, await an_administrator(services)):
        with pytest.raises(NotAllowed):
            await of_warning(caller, desk.agency_id, str(issued.alert_id))

    assert await progress(other, issued.alert_id) is None
    assert await progress(desk, new_id()) is None
