"""Staff see of each relay whether it was warned, whether it knows what became of that, and if not, why."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from api.alerts.relays.repository import RELAY_OUTCOMES
from api.alerts.relays.standings import RelayEndKind, RelayHindrance, RelayStage, RelayStanding
from api.context import Services
from api.kit.store import Store
from tests.accounts.people import SignedInPerson
from tests.alerts.conftest import Door, Phones
from tests.alerts.messages import alert, area, geocode, info, reference
from tests.alerts.relays.conftest import IN_SA_PA, SENT_LATER, SEVERE, add
from tests.conftest import send
from tests.health.fhir.receiver import Receiver

ELSEWHERE = area(geocode("VN-COMMUNE", "02839"))
CANCEL = alert(identifier="end", msg_type="Cancel", references=reference(), sent=SENT_LATER)
CLEAR = info(event="Đã an toàn", response_type="AllClear", areas=IN_SA_PA)


def update(*infos: str) -> bytes:
    return alert(
        *infos, identifier="end", msg_type="Update", references=reference(), sent=SENT_LATER
    )


async def standings(services: Services, answer: dict[str, object]) -> list[RelayStanding]:
    return await services.relays.standings.of(str(answer["id"]))


async def stages(
    services: Services, answer: dict[str, object]
) -> list[tuple[RelayStage, RelayHindrance | None]]:
    return [(one.stage, one.because) for one in await standings(services, answer)]


@pytest.fixture
async def relay(
    client: httpx.AsyncClient, administrator: SignedInPerson, receiver: Receiver
) -> str:
    added = await add(client, administrator, receiver.url)
    relay_id: str = added["relay"]["id"]
    return relay_id


async def test_a_relay_that_took_the_warning_is_warned(
    services: Services, door: Door, phones: Phones, relay: str
) -> None:
    answer = await door.accepts(alert(SEVERE))
    before = await stages(services, answer)

    await phones.deliver()

    assert before == []
    (one,) = await standings(services, answer)
    assert (one.stage, one.because, one.end) == (RelayStage.WARNED, None, None)
    assert (one.outcome.relay_id, one.bulletin.infos[0].event) == (relay, "Lũ quét")


@pytest.mark.parametrize(
    ("end", "kind"),
    [
        (CANCEL, RelayEndKind.CANCELLED),
        (update(CLEAR), RelayEndKind.ALL_CLEAR),
        (update(info(event="Hết", response_type="AllClear", areas="")), RelayEndKind.ALL_CLEAR),
        (update(info(areas=ELSEWHERE)), RelayEndKind.LEFT_OUT),
        (update(info(areas=IN_SA_PA, severity="Minor")), RelayEndKind.UPDATED),
    ],
    ids=["cancel", "all clear", "all clear of no place", "moved away", "updated"],
)
@pytest.mark.usefixtures("relay")
async def test_what_became_of_it_is_due_then_told(
    services: Services,
    door: Door,
    phones: Phones,
    receiver: Receiver,
    end: bytes,
    kind: RelayEndKind,
) -> None:
    answer = await door.accepts(alert(SEVERE))
    await phones.deliver()
    receiver.status = 503
    await door.accepts(end)
    prepared = await stages(services, answer)
    await phones.deliver()
    failing = await standings(services, answer)
    receiver.status = 200
    phones.clock.advance(seconds=5)

    await phones.deliver()

    assert prepared == [(RelayStage.END_DUE, RelayHindrance.NOT_ASKED)]
    assert [(one.stage, one.because) for one in failing] == [
        (RelayStage.END_DUE, RelayHindrance.REFUSED)
    ]
    (told,) = await standings(services, answer)
    assert (told.stage, told.because) == (RelayStage.END_TOLD, None)
    assert told.end is not None
    assert (told.end.kind, told.end.outcome.attempts) == (kind, 2)


@pytest.mark.usefixtures("relay")
async def test_a_relay_that_has_not_taken_the_warning_is_not_warned(
    services: Services, door: Door, phones: Phones, receiver: Receiver
) -> None:
    receiver.status = 500
    answer = await door.accepts(alert(SEVERE))
    await phones.deliver()
    refused = await stages(services, answer)
    phones.clock.advance(hours=12)
    await phones.deliver()

    over = await stages(services, answer)

    assert refused == [(RelayStage.NOT_WARNED, RelayHindrance.REFUSED)]
    assert over == [(RelayStage.NOT_WARNED, RelayHindrance.OVER)]


async def test_one_that_does_not_answer_is_unreached(
    client: httpx.AsyncClient,
    services: Services,
    door: Door,
    phones: Phones,
    administrator: SignedInPerson,
) -> None:
    await add(client, administrator, "http://127.0.0.1:9/")
    answer = await door.accepts(alert(SEVERE))

    await phones.deliver()

    assert await stages(services, answer) == [(RelayStage.NOT_WARNED, RelayHindrance.UNREACHED)]


async def test_an_end_behind_a_warning_that_is_on_its_way_says_so(
    services: Services, door: Door, phones: Phones, receiver: Receiver, relay: str
) -> None:
    receiver.status = 503
    answer = await door.accepts(alert(SEVERE))
    await phones.deliver()
    (tried,) = await standings(services, answer)
    now, notice_id = phones.clock(), tried.outcome.notice_id
    relays = services.relays.repository
    assert await relays.begin_try(notice_id, relay, now, now + timedelta(seconds=15))
    in_hand = await stages(services, answer)
    await door.accepts(CANCEL)

    await phones.deliver()

    assert in_hand == [(RelayStage.NOT_WARNED, RelayHindrance.IN_HAND)]
    assert await stages(services, answer) == [(RelayStage.END_DUE, RelayHindrance.BEHIND)]


async def test_a_relay_that_was_taken_out_is_told_nothing_any_more(
    client: httpx.AsyncClient,
    services: Services,
    door: Door,
    phones: Phones,
    administrator: SignedInPerson,
    relay: str,
) -> None:
    answer = await door.accepts(alert(SEVERE))
    await phones.deliver()
    removing = {"input": {"id": relay}}
    await send(client, "alerts/RemoveRelay", removing, headers=administrator.headers)
    await door.accepts(CANCEL)

    await phones.deliver()

    assert await stages(services, answer) == [(RelayStage.END_DUE, RelayHindrance.REMOVED)]


async def test_each_event_stands_by_itself(
    client: httpx.AsyncClient,
    services: Services,
    door: Door,
    phones: Phones,
    receiver: Receiver,
    administrator: SignedInPerson,
) -> None:
    await add(client, administrator, receiver.url, leastLevel="MODERATE")
    slide = info(event="Sạt lở", severity="Moderate", areas=IN_SA_PA)
    answer = await door.accepts(alert(SEVERE, slide))
    await phones.deliver()

    await door.accepts(update(slide))
    await phones.deliver()

    found = await standings(services, answer)
    ends = {one.bulletin.infos[0].event: one.end.kind for one in found if one.end}
    assert ends == {"Lũ quét": RelayEndKind.LEFT_OUT, "Sạt lở": RelayEndKind.UPDATED}


@pytest.mark.usefixtures("relay")
async def test_an_end_reaches_the_first_through_a_chain(
    services: Services, door: Door, phones: Phones
) -> None:
    answer = await door.accepts(alert(SEVERE))
    await phones.deliver()
    await door.accepts(update(info(areas=IN_SA_PA, instruction="Tránh xa suối.")))
    await phones.deliver()

    await door.accepts(
        alert(
            identifier="over",
            msg_type="Cancel",
            references=reference("end", sent=SENT_LATER),
            sent="2026-05-01T16:20:00+07:00",
        )
    )
    await phones.deliver()

    (one,) = await standings(services, answer)
    assert one.end is not None
    assert (one.stage, one.end.kind) == (RelayStage.END_TOLD, RelayEndKind.CANCELLED)


@pytest.mark.usefixtures("relay")
async def test_outcomes_kept_before_failures_were_read_as_before(
    services: Services, store: Store, door: Door, phones: Phones, receiver: Receiver
) -> None:
    receiver.status = 503
    answer = await door.accepts(alert(SEVERE))
    await phones.deliver()
    older: dict[str, Any] = {"$unset": {"failure": None, "in_hand_until": None}}

    await store[RELAY_OUTCOMES].update_many({}, older)

    assert await stages(services, answer) == [(RelayStage.NOT_WARNED, RelayHindrance.NOT_TRIED)]
