"""An Update goes by SMS to whoever learns of something by it, and to nobody else."""

import httpx
import pytest

from api.context import Services
from notifications.senders import Answer, Verdict
from tests.accounts.people import SignedInPerson, signed_in
from tests.alerts.by_sms.conftest import (
    EXTREME,
    IN_SA_PA,
    MAI,
    SON,
    Texting,
    a_phone_of,
    choose,
    opens,
    sent_at,
    someone,
    update,
)
from tests.alerts.conftest import Door
from tests.alerts.messages import alert, area, geocode, info

BAC_HA_CODE = "02839"
IN_BOTH = area(geocode("VN-COMMUNE", "03006"), geocode("VN-COMMUNE", BAC_HA_CODE))
FIRST = info(severity="Extreme", urgency="Expected", areas=IN_SA_PA, instruction="Lên chỗ cao.")
pytestmark = pytest.mark.usefixtures("mai")


def changed(**changes: str) -> str:
    """Return the first warning with something else in it."""
    said = {
        "severity": "Extreme",
        "urgency": "Expected",
        "areas": IN_SA_PA,
        "instruction": "Lên chỗ cao.",
    }
    return info(**{**said, **changes})


@pytest.fixture
async def son(client: httpx.AsyncClient, services: Services) -> SignedInPerson:
    """Somebody in Bắc Hà."""
    person = await signed_in(client, services, SON)
    await choose(client, person, communes=[BAC_HA_CODE])
    return person


async def warned(door: Door, texting: Texting, block: str = FIRST) -> None:
    await door.accepts(alert(block))
    await texting.run()
    await texting.run(minutes=5)


async def updated(door: Door, texting: Texting, block: str) -> None:
    """Update, and let the SMS go; twice, since some jobs come again."""
    await door.accepts(update(block))
    await texting.run()
    await texting.run(minutes=5)
    await texting.run(minutes=1)


@pytest.mark.parametrize(
    "block",
    [
        changed(),
        changed(description="Mực nước 4,2 m."),
        changed(severity="Severe"),
        changed(urgency="Future"),
        changed(expires="2026-05-01T23:00:00+07:00"),
    ],
    ids=["the same", "says more", "milder", "later", "longer"],
)
async def test_a_silent_update_is_no_sms(door: Door, texting: Texting, block: str) -> None:
    await warned(door, texting)

    await updated(door, texting, block)

    assert len(texting.got(MAI)) == 1


@pytest.mark.parametrize(
    "block",
    [
        changed(urgency="Immediate"),
        changed(instruction="Rời khỏi nhà."),
        changed(areas=IN_BOTH),
        changed(severity="Severe", instruction="Tránh xa suối."),
    ],
    ids=["sooner", "other advice", "a larger area", "milder, with other advice"],
)
async def test_an_update_with_news_goes_again_to_who_got_the_first_once(
    door: Door, texting: Texting, block: str
) -> None:
    await warned(door, texting)

    await updated(door, texting, block)

    assert len(texting.got(MAI)) == 2


@pytest.mark.parametrize(
    ("block", "count"),
    [(changed(areas=IN_BOTH), 1), (changed(areas=IN_BOTH, severity="Severe"), 0)],
    ids=["extreme", "milder"],
)
@pytest.mark.usefixtures("son")
async def test_whoever_is_newly_meant_gets_it_while_it_is_extreme(
    door: Door, texting: Texting, block: str, count: int
) -> None:
    await warned(door, texting)
    before = texting.got(SON)

    await updated(door, texting, block)

    assert (before, len(texting.got(SON))) == ([], count)


async def test_what_becomes_extreme_is_told_for_the_first_time(
    door: Door, texting: Texting
) -> None:
    await warned(door, texting, changed(severity="Severe"))
    before = texting.got(MAI)

    await updated(door, texting, changed())

    assert (before, texting.got(MAI)) == ([], ["Lũ quét"])


async def test_who_read_the_first_on_a_device_needs_no_sms_of_a_silent_update(
    client: httpx.AsyncClient, services: Services, door: Door, texting: Texting
) -> None:
    person = await someone(client, services, SON)
    phone = await a_phone_of(client, person, "phone-of-one-who-reads")
    await door.accepts(alert(FIRST))
    await opens(client, phone, await texting.phones.last(phone["device"]["id"]))

    await updated(door, texting, changed(description="Mực nước 4,2 m."))

    assert (len(texting.got(MAI)), texting.got(SON)) == (1, [])


async def test_who_read_the_first_only_gets_an_sms_of_what_is_new_since(
    client: httpx.AsyncClient, services: Services, door: Door, texting: Texting
) -> None:
    person = await someone(client, services, SON)
    phone = await a_phone_of(client, person, "phone-of-one-who-reads")
    await door.accepts(alert(FIRST))
    await opens(client, phone, await texting.phones.last(phone["device"]["id"]))
    await door.accepts(update(changed(severity="Moderate")))
    await texting.run(minutes=1)

    again = update(changed(), identifier="flood-3", of=("flood-2", sent_at(10)), minute=20)
    await door.accepts(again)
    await texting.run()
    await texting.run(minutes=5)

    assert texting.got(SON) == ["Lũ quét"]


async def test_who_did_not_get_the_first_gets_the_update_however_little_it_changes(
    door: Door, texting: Texting
) -> None:
    texting.sender.script = lambda _: Answer(Verdict.TRY_LATER, "Throttling")
    await warned(door, texting)
    await door.accepts(update(changed(description="Mực nước 4,2 m.")))
    await texting.run()
    texting.sender.script = lambda _: Answer(Verdict.ACCEPTED)
    texting.sender.sent.clear()

    await texting.run(minutes=5)
    await texting.run(minutes=1)

    (text,) = texting.texts(MAI)
    assert "4,2 m" in text


async def test_news_of_news_goes_once_each(door: Door, texting: Texting) -> None:
    await warned(door, texting, EXTREME)
    await updated(door, texting, EXTREME.replace("Lên chỗ cao ngay.", "Rời khỏi nhà."))
    same = EXTREME.replace("Lên chỗ cao ngay.", "Rời khỏi nhà.")

    await door.accepts(update(same, identifier="flood-3", of=("flood-2", sent_at(10)), minute=20))
    await texting.run()
    await texting.run(minutes=5)

    assert [text.split("\n")[1] for text in texting.texts(MAI)] == [
        "Lên chỗ cao ngay.",
        "Rời khỏi nhà.",
    ]


async def test_updates_that_come_faster_than_people_open_them_put_nothing_off(
    client: httpx.AsyncClient, services: Services, door: Door, texting: Texting
) -> None:
    reader = await someone(client, services, SON)
    phone = await a_phone_of(client, reader, "phone-of-one-who-reads")
    await door.accepts(alert(FIRST))
    await opens(client, phone, await texting.phones.last(phone["device"]["id"]))
    await texting.run(minutes=3)
    await door.accepts(update(changed(instruction="Rời khỏi nhà.")))
    await texting.run()
    before = texting.got(MAI)

    await texting.run(minutes=2)
    after_five_minutes = (texting.got(MAI), texting.got(SON))
    await texting.run(minutes=3)

    assert (before, after_five_minutes) == ([], (["Lũ quét"], []))
    assert (texting.got(MAI), texting.got(SON)) == (["Lũ quét"], ["Lũ quét"])
