"""A warning that was updated or cancelled goes to nobody else: it would come after what replaced it."""

from collections.abc import Sequence
from datetime import time, timedelta

import pytest

from api.kit.store import Store
from notifications.quiet_hours import QuietHours
from notifications.senders import Answer, Message, Verdict
from notifications.service import Notifications
from tests.alerts.conftest import Door, Phones
from tests.alerts.messages import SA_PA, alert, info, reference
from tests.conftest import MovableClock
from tests.notifications.factories import a_device, put

LATER = "2026-05-01T16:10:00+07:00"
FIRST = alert(info(event="Lũ quét", urgency="Expected"))
UPDATE = alert(
    info(event="Nước rút", urgency="Expected"),
    identifier="flood-2",
    sent=LATER,
    msg_type="Update",
    references=reference(),
)
CANCEL = alert(identifier="flood-3", sent=LATER, msg_type="Cancel", references=reference())

ENDERS = pytest.mark.parametrize(
    ("ender", "title"),
    [(UPDATE, "Nước rút"), (CANCEL, "Đã gỡ cảnh báo: Lũ quét")],
    ids=["update", "cancel"],
)


def busy(_: Message) -> Answer:
    return Answer(Verdict.TRY_LATER)


def accepting(_: Message) -> Answer:
    return Answer(Verdict.ACCEPTED)


async def told_after_trouble(
    door: Door, phones: Phones, clock: MovableClock, ender: bytes
) -> list[str]:
    """Return what a phone gets when the sender was in trouble while the alert was replaced."""
    await phones.add("phone", SA_PA)
    phones.sender.script = busy
    await door.accepts(FIRST)
    await phones.deliver()
    phones.sender.script = accepting
    phones.sender.sent.clear()
    await door.accepts(ender)
    await phones.deliver()
    clock.advance(minutes=2)
    return [text.title for text in (await phones.told())["phone"]]


@pytest.mark.parametrize(
    ("ender", "titles"),
    # Whoever slept through all of it was warned of nothing that could be lifted.
    [(UPDATE, {"sleeper": ["Nước rút"]}), (CANCEL, {})],
    ids=["update", "cancel"],
)
async def test_what_waits_for_quiet_hours_to_end_is_not_sent_after_what_replaced_it(
    door: Door,
    phones: Phones,
    store: Store,
    clock: MovableClock,
    ender: bytes,
    titles: dict[str, list[str]],
) -> None:
    quiet = QuietHours(time(16), time(17), "Asia/Ho_Chi_Minh")
    await put(store, a_device(id="sleeper", at=SA_PA, quiet_hours=quiet))
    await door.accepts(FIRST)
    await phones.deliver()
    await door.accepts(ender)
    await phones.deliver()
    assert phones.sender.sent == []

    clock.advance(minutes=31)

    told = await phones.told()
    assert {name: [text.title for text in texts] for name, texts in told.items()} == titles


@ENDERS
async def test_what_could_not_be_sent_is_not_tried_again_once_it_is_replaced(
    door: Door, phones: Phones, clock: MovableClock, ender: bytes, title: str
) -> None:
    assert await told_after_trouble(door, phones, clock, ender) == [title]


@ENDERS
async def test_control_without_withdrawal_the_old_warning_comes_last(
    door: Door,
    phones: Phones,
    clock: MovableClock,
    monkeypatch: pytest.MonkeyPatch,
    ender: bytes,
    title: str,
) -> None:
    async def keep(_notifications: Notifications, _notice_ids: Sequence[str]) -> None:
        """Withdraw nothing."""

    monkeypatch.setattr(Notifications, "withdraw", keep)

    assert await told_after_trouble(door, phones, clock, ender) == [title, "Lũ quét"]


async def test_an_update_that_takes_effect_later_withdraws_nothing_before(
    door: Door, phones: Phones, clock: MovableClock
) -> None:
    await phones.add("phone", SA_PA)
    phones.sender.script = busy
    await door.accepts(FIRST)
    await phones.deliver()
    await door.accepts(
        alert(
            info(effective="2026-05-01T17:30:00+07:00"),
            identifier="flood-2",
            sent=LATER,
            msg_type="Update",
            references=reference(),
        )
    )
    await phones.deliver()
    phones.sender.script = accepting
    phones.sender.sent.clear()

    clock.advance(minutes=2)

    assert [text.title for text in (await phones.told())["phone"]] == ["Lũ quét"]


async def test_a_fan_out_that_began_before_the_cancel_is_withdrawn_when_it_is_done(
    door: Door, phones: Phones, monkeypatch: pytest.MonkeyPatch, clock: MovableClock
) -> None:
    fan_out = Notifications.fan_out

    async def after_the_cancel(self: Notifications, *noticed: object) -> int:
        monkeypatch.setattr(Notifications, "fan_out", fan_out)
        await door.accepts(CANCEL)
        clock.now += timedelta(seconds=1)
        await phones.deliver()
        return await fan_out(self, *noticed)  # type: ignore[arg-type] # handed through

    await phones.add("phone", SA_PA)
    monkeypatch.setattr(Notifications, "fan_out", after_the_cancel)
    await door.accepts(FIRST)

    told = await phones.told()

    assert told == {}
