"""A phone that FCM would not reach, and that registers anew while the warning holds, is told then, once."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from contextvars import Context
from dataclasses import replace
from random import Random
from typing import Any

import pytest

from api.kit.geo import Position
from notifications import worker as worker_module
from notifications.device_repository import DEVICES, DeviceRepository
from notifications.devices import CoarsePosition, Registration, RegistrationKind
from notifications.outbox import LEASE_SECONDS, OUTBOX, Outbox
from notifications.preferences import Preferences, WarningLevel
from notifications.senders import Answer, Message, Verdict
from tests.alerts.conftest import Door, Phones
from tests.alerts.messages import BAC_HA, SA_PA, alert, info
from tests.alerts.test_newcomers import CANCEL, comes, titles, update, warned
from tests.notifications.factories import a_device, put
from tests.notifications.senders import accept

OLD, NEW, NEWER = "registration-of-villager", "a-new-token", "a-newer-token"
rejections = pytest.mark.parametrize("verdict", [Verdict.UNREGISTERED, Verdict.REFUSED])


def rejecting(phones: Phones, verdict: Verdict, *tokens: str) -> None:
    """Let FCM take what is sent to all registrations but these."""

    def script(message: Message) -> Answer:
        is_dead = message.device.profile.registration.value in tokens
        return Answer(verdict, verdict.name) if is_dead else accept(message)

    phones.sender.script = script


async def registers_anew(
    phones: Phones, name: str, token: str = NEW, at: Position | None = None
) -> None:
    """Let a phone have another registration from now on. Without `at`, it says nothing of where it is."""
    devices, now = DeviceRepository(phones.store), phones.clock()
    seen = await devices.get(name)
    assert seen is not None
    registration = Registration(RegistrationKind.TOKEN, token)
    profile = replace(seen.profile, registration=registration)
    if at is not None:
        profile = replace(profile, position=CoarsePosition.of(at, now))
    assert await devices.change(seen, profile, now) is not None


async def moves(phones: Phones, name: str, at: Position) -> None:
    devices, now = DeviceRepository(phones.store), phones.clock()
    seen = await devices.get(name)
    assert seen is not None
    there = replace(seen.profile, position=CoarsePosition.of(at, now))
    assert await devices.change(seen, there, now) is not None


async def tries(phones: Phones, name: str = "villager", seconds: int = 30) -> list[str]:
    """Return at which registrations a phone was tried, after so many seconds more; "-": without a sound."""
    phones.clock.advance(seconds=seconds)
    await phones.deliver()
    sent = (one for one in phones.sender.sent if one.device.id == name)
    return [
        ("-" if one.notice.is_quiet else "") + one.device.profile.registration.value for one in sent
    ]


async def rejected_villager(door: Door, phones: Phones, verdict: Verdict) -> None:
    rejecting(phones, verdict, OLD)
    await phones.add("villager")
    await warned(door, phones)


@rejections
async def test_who_was_rejected_and_registers_anew_is_told_there_once(
    door: Door, phones: Phones, verdict: Verdict
) -> None:
    await rejected_villager(door, phones, verdict)

    await registers_anew(phones, "villager")
    told = await tries(phones)
    await moves(phones, "villager", SA_PA)

    assert told == [OLD, NEW]
    assert [one.notice.is_quiet for one in phones.sender.sent] == [False, False]
    assert (await tries(phones), await tries(phones)) == (told, told)


@rejections
async def test_who_registers_anew_and_only_then_says_where_it_is_is_told_once(
    door: Door, phones: Phones, verdict: Verdict
) -> None:
    await rejected_villager(door, phones, verdict)

    await registers_anew(phones, "villager", at=SA_PA)
    told = await tries(phones)
    await registers_anew(phones, "villager", NEWER, at=SA_PA)

    assert told == [OLD, NEW]
    assert await tries(phones) == told


@rejections
async def test_who_says_to_be_elsewhere_now_is_left_alone(
    door: Door, phones: Phones, verdict: Verdict
) -> None:
    await rejected_villager(door, phones, verdict)

    await registers_anew(phones, "villager", at=BAC_HA)

    assert await tries(phones) == [OLD]


async def test_who_was_not_meant_and_says_nothing_of_where_it_is_is_left_alone(
    door: Door, phones: Phones
) -> None:
    await rejected_villager(door, phones, Verdict.UNREGISTERED)
    await put(phones.store, a_device(id="nowhere", at=None))

    await registers_anew(phones, "nowhere")

    assert await tries(phones, "nowhere") == []


async def test_who_does_not_want_such_warnings_any_more_is_left_alone(
    door: Door, phones: Phones
) -> None:
    await rejected_villager(door, phones, Verdict.UNREGISTERED)
    devices = DeviceRepository(phones.store)
    seen = await devices.get("villager")
    assert seen is not None

    extreme = replace(seen.profile, preferences=Preferences(least=WarningLevel.EXTREME))
    await devices.change(seen, extreme, phones.clock())
    await registers_anew(phones, "villager")

    assert await tries(phones) == [OLD]


async def test_who_was_refused_and_only_moves_is_not_tried_again(
    door: Door, phones: Phones
) -> None:
    await rejected_villager(door, phones, Verdict.REFUSED)

    for at in (BAC_HA, SA_PA):
        await moves(phones, "villager", at)
        told = await tries(phones)

    assert told == [OLD]


@rejections
async def test_the_same_registration_that_is_registered_again_is_tried_once_more(
    door: Door, phones: Phones, verdict: Verdict
) -> None:
    await rejected_villager(door, phones, verdict)

    await comes(phones, "villager", SA_PA)
    still_dead = await tries(phones)
    rejecting(phones, verdict)
    await comes(phones, "villager", SA_PA)
    told = await tries(phones)
    await comes(phones, "villager", SA_PA)

    assert still_dead == [OLD, OLD]
    assert told == [OLD, OLD, OLD]
    assert await tries(phones) == told


@rejections
async def test_who_is_rejected_twice_is_told_at_the_third_registration(
    door: Door, phones: Phones, verdict: Verdict
) -> None:
    await rejected_villager(door, phones, verdict)
    rejecting(phones, verdict, OLD, NEW)

    await registers_anew(phones, "villager")
    twice = await tries(phones)
    unchanged = await tries(phones)
    await registers_anew(phones, "villager", NEWER)
    told = await tries(phones)
    await registers_anew(phones, "villager", "the-newest-token")

    assert twice == unchanged == [OLD, NEW]
    assert told == [OLD, NEW, NEWER]
    assert await tries(phones) == told


@rejections
async def test_the_other_phone_of_a_person_is_not_told_again(
    door: Door, phones: Phones, verdict: Verdict
) -> None:
    for name in ("villager", "other"):
        await put(phones.store, replace(a_device(id=name), person_id="mai"))
    rejecting(phones, verdict, OLD)
    await warned(door, phones)

    await registers_anew(phones, "villager")
    devices, now = DeviceRepository(phones.store), phones.clock()
    for one in (await devices.get_many(["villager", "other"])).values():
        await devices.link(one, "mai", "session", now)

    assert await tries(phones) == [OLD, NEW]
    assert await tries(phones, "other") == ["registration-of-other"]


@rejections
async def test_what_was_delivered_stays_delivered(
    door: Door, phones: Phones, verdict: Verdict
) -> None:
    await phones.add("villager")
    await warned(door, phones)
    rejecting(phones, verdict, OLD)
    await warned(door, phones, alert(info(event="Sạt lở"), identifier="slide-1"))

    rejecting(phones, verdict)
    await registers_anew(phones, "villager")

    assert await titles(phones, "villager") == ["Lũ quét", "Sạt lở", "Sạt lở"]


@rejections
async def test_who_registers_anew_after_the_warning_ended_is_told_nothing(
    door: Door, phones: Phones, verdict: Verdict
) -> None:
    await rejected_villager(door, phones, verdict)
    await warned(door, phones, CANCEL)

    await registers_anew(phones, "villager")

    assert await tries(phones) == [OLD]


@rejections
async def test_a_warning_that_was_replaced_meanwhile_is_told_as_it_is_now(
    door: Door, phones: Phones, verdict: Verdict
) -> None:
    await rejected_villager(door, phones, verdict)
    await warned(door, phones, update(info(event="Lũ lớn", severity="Extreme")))
    before = await titles(phones, "villager")

    await registers_anew(phones, "villager", at=SA_PA)

    assert (await titles(phones, "villager"))[len(before) :] == ["Lũ lớn"]


async def test_what_was_refused_before_renewals_were_counted_is_made_up_for_as_well(
    door: Door, phones: Phones
) -> None:
    await rejected_villager(door, phones, Verdict.REFUSED)
    await phones.store[OUTBOX].update_many({}, {"$unset": {"refused": None}})
    await phones.store[DEVICES].update_many({}, {"$unset": {"renewals": None}})

    devices = DeviceRepository(phones.store)
    seen = await devices.get("villager")
    assert seen is not None
    await devices.change(seen, seen.profile, phones.clock())
    unchanged = await tries(phones)
    await registers_anew(phones, "villager")

    assert unchanged == [OLD]
    assert await tries(phones) == [OLD, NEW]


class KilledWorker(BaseException):
    """kill -9 at a point: nothing that comes after is done."""


async def killed(*_: object, **__: object) -> None:
    raise KilledWorker


@rejections
@pytest.mark.parametrize("is_taken_over_first", [False, True])
@pytest.mark.parametrize(
    ("where", "point"),
    [
        (DeviceRepository, "note_rejected"),
        (DeviceRepository, "retire"),
        (Outbox, "let_go"),
    ],
    ids=["before the removal", "at the removal", "behind the removal"],
)
async def test_a_worker_that_is_killed_between_refusal_and_removal_leaves_nobody_untold(
    door: Door,
    phones: Phones,
    monkeypatch: pytest.MonkeyPatch,
    where: type,
    point: str,
    verdict: Verdict,
    is_taken_over_first: bool,
) -> None:
    rejecting(phones, verdict, OLD)
    await phones.add("villager")
    with monkeypatch.context() as patched:
        patched.setattr(where, point, killed)
        await door.accepts(alert(info()))
        with pytest.raises(KilledWorker):
            await phones.deliver()

    if is_taken_over_first:
        await tries(phones, seconds=int(LEASE_SECONDS))
    await registers_anew(phones, "villager")
    told = await tries(phones, seconds=int(LEASE_SECONDS))
    told = await tries(phones) if told[-1] == OLD else told
    again = await tries(phones, seconds=120)

    assert [one for one in told if one != OLD] == [NEW]
    assert again == told


async def looked_as_it_was_let_go(
    door: Door, phones: Phones, monkeypatch: pytest.MonkeyPatch, seconds: float | None
) -> list[str]:
    """Let a phone register anew, and a look meet it, between judgement and outcome; return its tries.

    The outcome waits so long for that, or with None until it is done.
    """
    rejecting(phones, Verdict.REFUSED, OLD)
    await phones.add("villager")
    let_go, looks = Outbox.let_go, list[asyncio.Task[None]]()

    async def registered_and_looked() -> None:
        await registers_anew(phones, "villager")
        phones.clock.advance(seconds=30)
        await phones.services.alerts.newcomers.look()

    async def overtaken(self: Outbox, *known: Any) -> bool:  # noqa: ANN401
        if not looks:
            looks.append(asyncio.create_task(registered_and_looked(), context=Context()))
            # Behind the guard it cannot begin before this is noted.
            await asyncio.wait(looks, timeout=seconds)
        return await let_go(self, *known)

    monkeypatch.setattr(Outbox, "let_go", overtaken)
    await door.accepts(alert(info()))
    await phones.deliver()
    await asyncio.gather(*looks)
    await tries(phones)
    return await tries(phones)


async def test_who_registers_anew_as_the_outcome_is_noted_is_told(
    door: Door, phones: Phones, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await looked_as_it_was_let_go(door, phones, monkeypatch, 0.5) == [OLD, NEW]


async def test_control_where_it_is_not_one_transaction_nobody_tells_them(
    door: Door, phones: Phones, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def one_by_one(_: object, work: Callable[[], Awaitable[None]]) -> None:
        await work()

    monkeypatch.setattr(worker_module, "transact", one_by_one)

    assert await looked_as_it_was_let_go(door, phones, monkeypatch, None) == [OLD]


async def test_a_refusal_is_written_to_its_device_with_the_outcome_or_not_at_all(
    door: Door, phones: Phones, monkeypatch: pytest.MonkeyPatch
) -> None:
    rejecting(phones, Verdict.REFUSED, OLD)
    for name in ("villager", "other"):
        await phones.add(name)
    with monkeypatch.context() as patched:
        patched.setattr(Outbox, "let_go", killed)
        await door.accepts(alert(info()))
        with pytest.raises(KilledWorker):
            await phones.deliver()
    at_first = await phones.store[DEVICES].get("villager")

    await tries(phones, seconds=int(LEASE_SECONDS))

    # Where stores only tell who wrote the same: who registers at that moment writes it too.
    noted = await phones.store[DEVICES].get_many(["villager", "other"])
    assert at_first is not None
    assert "rejected_at" not in {*at_first, *noted["other"]}
    assert noted["villager"]["rejected_at"] == phones.clock()


async def step(phones: Phones, monkeypatch: pytest.MonkeyPatch, dice: Random, number: int) -> None:
    """Do something that happens to a phone, or to the worker that sends to it."""
    at = dice.choice([SA_PA, BAC_HA, None])
    match dice.choice(["anew", "the same again", "moves", "goes by", "is killed"]):
        case "anew":
            await registers_anew(phones, "villager", f"token-{number}", at)
        case "the same again":
            seen = await DeviceRepository(phones.store).get("villager")
            assert seen is not None
            now = phones.clock()
            again = a_device(id="villager", at=at, observed_at=now, updated_at=now)
            profile = replace(again.profile, registration=seen.profile.registration)
            await put(phones.store, replace(again, profile=profile))
        case "moves":
            await moves(phones, "villager", dice.choice([SA_PA, BAC_HA]))
        case "is killed":
            with monkeypatch.context() as patched, suppress(KilledWorker):
                patched.setattr(DeviceRepository, dice.choice(["note_rejected", "retire"]), killed)
                await tries(phones, seconds=dice.choice([1, 15, 40]))
        case _:
            await tries(phones, seconds=dice.choice([1, 15, 40]))


@pytest.mark.parametrize("seed", range(12))
async def test_whatever_happens_each_gets_it_once_when_its_registration_is_good_at_last(
    door: Door, phones: Phones, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    dice, fates, delivered = Random(seed), dict[str, Verdict](), list[str]()  # noqa: S311
    bad = [Verdict.UNREGISTERED, Verdict.REFUSED]

    def script(message: Message) -> Answer:
        token = message.device.profile.registration.value
        verdict = fates.setdefault(token, dice.choice([*bad, *bad, Verdict.ACCEPTED]))
        if verdict is Verdict.ACCEPTED:
            delivered.append(token)
        return Answer(verdict, verdict.name)

    phones.sender.script = script
    await phones.add("villager")
    await door.accepts(alert(info()))
    for number in range(15):
        await step(phones, monkeypatch, dice, number)

    fates[NEWER] = Verdict.ACCEPTED
    await registers_anew(phones, "villager", NEWER, at=SA_PA)
    for seconds in (30, 30, 90):
        await tries(phones, seconds=seconds)

    assert len(delivered) == 1
