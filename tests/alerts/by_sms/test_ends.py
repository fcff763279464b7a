"""Whoever got a warning by SMS hears by SMS that it is over: once, in the same language, never before it."""

import asyncio
from typing import Any

import httpx
import pytest

from api.accounts.people.repository import ACCOUNTS
from api.accounts.sign_in.addresses import Address
from api.accounts.sign_in.errors import TooManyCodes
from api.accounts.sign_in.send_caps import SendCaps
from api.accounts.sign_in.ways_in import WAYS_IN
from api.alerts.by_sms.ending import END_SMS
from api.alerts.by_sms.queueing import SmsQueue
from api.alerts.by_sms.spending import SmsSpending, SmsSpent
from api.alerts.by_sms.told import WARNING_SMS
from api.alerts.fan_out import FAN_OUT_CANCELLATION
from api.alerts.notices import warning_id
from api.alerts.repository import ALERTS
from api.context import Services
from api.kit.jobs import JOBS
from api.kit.store import Store
from api.kit.transactions import transact
from notifications.senders import Answer, Verdict
from notifications.text_outbox import LEASE_SECONDS, TextOutbox
from notifications.texts import Channel, TextFate
from tests.accounts.families import person_id_of
from tests.accounts.people import SignedInPerson
from tests.alerts.by_sms.conftest import (
    EXTREME,
    IN_SA_PA,
    MAI,
    SON,
    Texting,
    a_phone_of,
    cancel,
    choose,
    opens,
    sent_at,
    someone,
    update,
)
from tests.alerts.conftest import Door
from tests.alerts.messages import alert, area, geocode, info
from tests.conftest import NOW

ELSEWHERE = area(geocode("VN-COMMUNE", "02839"))
WARNED, LIFTED, CHANGED = "Lũ quét", "Đã gỡ cảnh báo: Lũ quét", "Cảnh báo đã thay đổi: Lũ quét"
SAFE = "Đã an toàn"
TROUBLE = Answer(Verdict.TRY_LATER, "Throttling")
pytestmark = pytest.mark.usefixtures("mai")


async def warned(door: Door, texting: Texting, *infos: str) -> None:
    """Warn, and let the SMS go."""
    await door.accepts(alert(*(infos or (EXTREME,))))
    await texting.run()
    await texting.run(minutes=5)


@pytest.mark.parametrize(
    ("end", "title"),
    [
        (cancel(), LIFTED),
        (update(info(event=SAFE, response_type="AllClear", areas=ELSEWHERE)), SAFE),
        (update(info(event=SAFE, response_type="AllClear", areas="")), SAFE),
        (update(info(severity="Extreme", areas=ELSEWHERE)), CHANGED),
        (update(info(event="Sương muối", severity="Minor", areas=IN_SA_PA)), "Sương muối"),
    ],
    ids=["cancel", "all clear elsewhere", "all clear of no place", "moves away", "another event"],
)
async def test_whoever_got_it_is_told_of_its_end_at_once_and_once(
    door: Door, texting: Texting, end: bytes, title: str
) -> None:
    await warned(door, texting)

    await door.accepts(end)
    await texting.run()

    at_once = texting.got(MAI)
    await texting.run(minutes=10)
    if title == "Sương muối":  # it goes on, and says something else
        assert (at_once, texting.got(MAI)) == ([WARNED], [WARNED, title])
    else:
        assert at_once == texting.got(MAI) == [WARNED, title]


async def test_an_event_that_is_dropped_is_ended_and_the_other_goes_on(
    door: Door, texting: Texting
) -> None:
    slide = info(event="Sạt lở", severity="Extreme", areas=IN_SA_PA)
    await warned(door, texting, EXTREME, slide)

    await door.accepts(update(slide))
    await texting.run(minutes=10)

    assert sorted(texting.got(MAI)[:2]) == [WARNED, "Sạt lở"]
    assert texting.got(MAI)[2:] == [CHANGED]


async def test_an_all_clear_of_two_events_is_one_sms(door: Door, texting: Texting) -> None:
    slide = info(event="Sạt lở", severity="Extreme", areas=IN_SA_PA)
    await warned(door, texting, EXTREME, slide)
    clear = [
        info(event=event, response_type="AllClear", areas=IN_SA_PA)
        for event in ("Hết lũ", "Hết sạt lở")
    ]

    await door.accepts(update(*clear))
    await texting.run(minutes=10)

    assert len(texting.got(MAI)) == 3
    assert texting.got(MAI)[2].startswith("Hết")


async def test_who_got_none_is_told_of_no_end(
    client: httpx.AsyncClient, services: Services, door: Door, texting: Texting
) -> None:
    son = await someone(client, services, SON)
    phone = await a_phone_of(client, son, "phone-of-one-who-reads")
    await door.accepts(alert(EXTREME))
    await opens(client, phone, await texting.phones.last(phone["device"]["id"]))
    await texting.run(minutes=5)

    await door.accepts(cancel())
    await texting.run()

    assert (texting.got(MAI), texting.got(SON)) == ([WARNED, LIFTED], [])


async def test_what_has_not_gone_out_is_withdrawn_and_has_no_end(
    door: Door, texting: Texting
) -> None:
    texting.sender.script = lambda _: TROUBLE
    await warned(door, texting)
    tried = texting.got(MAI)
    texting.sender.script = lambda _: Answer(Verdict.ACCEPTED)
    texting.sender.sent.clear()

    await door.accepts(cancel())
    await texting.run()
    await texting.run(minutes=10)

    assert set(tried) == {WARNED}
    assert texting.got(MAI) == []


async def cancelled_on_its_way(door: Door, texting: Texting) -> None:
    """Let a Cancel come, and its jobs run, while a worker has the warning in hand; then let it go on."""
    await texting.run()
    await door.accepts(alert(EXTREME))
    await texting.phones.deliver()
    texting.phones.clock.advance(minutes=5)
    await texting.phones.deliver()
    texting.sender.go_on.clear()
    sending = asyncio.create_task(texting.worker.run_due())
    await texting.sender.is_stuck.wait()
    await door.accepts(cancel())
    await texting.phones.deliver()
    texting.sender.go_on.set()
    await sending


async def test_an_end_never_overtakes_a_warning_that_is_on_its_way(
    door: Door, texting: Texting, store: Store
) -> None:
    await cancelled_on_its_way(door, texting)

    queued = await store[WARNING_SMS].count({})
    await texting.run(minutes=1)

    assert queued == 1
    assert texting.got(MAI) == [WARNED, LIFTED]


async def test_control_without_a_look_at_what_is_on_its_way_the_end_may_overtake_it(
    door: Door, texting: Texting, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def nothing_known(*_: object) -> dict[str, TextFate]:
        return {}

    monkeypatch.setattr(TextOutbox, "fates", nothing_known)

    await cancelled_on_its_way(door, texting)

    assert await store[WARNING_SMS].count({}) == 2


async def test_what_was_lost_with_its_worker_may_have_gone_and_is_ended(
    door: Door, texting: Texting
) -> None:
    await texting.run()
    await door.accepts(alert(EXTREME))
    await texting.phones.deliver()
    texting.phones.clock.advance(minutes=5)
    await texting.phones.deliver()
    services = texting.services
    outbox = TextOutbox(services.store, services.sealer, texting.phones.clock)
    assert await outbox.lease(Channel.SMS) is not None

    await door.accepts(cancel())
    await texting.run()
    before = texting.got(MAI)
    texting.phones.clock.advance(seconds=LEASE_SECONDS)
    await texting.run()
    await texting.run(minutes=1)

    assert (before, texting.got(MAI)) == ([], [LIFTED])


async def test_the_end_is_in_the_language_of_the_first_text(
    door: Door, texting: Texting, services: Services, store: Store, mai: SignedInPerson
) -> None:
    person = {"_id": await person_id_of(services, mai)}
    await store[ACCOUNTS].update_one(person, {"$set": {"language": "fr"}})
    french = info("fr", event="Crue", severity="Extreme", areas=IN_SA_PA, instruction="Montez.")
    await warned(door, texting, EXTREME, french)
    await store[ACCOUNTS].update_one(person, {"$set": {"language": "ja"}})
    worse = info("fr", event="Crue", severity="Extreme", areas=IN_SA_PA, instruction="Partez.")

    await door.accepts(update(EXTREME.replace("ngay", "nữa"), worse))
    await texting.run(minutes=5)
    await texting.run(minutes=5)
    await door.accepts(cancel(("flood-2", sent_at(10)), minute=30))
    await texting.run()

    first, second, lifted = texting.texts(MAI)
    assert first.startswith("Crue\nMontez.")
    assert second.startswith("Crue\nPartez.")
    assert lifted.split("\n")[0] == "Alerte levée : Crue"


async def test_who_wants_no_sms_any_more_gets_none(
    client: httpx.AsyncClient, door: Door, texting: Texting, mai: SignedInPerson
) -> None:
    await warned(door, texting)
    await choose(client, mai, communes=[], consent=False)

    await door.accepts(cancel())
    await texting.run()

    assert texting.got(MAI) == [WARNED]


async def test_who_has_chosen_other_communes_since_is_told_all_the_same(
    client: httpx.AsyncClient, door: Door, texting: Texting, mai: SignedInPerson
) -> None:
    await warned(door, texting)
    await choose(client, mai, communes=["02839"])

    await door.accepts(cancel())
    await texting.run()

    assert texting.got(MAI) == [WARNED, LIFTED]


async def test_a_number_that_is_another_person_s_by_then_gets_no_end(
    door: Door, texting: Texting, services: Services, store: Store, mai: SignedInPerson
) -> None:
    await warned(door, texting)
    person_id = await person_id_of(services, mai)
    handed_on = await store[WAYS_IN].update_many(
        {"person_id": person_id}, {"$set": {"person_id": "somebody-else"}}
    )

    await door.accepts(cancel())
    await texting.run()

    assert handed_on == 1
    assert texting.got(MAI) == [WARNED]


async def test_nothing_is_left_of_who_is_erased_and_nothing_comes_back(
    door: Door, texting: Texting, services: Services, store: Store, mai: SignedInPerson
) -> None:
    await warned(door, texting)
    person_id = await person_id_of(services, mai)
    held = await services.by_sms.data.held_of(person_id)
    await store[ACCOUNTS].update_one({"_id": person_id}, {"$set": {"is_leaving": True}})

    await door.accepts(cancel())
    await texting.run()
    await services.by_sms.data.erase(person_id)

    assert [one["language"] for one in held["told"]] == ["vi"]
    assert texting.got(MAI) == [WARNED]
    assert await store[WARNING_SMS].count({}) == 0
    assert await services.by_sms.data.held_of(person_id) is None


async def test_a_cancel_of_a_silent_update_reaches_who_got_the_first(
    door: Door, texting: Texting
) -> None:
    await warned(door, texting)
    await door.accepts(update(EXTREME))
    await texting.run(minutes=6)

    await door.accepts(cancel(("flood-2", sent_at(10))))
    await texting.run()

    assert texting.got(MAI) == [WARNED, LIFTED]


async def test_what_comes_again_after_its_end_is_told_and_ended_again(
    door: Door, texting: Texting
) -> None:
    await warned(door, texting)
    clear = info(event=SAFE, response_type="AllClear", areas=IN_SA_PA)
    await door.accepts(update(clear))
    await texting.run(minutes=1)
    await door.accepts(
        update(EXTREME, identifier="flood-3", of=("flood-2", sent_at(10)), minute=30)
    )
    await texting.run()
    await texting.run(minutes=5)

    await door.accepts(cancel(("flood-3", sent_at(30)), minute=35))
    await texting.run()

    assert texting.got(MAI) == [WARNED, SAFE, WARNED, LIFTED]


async def test_it_ends_once_however_many_workers_run_it(
    door: Door, texting: Texting, services: Services, store: Store
) -> None:
    await warned(door, texting)
    await door.accepts(cancel())
    await services.alerts.handlers()[FAN_OUT_CANCELLATION](
        {"alert_id": (await store[ALERTS].find({"msg_type": "Cancel"}))[0]["_id"]}
    )
    (job,) = await store[JOBS].find({"kind": END_SMS})

    await asyncio.gather(*(services.by_sms.ends.end(job["payload"]) for _ in range(5)))
    await texting.run(minutes=1)

    assert texting.got(MAI) == [WARNED, LIFTED]
    assert (await ends_of(services, store)).messages == 1


async def ends_of(services: Services, store: Store) -> SmsSpent:
    """Return what the ends of the first warning took."""
    (first,) = await store[ALERTS].find({"identifier": "flood-1"})
    return await services.by_sms.spending.of_ends([warning_id(first["_id"], 0)])


async def test_ends_cost_as_much_as_a_warning_may_at_most_and_take_nothing_from_it(
    client: httpx.AsyncClient,
    services: Services,
    store: Store,
    door: Door,
    texting: Texting,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await someone(client, services, SON)
    await warned(door, texting)
    monkeypatch.setattr(services.by_sms.spending, "_most", 1)

    await door.accepts(cancel())
    await texting.run(minutes=1)

    assert sorted([texting.got(MAI), texting.got(SON)], key=len) == [[WARNED], [WARNED, LIFTED]]
    spent = await ends_of(services, store)
    assert (spent.messages, spent.held_back) == (1, 1)
    (first,) = await store[ALERTS].find({"identifier": "flood-1"})
    own = await services.by_sms.spending.of([warning_id(first["_id"], 0)])
    assert own == SmsSpent(messages=2, segments=2)


async def test_ends_leave_half_of_the_day_to_warnings(store: Store, services: Services) -> None:
    caps = SendCaps(store, services.sealer, abroad_per_day=0, in_all_per_day=4)
    numbers = [Address(Channel.SMS, f"+8491234567{digit}") for digit in range(5)]
    for number in numbers[:2]:
        await caps.count_spare_notice(number, NOW)

    with pytest.raises(TooManyCodes):
        await transact(store, lambda: caps.count_spare_notice(numbers[2], NOW))

    for number in numbers[2:4]:
        await caps.count_notice(number, NOW)
    with pytest.raises(TooManyCodes):
        await transact(store, lambda: caps.count_notice(numbers[4], NOW))
    assert (await caps.used_today(NOW))["notices"].used == 4


async def test_a_warning_that_is_over_as_its_sms_go_out_goes_to_nobody_else(
    client: httpx.AsyncClient,
    services: Services,
    door: Door,
    texting: Texting,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await someone(client, services, SON)

    await cancelled_in_the_midst(door, texting, monkeypatch)

    assert sorted([texting.got(MAI), texting.got(SON)]) == [[], []]


async def test_control_without_closing_it_goes_to_the_others(
    client: httpx.AsyncClient,
    services: Services,
    door: Door,
    texting: Texting,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def nothing(*_: object) -> None:
        """Close nothing."""

    await someone(client, services, SON)
    monkeypatch.setattr(SmsSpending, "close", nothing)

    await cancelled_in_the_midst(door, texting, monkeypatch)

    assert sorted([texting.got(MAI), texting.got(SON)]) == [[], [WARNED]]


async def cancelled_in_the_midst(
    door: Door, texting: Texting, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Let a Cancel come, and its jobs run, when the first of two people has just been queued an SMS."""
    say = SmsQueue.say

    async def interrupted(queue: SmsQueue, *asked: Any) -> bool:  # noqa: ANN401 - handed through
        monkeypatch.setattr(SmsQueue, "say", say)
        is_told = await say(queue, *asked)
        await door.accepts(cancel())
        await texting.phones.deliver()
        return is_told

    await texting.run()
    await door.accepts(alert(EXTREME))
    await texting.phones.deliver()
    monkeypatch.setattr(SmsQueue, "say", interrupted)
    texting.phones.clock.advance(minutes=5)
    await texting.phones.deliver()
    await texting.run()
    await texting.run(minutes=1)
