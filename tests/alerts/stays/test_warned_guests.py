"""Whoever will be there is warned, wherever their phones are now, and hears how it goes on."""

from collections.abc import AsyncGenerator
from datetime import datetime
from typing import Any

import httpx
import pytest

from api.alerts.stays import repository
from api.alerts.stays.repository import STAYS, StayRepository
from api.context import Services
from api.kit.geo import Position
from api.kit.store import Store
from notifications import audience
from notifications.device_repository import DEVICES, DeviceRepository
from notifications.senders import Verdict
from tests.accounts.people import Answer, SignedInPerson, signed_in
from tests.alerts.composing.conftest import desk
from tests.alerts.composing.officers import AlertDesk
from tests.alerts.conftest import Door, Phones
from tests.alerts.messages import BAC_HA, SA_PA_CODE, alert, area, geocode, info, reference
from tests.alerts.stays.staying import a_phone_far_away, add_stay, remove_stay, stays_of
from tests.alerts.test_newcomers import warned
from tests.alerts.test_newcomers_in_spite_of_errors import cannot_be_read
from tests.alerts.test_newcomers_registered_anew import moves, registers_anew, rejecting, tries
from tests.conftest import MovableClock

__all__ = ["desk"]

BAC_HA_CODE = "02839"
LATER = "2026-05-01T16:10:00+07:00"
OVERNIGHT = info(expires="2026-05-02T12:00:00+07:00")


def following(block: str) -> bytes:
    return alert(block, identifier="flood-2", sent=LATER, msg_type="Update", references=reference())


async def first_lines(phones: Phones, name: str) -> list[str]:
    """Return the first line of each message that a phone got."""
    return [text.body.splitlines()[0] for text in (await phones.told())[name]]


@pytest.fixture
async def mai(client: httpx.AsyncClient, services: Services) -> SignedInPerson:
    return await signed_in(client, services)


@pytest.fixture
async def phone(client: httpx.AsyncClient, mai: SignedInPerson) -> str:
    return await a_phone_far_away(client, mai, "phone-of-a-guest-to-come")


async def test_a_guest_to_come_is_warned_without_a_position(
    client: httpx.AsyncClient, door: Door, phones: Phones, mai: SignedInPerson, phone: str
) -> None:
    await add_stay(client, mai)
    await door.accepts(alert())

    assert await phones.names() == {phone}


async def test_a_stay_that_is_declared_while_a_warning_holds_is_answered_by_it_once(
    client: httpx.AsyncClient, door: Door, phones: Phones, mai: SignedInPerson, phone: str
) -> None:
    await door.accepts(alert())
    await phones.deliver()
    phones.clock.advance(minutes=5)
    before = await phones.names()

    await add_stay(client, mai)
    phones.clock.advance(seconds=30)
    told = await first_lines(phones, phone)
    await add_stay(client, mai, firstDay="2026-05-03")
    phones.clock.advance(seconds=30)

    assert before == set()
    assert told == ["Sa Pa"]
    assert await first_lines(phones, phone) == ["Sa Pa"]


async def test_whoever_signs_in_on_a_phone_while_a_warning_holds_is_told_there_once(
    client: httpx.AsyncClient, services: Services, door: Door, phones: Phones, mai: SignedInPerson
) -> None:
    await add_stay(client, mai)
    son, lan = [await signed_in(client, services, f"{name}@example.com") for name in ("son", "lan")]
    await add_stay(client, lan, communeCode=BAC_HA_CODE)
    await a_phone_far_away(client, lan, "phone-of-a-guest-from-before")
    await warned(door, phones, alert())
    before = await phones.names()

    phone = await a_phone_far_away(client, mai, "phone-of-a-guest-to-come")
    await a_phone_far_away(client, son, "phone-of-nobody-expected")
    await a_phone_far_away(client, lan, "phone-of-a-guest-elsewhere")
    phones.clock.advance(seconds=30)
    told = await phones.told()
    phones.clock.advance(seconds=30)

    assert before == set()
    assert {name: len(texts) for name, texts in told.items()} == {phone: 1}
    assert {name: len(texts) for name, texts in (await phones.told()).items()} == {phone: 1}


@pytest.mark.parametrize("verdict", [Verdict.UNREGISTERED, Verdict.REFUSED])
@pytest.mark.parametrize("at", [None, BAC_HA], ids=["anywhere", "elsewhere"])
async def test_a_guest_whose_phone_was_rejected_and_registers_anew_is_told_there_once(
    client: httpx.AsyncClient,
    services: Services,
    door: Door,
    phones: Phones,
    mai: SignedInPerson,
    phone: str,
    verdict: Verdict,
    at: Position | None,
) -> None:
    son = await signed_in(client, services, "son@example.com")
    other = await a_phone_far_away(client, son, "phone-of-nobody-expected")
    await add_stay(client, mai)
    rejecting(phones, verdict, "phone-of-a-guest-to-come")
    await warned(door, phones, alert())

    await registers_anew(phones, phone, "the-new-phone-of-a-guest", at)
    await registers_anew(phones, other, "the-new-phone-of-nobody", at)
    told = await tries(phones, phone)
    await moves(phones, phone, BAC_HA)

    assert told == ["phone-of-a-guest-to-come", "the-new-phone-of-a-guest"]
    assert await tries(phones, phone) == told
    assert await tries(phones, other) == []


async def test_a_guest_whose_phone_was_retired_before_the_warning_is_told_once_it_registers_anew(
    client: httpx.AsyncClient, door: Door, phones: Phones, mai: SignedInPerson, phone: str
) -> None:
    await add_stay(client, mai)
    await DeviceRepository(phones.store).retire({phone: 0}, "UNREGISTERED", phones.clock())
    await warned(door, phones, alert())

    await registers_anew(phones, phone, "the-new-phone-of-a-guest")
    told = await tries(phones, phone)

    assert told == ["the-new-phone-of-a-guest"]
    assert await tries(phones, phone) == told


@pytest.mark.parametrize("breaks_first", [True, False])
async def test_a_phone_of_a_guest_that_is_whole_again_is_told_once(
    client: httpx.AsyncClient,
    door: Door,
    phones: Phones,
    mai: SignedInPerson,
    phone: str,
    breaks_first: bool,
) -> None:
    if breaks_first:
        await cannot_be_read(phones, phone)
    await warned(door, phones, alert())
    await add_stay(client, mai)
    if not breaks_first:
        await moves(phones, phone, BAC_HA)
        await cannot_be_read(phones, phone)
    meanwhile = [await tries(phones, phone, seconds=600) for _ in range(2)]

    await phones.store[DEVICES].update_one({"_id": phone}, {"$set": {"platform": "android"}})
    told = await tries(phones, phone)

    assert (meanwhile, told) == ([[], []], ["phone-of-a-guest-to-come"])
    assert await tries(phones, phone) == told


async def test_only_whoever_signed_in_since_is_asked_about_anew(
    client: httpx.AsyncClient,
    door: Door,
    phones: Phones,
    mai: SignedInPerson,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await add_stay(client, mai)
    await warned(door, phones, alert())
    read: list[datetime | None] = []
    persons_in = StayRepository.persons_in

    def noted(self: StayRepository, *asked: Any) -> AsyncGenerator[str]:  # noqa: ANN401
        read.append(asked[-1])
        return persons_in(self, *asked)

    monkeypatch.setattr(StayRepository, "persons_in", noted)
    phones.clock.advance(seconds=30)
    await phones.deliver()
    nobody_signed_in = None in read
    await a_phone_far_away(client, mai, "phone-of-a-guest-to-come")
    phones.clock.advance(seconds=30)
    await phones.deliver()

    assert not nobody_signed_in
    assert None in read


async def test_a_stay_elsewhere_that_is_declared_then_is_not(
    client: httpx.AsyncClient, door: Door, phones: Phones, mai: SignedInPerson, phone: str
) -> None:
    await door.accepts(alert())
    await phones.deliver()

    await add_stay(client, mai, communeCode=BAC_HA_CODE)
    phones.clock.advance(seconds=30)

    assert await phones.names() == set()


@pytest.mark.parametrize(
    "changes",
    [
        {"communeCode": BAC_HA_CODE},
        {"firstDay": "2026-05-04"},
    ],
    ids=["elsewhere", "not so soon"],
)
async def test_whoever_will_not_be_there_is_not(
    client: httpx.AsyncClient,
    door: Door,
    phones: Phones,
    mai: SignedInPerson,
    phone: str,
    changes: dict[str, Any],
) -> None:
    added = await add_stay(client, mai, **changes)
    await door.accepts(alert())

    assert added["__typename"] == "AddStaySuccess"
    assert await phones.names() == set()


@pytest.mark.parametrize(("minutes", "is_told"), [(7 * 60 + 29, True), (7 * 60 + 30, False)])
async def test_whoever_has_left_is_not(
    client: httpx.AsyncClient,
    door: Door,
    phones: Phones,
    mai: SignedInPerson,
    phone: str,
    clock: MovableClock,
    minutes: int,
    is_told: bool,
) -> None:
    await add_stay(client, mai, firstDay="2026-05-01", lastDay="2026-05-01")

    clock.advance(minutes=minutes)
    await door.accepts(alert(OVERNIGHT))

    assert await phones.names() == ({phone} if is_told else set())


async def test_whoever_took_the_stay_back_is_not(
    client: httpx.AsyncClient, door: Door, phones: Phones, mai: SignedInPerson, phone: str
) -> None:
    await add_stay(client, mai)
    (stay,) = await stays_of(client, mai)

    await remove_stay(client, mai, stay["id"])
    await door.accepts(alert())

    assert await phones.names() == set()


async def test_preferences_are_heeded_but_by_what_is_extreme(
    client: httpx.AsyncClient, door: Door, phones: Phones, mai: SignedInPerson
) -> None:
    spared: Answer = {"leastLevel": "EXTREME", "mutedHazards": []}
    phone = await a_phone_far_away(client, mai, "phone-that-is-spared", preferences=spared)
    await add_stay(client, mai)

    await door.accepts(alert())
    severe = await phones.names()
    await door.accepts(alert(info(severity="Extreme"), identifier="flood-2"))

    assert severe == set()
    assert await phones.names() == {phone}


async def test_a_guest_hears_of_an_update(
    client: httpx.AsyncClient, door: Door, phones: Phones, mai: SignedInPerson, phone: str
) -> None:
    await add_stay(client, mai)
    await door.accepts(alert())
    await phones.deliver()

    await door.accepts(following(info(instruction="Rời khỏi nhà.")))

    assert await first_lines(phones, phone) == ["Sa Pa", "Rời khỏi nhà."]


async def test_a_guest_hears_that_it_is_over_also_without_the_stay(
    client: httpx.AsyncClient, door: Door, phones: Phones, mai: SignedInPerson, phone: str
) -> None:
    await add_stay(client, mai)
    await door.accepts(alert())
    await phones.deliver()
    (stay,) = await stays_of(client, mai)
    await remove_stay(client, mai, stay["id"])

    await door.accepts(following(info(response_type="AllClear", instruction="Hết lũ.")))

    assert await first_lines(phones, phone) == ["Sa Pa", "Hết lũ."]


async def test_a_guest_hears_that_it_is_cancelled(
    client: httpx.AsyncClient, door: Door, phones: Phones, mai: SignedInPerson, phone: str
) -> None:
    await add_stay(client, mai)
    await door.accepts(alert())
    await phones.deliver()

    cancel = alert(identifier="over", sent=LATER, msg_type="Cancel", references=reference())
    await door.accepts(cancel)

    assert len((await phones.told())[phone]) == 2


@pytest.mark.parametrize(
    ("block", "changes", "headlines"),
    [
        (info(), {}, ["Lũ quét"]),
        (info(areas=area(geocode("VN-COMMUNE", SA_PA_CODE))), {}, ["Lũ quét"]),
        (info(response_type="AllClear"), {}, []),
        (info(effective="2026-05-01T18:00:00+07:00"), {}, []),
        (info(), {"communeCode": BAC_HA_CODE}, []),
        (info(), {"firstDay": "2026-05-04"}, []),
    ],
    ids=["drawn", "named", "all-clear", "to come", "elsewhere", "not so soon"],
)
async def test_what_holds_there_already_is_answered(
    client: httpx.AsyncClient,
    door: Door,
    phones: Phones,
    mai: SignedInPerson,
    block: str,
    changes: dict[str, Any],
    headlines: list[str],
) -> None:
    await door.accepts(alert(block))
    await phones.deliver()

    added = await add_stay(client, mai, **changes)

    assert [one["headline"] for one in added["warnings"]] == headlines


async def test_the_preview_counts_whom_the_warning_reaches(
    client: httpx.AsyncClient,
    desk: AlertDesk,
    services: Services,
    phones: Phones,
    mai: SignedInPerson,
    phone: str,
) -> None:
    await phones.add("inside")
    at_home = await a_phone_far_away(
        client, mai, "tablet-of-a-guest-at-home", homeCommunes=[SA_PA_CODE]
    )
    await phones.add("elsewhere", BAC_HA)
    await add_stay(client, mai)
    draft = await desk.compose()

    preview = await services.composing.previewing.of(draft)

    assert (preview.reckoning.devices, preview.reckoning.at_the_edge) == (3, 0)
    await desk.issue(draft)
    assert await phones.names() == {"inside", phone, at_home}


async def test_guests_are_read_a_page_at_a_time_and_told_once(
    client: httpx.AsyncClient,
    services: Services,
    door: Door,
    phones: Phones,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(repository, "_READ_AT_ONCE", 2)
    monkeypatch.setattr(audience, "PEOPLE_AT_ONCE", 2)
    expected: set[str] = set()
    for number in range(5):
        guest = await signed_in(client, services, f"guest{number}@example.com")
        expected.add(await a_phone_far_away(client, guest, f"phone-of-a-guest-{number}"))
        for _ in range(3):
            await add_stay(client, guest)

    await door.accepts(alert())

    assert {name: len(texts) for name, texts in (await phones.told()).items()} == dict.fromkeys(
        expected, 1
    )


async def test_whoever_leaves_takes_the_stays_along(
    client: httpx.AsyncClient, services: Services, store: Store, mai: SignedInPerson
) -> None:
    await add_stay(client, mai)
    held = {one.name: one for one in services.accounts.privacy.holders}["stays"]
    (document,) = await store[STAYS].find({})

    told = await held.held_of(document["person_id"])
    await held.erase(document["person_id"])

    assert [one["firstDay"] for one in told] == ["2026-05-02"]
    assert await store[STAYS].count({}) == 0
