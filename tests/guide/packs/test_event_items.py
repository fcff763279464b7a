"""Events in packs: those of the area, with their days of the months to come."""

from typing import Any

import httpx
import pytest

from api.context import Services
from api.kit.store import Store
from tests.accounts.people import SignedInPerson
from tests.conftest import MovableClock
from tests.guide.packs.phone import ask, fetch, read
from tests.tourism.editing.editors import an_editor
from tests.tourism.events.events import add


@pytest.fixture
async def editor(client: httpx.AsyncClient, services: Services) -> SignedInPerson:
    return await an_editor(client, services)


async def events_in(client: httpx.AsyncClient, **asked: str) -> dict[str, dict[str, Any]]:
    held = read(await fetch(client, await ask(client, **asked)))
    return {key: item for key, item in held.items.items() if key.startswith("event/")}


async def test_a_pack_tells_when_an_event_is_held(
    client: httpx.AsyncClient, editor: SignedInPerson
) -> None:
    event = (await add(client, editor))["event"]

    (item,) = (await events_in(client, language="vi")).values()

    assert item["key"] == f"event/{event['id']}"
    assert item["name"] == {"text": "Hội chợ Sa Pa", "language": "vi"}
    assert (item["kind"], item["kindName"]) == ("FAIR", "Hội chợ")
    assert item["occurrences"] == [
        {
            "firstDay": "2026-06-06",
            "lastDay": "2026-06-07",
            "start": "2026-06-06T00:00:00+07:00",
            "end": "2026-06-08T00:00:00+07:00",
            "isAllDay": True,
            "isConfirmed": False,
            "daysText": "Khoảng từ Thứ Bảy, 6 tháng 6, 2026 đến Chủ Nhật, 7 tháng 6, 2026;"
            " ngày chính xác sẽ được thông báo sau",
            "status": "SCHEDULED",
            "statusName": "Diễn ra",
        }
    ]


async def test_an_event_is_in_the_packs_of_its_area_only(
    client: httpx.AsyncClient, editor: SignedInPerson
) -> None:
    await add(client, editor)

    found = {
        "tour": len(await events_in(client, tour="sa-pa-town")),
        "its commune": len(await events_in(client, commune="03006")),
        "another commune": len(await events_in(client, commune="02839")),
        "another tour": len(await events_in(client, tour="bac-ha-sunday")),
    }

    assert found == {"tour": 1, "its commune": 1, "another commune": 0, "another tour": 0}


async def test_a_changed_event_and_a_new_month_are_another_version(
    client: httpx.AsyncClient, store: Store, clock: MovableClock, editor: SignedInPerson
) -> None:
    empty = (await ask(client))["version"]
    await add(client, editor)
    with_event = (await ask(client))["version"]
    clock.advance(days=20)
    same_month = (await ask(client))["version"]
    clock.advance(days=30)

    later = await events_in(client)

    assert len({empty, with_event}) == 2
    assert same_month == with_event
    assert [it["firstDay"] for it in next(iter(later.values()))["occurrences"]] == ["2026-06-06"]
