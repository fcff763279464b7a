"""Who may approve a draft is called when it waits: once, with no more than hazard, level and place."""

from dataclasses import replace

import pytest

from api.alerts.composing.errors import NotInThisState
from api.kit.store import Store
from notifications.fan_outs import FAN_OUTS
from notifications.notice import Priority, Text
from tests.alerts.composing.officers import (
    HYDROMET,
    MINOR,
    AlertDesk,
    an_approver,
    both_in_one,
    seen,
)
from tests.alerts.conftest import Phones
from tests.notifications.factories import a_device, put


async def sign_in_on(phones: Phones, person_id: str | None, name: str, language: str) -> None:
    device = a_device(id=name, at=None, language=language)
    await put(phones.store, replace(device, person_id=person_id, session_id="session"))


async def test_each_approver_is_called_with_hazard_level_and_place(
    desk: AlertDesk, phones: Phones
) -> None:
    other = await an_approver(phones.services)
    elsewhere = await an_approver(phones.services, HYDROMET)
    await sign_in_on(phones, desk.approver.person_id, "vi", "vi")
    await sign_in_on(phones, other.person_id, "en", "en")
    await sign_in_on(phones, elsewhere.person_id, "of another agency", "vi")
    await sign_in_on(phones, desk.author.person_id, "author", "vi")

    await desk.submit(await desk.compose())

    assert await phones.told() == {
        "vi": [
            Text("Một cảnh báo đang chờ bạn phê duyệt", "Lũ quét, rủi ro cấp 3 (lớn): Phường Sa Pa")
        ],
        "en": [
            Text(
                "A warning waits for your approval",
                "Flash flood, risk level 3 (high): Sa Pa Ward",
            )
        ],
    }
    notice = (await phones.last("vi")).notice
    assert (notice.priority, notice.overrides_quiet_hours) == (Priority.SEVERE, True)


async def test_an_approver_who_wrote_on_it_is_not_called(desk: AlertDesk, phones: Phones) -> None:
    desk.author = await both_in_one(phones.services)
    await sign_in_on(phones, desk.author.person_id, "author", "vi")

    await desk.submit(await desk.compose())

    assert await phones.told() == {}


async def test_a_version_that_is_given_back_and_waits_again_calls_nobody_again(
    desk: AlertDesk, phones: Phones
) -> None:
    await sign_in_on(phones, desk.approver.person_id, "approver", "vi")
    waiting = await desk.submit(await desk.compose())
    back = await phones.services.composing.issuing.send_back(desk.approver, seen(waiting))

    await desk.submit(back)

    assert len((await phones.told())["approver"]) == 1


async def test_what_needs_no_second_person_wakes_nobody(desk: AlertDesk, phones: Phones) -> None:
    await sign_in_on(phones, desk.approver.person_id, "approver", "vi")

    await desk.submit(await desk.compose(MINOR))

    assert (await phones.last("approver")).notice.overrides_quiet_hours is False


async def test_a_draft_that_is_refused_calls_nobody(desk: AlertDesk, store: Store) -> None:
    draft = await desk.compose()
    await desk.submit(draft)
    called = await store[FAN_OUTS].count({})

    with pytest.raises(NotInThisState):
        await desk.submit(draft)

    assert await store[FAN_OUTS].count({}) == called == 1
