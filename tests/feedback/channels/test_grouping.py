"""Items of one matter come into one issue, whatever words they use and however many workers there are."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from api.collections import COLLECTIONS
from api.feedback.channels.intake.taking_in import TakingIn
from api.feedback.channels.issues.grouping import Grouping
from api.feedback.channels.issues.repository import (
    CHANNEL_ISSUES,
    CHANNEL_ITEMS,
    IssueRepository,
)
from api.feedback.channels.records import IssueState, NewItem, Topic
from api.feedback.channels.understanding.places import Places
from api.feedback.channels.understanding.sentiment import shipped_sentiments
from api.feedback.channels.understanding.topic import shipped_topics
from api.feedback.channels.understanding.understanding import Understanding
from api.kit.sealing import KeyFile, Sealer
from api.kit.store import Store
from api.kit.store.sqlite import SqliteStore
from api.tourism.repository import TourismRepository
from tests.accounts.snapshot_store import SnapshotStore
from tests.conftest import MovableClock
from tests.feedback.channels.office import BAC_HA, COMMUNES, SA_PA, STORIES, Office
from tests.tourism.content import hold

PRESS = (
    "Hàng trăm du khách mắc kẹt nhiều giờ vì cáp treo gặp sự cố kỹ thuật vào chiều thứ bảy, ban"
    " quản lý xin lỗi và hoàn tiền vé cho mọi người."
)


async def test_the_same_story_of_two_papers_is_one_issue(office: Office) -> None:
    await office.took(PRESS)
    await office.took("Theo báo bạn: " + PRESS.replace("thứ bảy", "cuối tuần"))

    (issue,) = await office.issues()
    assert (issue.items, issue.topic, issue.place) == (2, Topic.TOURISM, None)


async def test_one_topic_at_one_place_is_one_issue(office: Office) -> None:
    for story in STORIES:
        await office.took(story)

    (issue,) = await office.issues()
    assert (issue.items, issue.topic) == (2, Topic.WASTE)
    assert issue.place is not None
    assert issue.place.key == SA_PA
    assert issue.moods == {"negative": 2, "neutral": 0, "positive": 0, "unknown": 0}


@pytest.mark.parametrize(
    "other",
    [
        "Rác chất đống ở Bắc Hà.",
        "Đường ngập ở Sa Pa.",
        "Rác chất đống ở đâu đó.",
        "Chào cả nhà ở Sa Pa nhé.",
    ],
)
async def test_another_topic_or_place_is_another_issue(office: Office, other: str) -> None:
    await office.took("Rác nhiều quá ở Sa Pa.")
    await office.took(other)

    assert [one.items for one in await office.issues()] == [1, 1]


async def test_what_says_no_place_is_grouped_by_its_words_only(office: Office) -> None:
    await office.took("Mất điện cả đêm rồi.")
    await office.took("Lại mất điện nữa, bực quá đi thôi.")

    assert len(await office.issues()) == 2


@pytest.mark.parametrize(("hours", "issues"), [(72, 1), (73, 2), (-72, 1), (-73, 2)])
async def test_an_issue_takes_what_was_published_within_72_hours(
    office: Office, hours: int, issues: int
) -> None:
    office.wait(days=10)
    moment = office.clock() - timedelta(days=5)
    await office.took(STORIES[0], at=moment)

    await office.took(STORIES[1], at=moment + timedelta(hours=hours))

    assert len(await office.issues()) == issues


async def test_the_times_of_an_issue_are_those_of_its_items(office: Office) -> None:
    moment = office.clock()
    for hours in (5, 9, 2):
        await office.took(STORIES[hours % 2], at=moment - timedelta(hours=hours))

    (issue,) = await office.issues()
    assert [moment - one for one in (issue.first_at, issue.began_at, issue.last_at)] == [
        timedelta(hours=hours) for hours in (9, 5, 2)
    ]


async def test_a_dismissed_issue_takes_the_same_story_and_nothing_else(office: Office) -> None:
    await office.took(STORIES[0])
    (issue,) = await office.issues()
    await office.services.feedback.channels.acting.dismiss(office.clerk, issue.id)

    await office.took(STORIES[0] + " Hết.")
    await office.took(STORIES[1])

    issues = await office.issues()
    assert sorted((one.state, one.items) for one in issues) == [
        (IssueState.DISMISSED, 2),
        (IssueState.OPEN, 1),
    ]


async def test_the_same_items_in_the_same_order_give_the_same_issues(
    office: Office, tmp_path: Path
) -> None:
    texts = [*STORIES, PRESS, "Đường ngập ở Bắc Hà.", STORIES[0] + " Nhắc lại.", PRESS + " Xong."]
    for number, text in enumerate(texts):
        await office.took(text, external_id=str(number), source_id="one source")
    first = [(one.id, one.items) for one in await office.issues()]

    again = await grouped(tmp_path / "again", texts, office.clock)

    assert again == sorted(first)


async def test_an_item_and_its_issue_come_together_or_not_at_all(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object) -> None:
        raise OSError("killed")

    with monkeypatch.context() as patched:
        patched.setattr(IssueRepository, "add_item", fail)
        with pytest.raises(OSError, match="killed"):
            await office.took(STORIES[0], external_id="1")
    assert await office.issues() == []

    assert await office.took(STORIES[0], external_id="1")

    assert [one.items for one in await office.issues()] == [1]


def workers(store: Store, folder: Path, clock: MovableClock, number: int = 2) -> list[TakingIn]:
    """Return as many that take in, on one store."""
    sealer = Sealer(KeyFile(folder / "keys.json"))
    issues = IssueRepository(store, sealer)
    places = Places(TourismRepository(store), clock)
    understanding = Understanding(shipped_topics(), shipped_sentiments(), places)
    return [
        TakingIn(store, understanding, Grouping(store, issues), issues, clock)
        for _ in range(number)
    ]


async def grouped(folder: Path, texts: list[str], clock: MovableClock) -> list[tuple[str, int]]:
    """Return issues and how many items they have, of items that come one after the other."""
    store = SqliteStore(folder / "store.db")
    await store.open(COLLECTIONS)
    await hold(store, communes=COMMUNES)
    (worker,) = workers(store, folder, clock, 1)
    for number, text in enumerate(texts):
        await worker.take("one source", NewItem(str(number), None, "", text, clock()))
    found = await store[CHANNEL_ISSUES].find({})
    await store.close()
    return sorted((one["_id"], one["items"]) for one in found)


async def two_at_once(folder: Path, clock: MovableClock, *items: NewItem) -> tuple[int, int]:
    """Let two workers take in at once where transactions see snapshots; return issues and items."""
    store = SnapshotStore(meeting=0)
    await store.open(COLLECTIONS)
    await hold(store, communes=COMMUNES)
    working = workers(store, folder, clock)
    store.meet(2)
    await asyncio.gather(
        *(one.take("one source", item) for one, item in zip(working, items, strict=True))
    )
    return await store[CHANNEL_ISSUES].count({}), await store[CHANNEL_ITEMS].count({})


def two_items() -> list[NewItem]:
    return [NewItem(str(number), None, "", text, None) for number, text in enumerate(STORIES)]


async def test_two_workers_make_no_twin_issues(tmp_path: Path, clock: MovableClock) -> None:
    assert await two_at_once(tmp_path, clock, *two_items()) == (1, 2)


async def test_two_workers_with_one_item_take_it_once(tmp_path: Path, clock: MovableClock) -> None:
    item, _ = two_items()

    assert await two_at_once(tmp_path, clock, item, item) == (1, 1)


async def test_without_the_turn_there_would_be_twins(
    tmp_path: Path, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def no_turn(*_: object) -> None:
        return

    monkeypatch.setattr(Grouping, "take_turn", no_turn)

    assert await two_at_once(tmp_path, clock, *two_items()) == (2, 2)


async def test_issues_are_listed_by_topic_place_and_state(office: Office) -> None:
    await office.took("Rác nhiều quá ở Sa Pa.")
    await office.took("Đường ngập ở Bắc Hà.")

    assert len(await office.issues(topic=Topic.WASTE)) == 1
    assert len(await office.issues(place_key=BAC_HA)) == 1
    assert len(await office.issues(states=(IssueState.DISMISSED,))) == 0
    assert len(await office.issues(since=office.clock() + timedelta(seconds=1))) == 0
