"""What an update, an all-clear or a Cancel does with phones that it does not reach in its own area."""

import pytest

from tests.alerts.conftest import Door, Phones
from tests.alerts.messages import (
    AROUND_BAC_HA,
    BAC_HA,
    alert,
    area,
    info,
    polygon,
    reference,
)

LATER = "2026-05-01T16:10:00+07:00"
IN_BAC_HA = area(polygon(AROUND_BAC_HA), description="Bắc Hà")
FLOOD = info(event="Lũ quét", severity="Severe")
SLIDE = info(event="Sạt lở", severity="Moderate", areas=IN_BAC_HA)
BOTH = alert(FLOOD, SLIDE)
CLOSED = "Cảnh báo đã thay đổi: {}"


def ender(*blocks: str, msg_type: str = "Update") -> bytes:
    return alert(
        *blocks, identifier="flood-2", sent=LATER, msg_type=msg_type, references=reference()
    )


async def screen(phones: Phones, name: str) -> dict[str, str]:
    """Deliver what is due, and return what a phone shows: the last title of each thread."""
    await phones.deliver()
    shown: dict[str, str] = {}
    for one in phones.sender.sent:
        if one.device.id == name:
            shown[one.notice.thread] = one.notice.text_for("vi")[1].title
    return shown


async def silent_and_loud(phones: Phones, name: str) -> list[bool]:
    await phones.deliver()
    return [one.notice.is_quiet for one in phones.sender.sent if one.device.id == name]


async def test_phones_outside_an_area_that_shrinks_are_told_silently(
    door: Door, phones: Phones
) -> None:
    await phones.add("inside")
    await phones.add("outside", BAC_HA)
    await door.accepts(alert(info(areas=area(polygon(), polygon(AROUND_BAC_HA)))))
    await phones.deliver()

    await door.accepts(ender(info()))

    assert list((await screen(phones, "inside")).values()) == ["Lũ quét"]
    assert list((await screen(phones, "outside")).values()) == [CLOSED.format("Lũ quét")]
    assert await silent_and_loud(phones, "outside") == [False, True]


async def test_whoever_was_left_out_and_comes_into_the_area_again_hears_it(
    door: Door, phones: Phones
) -> None:
    await phones.add("phone", BAC_HA)
    await door.accepts(alert(info(areas=area(polygon(), polygon(AROUND_BAC_HA)))))
    await phones.deliver()
    await door.accepts(ender(info()))
    await phones.deliver()

    await phones.add("phone")
    await door.accepts(
        alert(
            info(),
            identifier="flood-3",
            sent="2026-05-01T16:20:00+07:00",
            msg_type="Update",
            references=reference("flood-2", sent=LATER),
        )
    )

    assert await silent_and_loud(phones, "phone") == [False, True, False]


@pytest.mark.parametrize(
    ("end", "title"),
    [
        (ender(FLOOD), CLOSED.format("Sạt lở")),
        (ender(info(event="Đã an toàn", response_type="AllClear")), "Đã an toàn"),
        (ender(msg_type="Cancel"), "Đã gỡ cảnh báo: Sạt lở"),
    ],
    ids=["update", "all clear", "cancel"],
)
async def test_an_end_reaches_phones_that_show_another_event_than_its_first(
    door: Door, phones: Phones, end: bytes, title: str
) -> None:
    await phones.add("phone", BAC_HA)
    await door.accepts(BOTH)
    assert list((await screen(phones, "phone")).values()) == ["Sạt lở"]

    await door.accepts(end)

    assert set((await screen(phones, "phone")).values()) == {title}


async def test_each_phone_is_told_of_a_cancel_where_it_shows_something(
    door: Door, phones: Phones
) -> None:
    await phones.add("phone", BAC_HA)
    await door.accepts(BOTH)
    await phones.deliver()

    await door.accepts(ender(msg_type="Cancel"))

    assert [text.title for text in (await phones.told())["phone"]] == [
        "Sạt lở",
        "Đã gỡ cảnh báo: Sạt lở",
    ]


async def test_an_event_keeps_its_place_on_the_screen_when_the_order_changes(
    door: Door, phones: Phones
) -> None:
    await phones.add("phone", BAC_HA)
    await door.accepts(BOTH)
    before = await screen(phones, "phone")

    await door.accepts(ender(FLOOD, info(event="Sạt lở", severity="Extreme", areas=IN_BAC_HA)))

    assert await screen(phones, "phone") == before
    assert await silent_and_loud(phones, "phone") == [False, False]


async def test_an_update_without_a_place_leaves_what_phones_show(
    door: Door, phones: Phones
) -> None:
    await phones.add("phone")
    await door.accepts(alert())
    await phones.deliver()

    await door.accepts(ender(info(areas="")))

    assert [text.title for text in (await phones.told())["phone"]] == ["Lũ quét"]
