"""Exercises and tests ring the devices that staff enrolled, and can ring no other."""

from dataclasses import replace

import httpx
import pytest

from api.accounts.errors import DeviceNotFound
from api.alerts.actual_alert import ActualAlert, NotForThePublic
from api.alerts.cap_message import Scope, Status
from api.alerts.composing.draft import Draft, Purpose
from api.alerts.composing.exercises import EXERCISE_DEVICES
from api.alerts.fan_out import FAN_OUT, FAN_OUT_CANCELLATION
from api.alerts.repository import ALERTS, AlertRecord, AlertRepository
from api.context import Services
from api.kit.jobs import JOBS
from api.kit.store import Store
from notifications.audience import Selection
from notifications.fan_outs import FAN_OUTS
from tests.accounts import phones as apps
from tests.accounts.people import new_key
from tests.alerts.composing.officers import (
    CIVIL_DEFENCE,
    CONTENT,
    HYDROMET,
    AlertDesk,
    a_desk,
    seen,
)
from tests.alerts.conftest import Phones, active_identifiers
from tests.alerts.messages import SA_PA, SA_PA_CODE

DRILLS = pytest.mark.parametrize("purpose", [Purpose.EXERCISE, Purpose.TEST])


async def issued(desk: AlertDesk, purpose: Purpose) -> Draft:
    draft = await desk.compose(replace(CONTENT, level="5"), purpose)
    return await desk.services.composing.issuing.issue(desk.author, seen(draft))


async def enrolled(client: httpx.AsyncClient, desk: AlertDesk) -> str:
    """Register a device and enrol it; return its id."""
    registered = await apps.register(client, new_key())
    device_id = str(registered["device"]["id"])
    await desk.services.composing.exercise_devices.enrol(
        desk.author, desk.agency_id, device_id, registered["secret"], "Máy trực ban"
    )
    return device_id


@DRILLS
async def test_a_drill_of_the_worst_level_rings_enrolled_devices_only(
    desk: AlertDesk, phones: Phones, client: httpx.AsyncClient, purpose: Purpose
) -> None:
    await phones.add("public", SA_PA, homes=[SA_PA_CODE])
    device_id = await enrolled(client, desk)

    await issued(desk, purpose)

    assert await phones.names() == {device_id}
    assert await active_identifiers(client) == []


@pytest.mark.parametrize(
    ("purpose", "title"),
    [
        (Purpose.EXERCISE, "DIỄN TẬP: Lũ quét, rủi ro cấp 5 (thảm họa): Phường Sa Pa"),
        (Purpose.TEST, "THỬ NGHIỆM: Lũ quét, rủi ro cấp 5 (thảm họa): Phường Sa Pa"),
    ],
)
async def test_its_headline_says_first_what_it_is(
    desk: AlertDesk, phones: Phones, client: httpx.AsyncClient, purpose: Purpose, title: str
) -> None:
    device_id = await enrolled(client, desk)

    await issued(desk, purpose)

    assert [text.title for text in (await phones.told())[device_id]] == [title]


@DRILLS
async def test_it_asks_for_no_job_that_tells_the_public(
    desk: AlertDesk, store: Store, purpose: Purpose
) -> None:
    await issued(desk, purpose)

    kinds = [job["kind"] for job in await store[JOBS].find({})]
    assert kinds == ["alerts.tell_exercise"]


@DRILLS
async def test_it_never_looks_for_an_audience(
    desk: AlertDesk,
    phones: Phones,
    client: httpx.AsyncClient,
    monkeypatch: pytest.MonkeyPatch,
    purpose: Purpose,
) -> None:
    def refuses(*_: object) -> None:
        raise AssertionError("an exercise looked for people")

    device_id = await enrolled(client, desk)
    await issued(desk, purpose)
    monkeypatch.setattr(Selection, "__init__", refuses)

    assert await phones.names() == {device_id}


@DRILLS
async def test_the_public_s_fan_out_refuses_it_even_when_it_is_asked_by_name(
    desk: AlertDesk, phones: Phones, services: Services, store: Store, purpose: Purpose
) -> None:
    await phones.add("public")
    draft = await issued(desk, purpose)
    jobs = services.alerts.handlers()

    await jobs[FAN_OUT]({"alert_id": draft.alert_id, "number": 0, "takes_effect_later": False})
    await jobs[FAN_OUT_CANCELLATION]({"alert_id": draft.alert_id})

    assert await phones.told() == {}
    assert await store[FAN_OUTS].count({}) == 0


async def record_of(desk: AlertDesk, store: Store) -> AlertRecord:
    draft = await issued(desk, Purpose.EXERCISE)
    record = await AlertRepository(store).get(str(draft.alert_id))
    assert record is not None
    return record


async def test_what_tells_the_public_cannot_be_made_of_it(desk: AlertDesk, store: Store) -> None:
    record = await record_of(desk, store)

    with pytest.raises(NotForThePublic):
        ActualAlert(record)
    with pytest.raises(NotForThePublic):
        ActualAlert(replace(record, status=Status.ACTUAL, scope=Scope.PRIVATE))
    assert ActualAlert(replace(record, status=Status.ACTUAL)).record.id == record.id


async def test_an_actual_warning_is_told_by_no_exercise_s_job(
    desk: AlertDesk, phones: Phones, services: Services, client: httpx.AsyncClient, store: Store
) -> None:
    await enrolled(client, desk)
    draft = await desk.issue(await desk.compose())
    await store[JOBS].delete_many({})

    await services.composing.handlers()["alerts.tell_exercise"](
        {"alert_id": draft.alert_id, "agency_id": CIVIL_DEFENCE}
    )

    assert await phones.told() == {}


async def test_an_exercise_rings_no_device_of_another_agency(
    desk: AlertDesk, phones: Phones, services: Services, client: httpx.AsyncClient
) -> None:
    await enrolled(client, await a_desk(services, HYDROMET))

    await issued(desk, Purpose.EXERCISE)

    assert await phones.told() == {}


async def test_a_job_that_runs_twice_rings_once(
    desk: AlertDesk, phones: Phones, services: Services, client: httpx.AsyncClient
) -> None:
    device_id = await enrolled(client, desk)
    draft = await issued(desk, Purpose.EXERCISE)
    await phones.deliver()

    await services.composing.handlers()["alerts.tell_exercise"](
        {"alert_id": draft.alert_id, "agency_id": CIVIL_DEFENCE}
    )

    assert len((await phones.told())[device_id]) == 1


async def test_a_device_is_enrolled_by_whoever_has_its_secret_only(
    desk: AlertDesk, client: httpx.AsyncClient, store: Store
) -> None:
    registered = await apps.register(client, new_key())

    with pytest.raises(DeviceNotFound):
        await desk.services.composing.exercise_devices.enrol(
            desk.author, CIVIL_DEFENCE, registered["device"]["id"], "0" * 64, "Máy trực ban"
        )

    assert await store[EXERCISE_DEVICES].count({}) == 0


async def test_a_device_that_was_taken_out_rings_no_more(
    desk: AlertDesk, phones: Phones, client: httpx.AsyncClient
) -> None:
    device_id = await enrolled(client, desk)
    devices = desk.services.composing.exercise_devices

    await devices.remove(desk.author, CIVIL_DEFENCE, device_id)
    await issued(desk, Purpose.EXERCISE)

    assert await phones.told() == {}
    assert await devices.all(desk.author, CIVIL_DEFENCE) == []


async def test_an_exercise_is_kept_as_one_that_warns_nobody(desk: AlertDesk, store: Store) -> None:
    await issued(desk, Purpose.EXERCISE)

    (alert,) = await store[ALERTS].find({})
    assert (alert["status"], alert["warns"]) == ("Exercise", False)
