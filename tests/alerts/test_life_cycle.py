"""Updates and cancellations: what they end, in whatever order they come, and who may send them."""

import httpx
import pytest

from api.context import Services
from tests.alerts.conftest import Door, Phones, active_identifiers
from tests.alerts.messages import (
    AROUND_BAC_HA,
    BAC_HA,
    SA_PA,
    SENDER,
    alert,
    area,
    info,
    polygon,
    reference,
)
from tests.conftest import MovableClock, send

LATER = "2026-05-01T16:10:00+07:00"
STILL_LATER = "2026-05-01T16:20:00+07:00"
OTHER_SENDER = "other@elsewhere.example"

UPDATE = alert(
    info(event="Lũ quét, mực nước tăng"),
    identifier="flood-2",
    sent=LATER,
    msg_type="Update",
    references=reference(),
)
UPDATE_FROM_HALF_PAST_FIVE = alert(
    info(effective="2026-05-01T17:30:00+07:00"),
    identifier="flood-2",
    sent=LATER,
    msg_type="Update",
    references=reference(),
)
UPDATE_WITHOUT_A_PLACE = alert(
    info(areas=""), identifier="flood-2", sent=LATER, msg_type="Update", references=reference()
)
CANCEL_OF_BOTH = alert(
    identifier="flood-9",
    sent=STILL_LATER,
    msg_type="Cancel",
    references=f"{reference()} {reference('flood-2', sent=LATER)}",
)
CANCEL = alert(identifier="flood-3", sent=LATER, msg_type="Cancel", references=reference())


async def state_of(client: httpx.AsyncClient, alert_id: object) -> str:
    data = await send(client, "alerts/Alert", {"id": alert_id})
    state: str = data["alert"]["state"]
    return state


async def test_an_update_takes_the_place_of_the_alert(
    door: Door, phones: Phones, client: httpx.AsyncClient
) -> None:
    await phones.add("phone", SA_PA)
    first = await door.accepts(alert())
    await phones.deliver()

    answer = await door.accepts(UPDATE)

    assert answer["ended"] == [first["id"]]
    assert await active_identifiers(client) == ["flood-2"]
    assert await state_of(client, first["id"]) == "SUPERSEDED"
    assert [text.title for text in (await phones.told())["phone"]] == [
        "Lũ quét",
        "Lũ quét, mực nước tăng",
    ]


async def test_an_update_shows_in_the_place_of_the_alert_on_the_phone(
    door: Door, phones: Phones
) -> None:
    await phones.add("phone", SA_PA)
    await door.accepts(alert())
    before = (await phones.last("phone")).notice

    await door.accepts(UPDATE)
    await door.accepts(
        alert(
            identifier="flood-4",
            sent=STILL_LATER,
            msg_type="Update",
            references=reference("flood-2", sent=LATER),
        )
    )

    after = (await phones.last("phone")).notice
    assert after.id != before.id
    assert after.thread == before.thread


async def test_an_update_that_comes_before_its_alert_still_wins(
    door: Door, phones: Phones, client: httpx.AsyncClient
) -> None:
    await phones.add("phone", SA_PA)
    await door.accepts(UPDATE)

    late = await door.accepts(alert())

    assert late["delivery"] == "REPLACED"
    assert await active_identifiers(client) == ["flood-2"]
    assert [text.title for text in (await phones.told())["phone"]] == ["Lũ quét, mực nước tăng"]


async def test_an_alert_whose_update_comes_before_anyone_was_told_is_told_once_as_updated(
    door: Door, phones: Phones
) -> None:
    await phones.add("phone", SA_PA)
    await door.accepts(alert())

    await door.accepts(UPDATE)

    assert [text.title for text in (await phones.told())["phone"]] == ["Lũ quét, mực nước tăng"]


async def test_an_update_that_takes_effect_later_leaves_the_alert_in_force_until_then(
    door: Door, phones: Phones, client: httpx.AsyncClient, clock: MovableClock
) -> None:
    await phones.add("phone", SA_PA)
    await door.accepts(alert())
    await door.accepts(
        alert(
            info(effective="2026-05-01T17:00:00+07:00"),
            identifier="flood-2",
            sent=LATER,
            msg_type="Update",
            references=reference(),
        )
    )
    assert await active_identifiers(client) == ["flood-1"]
    assert len((await phones.told())["phone"]) == 1

    clock.advance(minutes=31)

    assert await active_identifiers(client) == ["flood-2"]
    assert len((await phones.told())["phone"]) == 2


async def test_a_cancel_without_an_info_block_ends_the_alert_and_tells_those_who_were_warned(
    door: Door, phones: Phones, client: httpx.AsyncClient
) -> None:
    await phones.add("phone", SA_PA, language="en")
    await phones.add("elsewhere", BAC_HA, language="en")
    first = await door.accepts(alert(info("vi"), info("en", event="Flash flood")))
    warned = (await phones.last("phone")).notice

    answer = await door.accepts(CANCEL)

    assert (answer["delivery"], answer["ended"]) == ("TAKES_BACK", [first["id"]])
    assert await active_identifiers(client) == []
    assert await state_of(client, first["id"]) == "CANCELLED"
    taken_back = (await phones.last("phone")).notice
    assert taken_back.thread == warned.thread
    assert taken_back.overrides_quiet_hours is False
    told = await phones.told()
    assert [text.title for text in told["phone"]] == ["Flash flood", "Warning lifted: Flash flood"]
    assert "elsewhere" not in told


async def test_a_cancellation_is_told_in_each_readers_language(door: Door, phones: Phones) -> None:
    await phones.add("phone", SA_PA, language="ko")
    await door.accepts(alert(info("vi"), info("ko", event="돌발 홍수")))
    await phones.deliver()

    await door.accepts(CANCEL)

    last = (await phones.told())["phone"][-1]
    assert (last.title, last.body) == (
        "경보 해제: 돌발 홍수",
        "이 경보를 발령한 기관이 경보를 취소했습니다.",
    )


async def test_nobody_is_told_of_the_end_of_what_they_were_never_told(
    door: Door, phones: Phones
) -> None:
    await phones.add("phone", SA_PA)
    await door.accepts(alert())

    await door.accepts(CANCEL)

    assert await phones.told() == {}


async def test_a_cancel_that_comes_before_its_alert_still_wins(
    door: Door, phones: Phones, client: httpx.AsyncClient
) -> None:
    await phones.add("phone", SA_PA)
    await door.accepts(CANCEL)

    late = await door.accepts(alert())

    assert late["delivery"] == "REPLACED"
    assert await state_of(client, late["id"]) == "CANCELLED"
    assert await active_identifiers(client) == []
    assert await phones.told() == {}


async def test_a_cancel_of_the_alert_alone_leaves_its_update_in_force(
    door: Door, phones: Phones, client: httpx.AsyncClient
) -> None:
    await phones.add("phone", SA_PA)
    await door.accepts(alert())
    await door.accepts(UPDATE)
    await phones.deliver()

    await door.accepts(CANCEL)

    assert await active_identifiers(client) == ["flood-2"]
    assert [text.title for text in (await phones.told())["phone"]] == ["Lũ quét, mực nước tăng"]


async def test_a_cancel_of_the_whole_chain_ends_it(
    door: Door, phones: Phones, client: httpx.AsyncClient
) -> None:
    await phones.add("phone", SA_PA)
    await door.accepts(alert())
    await door.accepts(UPDATE)
    await phones.deliver()

    await door.accepts(CANCEL_OF_BOTH)

    assert await active_identifiers(client) == []
    assert [text.title for text in (await phones.told())["phone"]] == [
        "Lũ quét, mực nước tăng",
        "Đã gỡ cảnh báo: Lũ quét, mực nước tăng",
    ]


@pytest.mark.parametrize(
    "update",
    [UPDATE_FROM_HALF_PAST_FIVE, UPDATE_WITHOUT_A_PLACE],
    ids=["that takes effect later", "that reaches nobody"],
)
async def test_a_cancel_is_told_although_there_is_an_update_that_nobody_was_told_of(
    door: Door, phones: Phones, update: bytes
) -> None:
    await phones.add("phone", SA_PA)
    await door.accepts(alert())
    await phones.deliver()
    await door.accepts(update)
    await phones.deliver()

    await door.accepts(CANCEL_OF_BOTH)

    assert [text.title for text in (await phones.told())["phone"]] == [
        "Lũ quét",
        "Đã gỡ cảnh báo: Lũ quét",
    ]


async def test_a_cancel_ends_the_alert_at_once_whatever_times_its_info_block_tells(
    door: Door, client: httpx.AsyncClient
) -> None:
    await door.accepts(alert())

    await door.accepts(
        alert(
            info(effective="2026-05-01T20:00:00+07:00"),
            identifier="flood-3",
            sent=LATER,
            msg_type="Cancel",
            references=reference(),
        )
    )

    assert await active_identifiers(client) == []


async def test_the_same_moment_in_another_zone_names_the_same_message(
    door: Door, client: httpx.AsyncClient
) -> None:
    await door.accepts(alert())

    await door.accepts(
        alert(
            identifier="flood-3",
            sent=LATER,
            msg_type="Cancel",
            references=reference(sent="2026-05-01T09:00:00-00:00"),
        )
    )

    assert await active_identifiers(client) == []


async def test_nobody_but_the_sender_cancels_an_alert(
    door: Door, client: httpx.AsyncClient, services: Services
) -> None:
    await door.accepts(alert())
    foreign = await services.alerts.keys.create("Elsewhere", [OTHER_SENDER])

    reply = await door.post(
        alert(
            identifier="c",
            sender=OTHER_SENDER,
            sent=LATER,
            msg_type="Cancel",
            references=reference(),
        ),
        key=foreign.key,
    )

    assert reply.status_code == 422
    assert (reply.json()["code"], reply.json()["element"]) == ("FOREIGN_REFERENCES", "references")
    assert await active_identifiers(client) == ["flood-1"]


async def test_an_update_of_another_senders_alert_warns_but_replaces_nothing(
    door: Door, client: httpx.AsyncClient, services: Services
) -> None:
    await door.accepts(alert())
    foreign = await services.alerts.keys.create("Elsewhere", [OTHER_SENDER])

    reply = await door.post(
        alert(
            identifier="u",
            sender=OTHER_SENDER,
            sent=LATER,
            msg_type="Update",
            references=reference(),
        ),
        key=foreign.key,
    )

    assert (reply.status_code, reply.json()["foreignReferences"]) == (201, 1)
    assert await active_identifiers(client) == ["u", "flood-1"]


@pytest.mark.parametrize("change", [{"status": "Test"}, {"status": "Exercise"}])
@pytest.mark.parametrize("msg_type", ["Update", "Cancel"])
async def test_a_test_never_ends_what_is_actual(
    door: Door,
    phones: Phones,
    client: httpx.AsyncClient,
    change: dict[str, str],
    msg_type: str,
) -> None:
    await phones.add("phone", SA_PA)
    await door.accepts(alert())
    await phones.deliver()

    answer = await door.accepts(
        alert(
            info(), identifier="t", sent=LATER, msg_type=msg_type, references=reference(), **change
        )
    )

    assert answer["ended"] == []
    assert await active_identifiers(client) == ["flood-1"]
    assert len((await phones.told())["phone"]) == 1


async def test_a_private_message_never_ends_a_public_one(
    door: Door, client: httpx.AsyncClient
) -> None:
    await door.accepts(alert())

    await door.accepts(
        alert(
            identifier="p",
            sent=LATER,
            msg_type="Cancel",
            scope="Private",
            addresses="police",
            references=reference(),
        )
    )

    assert await active_identifiers(client) == ["flood-1"]


async def test_an_alert_ends_when_it_expires(
    door: Door, phones: Phones, client: httpx.AsyncClient, clock: MovableClock
) -> None:
    await phones.add("phone", SA_PA)
    kept = await door.accepts(alert(info(expires="2026-05-01T17:00:00+07:00")))
    assert await active_identifiers(client) == ["flood-1"]

    clock.advance(minutes=30)

    assert await active_identifiers(client) == []
    assert await state_of(client, kept["id"]) == "EXPIRED"
    assert await phones.told() == {}


async def test_without_expires_an_alert_holds_for_24_hours(
    door: Door, client: httpx.AsyncClient, clock: MovableClock
) -> None:
    await door.accepts(alert(info(expires=None)))

    clock.advance(hours=23, minutes=29)
    before = await active_identifiers(client)
    clock.advance(minutes=1)

    assert before == ["flood-1"]
    assert await active_identifiers(client) == []


async def test_an_alert_that_takes_effect_later_is_told_then(
    door: Door, phones: Phones, client: httpx.AsyncClient, clock: MovableClock
) -> None:
    await phones.add("phone", SA_PA)
    kept = await door.accepts(alert(info(effective="2026-05-01T17:00:00+07:00")))
    assert await active_identifiers(client) == []
    assert await state_of(client, kept["id"]) == "PENDING"
    assert await phones.told() == {}

    clock.advance(minutes=30)

    assert await active_identifiers(client) == ["flood-1"]
    assert await phones.names() == {"phone"}


async def test_a_senders_clock_that_is_ahead_delays_nothing(
    door: Door, phones: Phones, client: httpx.AsyncClient
) -> None:
    ahead = "2026-05-01T16:35:00+07:00"
    await phones.add("phone", SA_PA)

    await door.accepts(alert(info(effective=ahead), sent=ahead))

    assert await active_identifiers(client) == ["flood-1"]
    assert await phones.names() == {"phone"}


async def test_what_was_over_before_it_came_is_kept_and_nobody_is_told(
    door: Door, phones: Phones
) -> None:
    await phones.add("phone", SA_PA)

    answer = await door.accepts(alert(info(expires="2026-05-01T16:15:00+07:00")))

    assert answer["delivery"] == "EXPIRED"
    assert await phones.deliver() == 0


async def test_an_acknowledgement_is_kept_and_tells_nobody(
    door: Door, phones: Phones, client: httpx.AsyncClient
) -> None:
    await phones.add("phone", SA_PA)
    await door.accepts(alert())
    await phones.deliver()

    answer = await door.accepts(
        alert(identifier="a", sent=LATER, msg_type="Ack", references=reference(sender=SENDER))
    )

    assert (answer["delivery"], answer["ended"]) == ("NOT_A_WARNING", [])
    assert await active_identifiers(client) == ["flood-1"]
    assert len((await phones.told())["phone"]) == 1


async def test_an_update_may_move_to_another_place(
    door: Door, phones: Phones, client: httpx.AsyncClient
) -> None:
    await phones.add("in Bắc Hà", BAC_HA)
    await door.accepts(alert())

    await door.accepts(
        alert(
            info(areas=area(polygon(AROUND_BAC_HA))),
            identifier="flood-2",
            sent=LATER,
            msg_type="Update",
            references=reference(),
        )
    )

    assert await phones.names() == {"in Bắc Hà"}
    assert await active_identifiers(client, SA_PA) == []
    assert await active_identifiers(client, BAC_HA) == ["flood-2"]
