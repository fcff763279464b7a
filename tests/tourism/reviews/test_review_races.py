"""Several people at the same moment, in a store of snapshots; each guard has a control without it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from typing import TypeVar

import pytest

from api.accounts.privacy.purposes import ConsentPurpose
from api.collections import COLLECTIONS
from api.context import Services
from api.kit.store import Document, Filter, Store
from api.media.repository import MEDIA
from api.settings import Settings
from api.tourism.reviews.documents import review_document, review_of
from api.tourism.reviews.errors import ModerationConflict, PhotosConsentMissing
from api.tourism.reviews.photos_consent import PhotosConsent
from api.tourism.reviews.records import Fault, Review
from api.tourism.reviews.repository import REVIEWS, ReviewRepository
from api.wiring import services_on
from tests.accounts.snapshot_store import SnapshotStore
from tests.conftest import MovableClock
from tests.tourism.content import a_place, hold
from tests.tourism.reviews.acting import (
    LAN,
    MAI,
    SUNG,
    TUA,
    a_key,
    a_photo_of,
    an_account,
    decide,
    kept_rating,
    of_stars,
    scanned_rating,
    write,
)

Result = TypeVar("Result")


@pytest.fixture
async def snapshots() -> AsyncIterator[SnapshotStore]:
    store = SnapshotStore(meeting=0)
    await store.open(COLLECTIONS)
    await hold(store, [a_place("P1")])
    yield store
    await store.close()


@pytest.fixture
async def meeting(
    snapshots: SnapshotStore, settings: Settings, clock: MovableClock
) -> AsyncIterator[Services]:
    """The services over a store whose transactions a test lets meet."""
    async with services_on(snapshots, settings, clock) as built:
        yield built


async def test_of_two_moderators_one_decides(meeting: Services, snapshots: SnapshotStore) -> None:
    review = await write(meeting, MAI, 5)
    snapshots.meet(2)

    approval, refusal = await asyncio.gather(
        decide(meeting, LAN, review), decide(meeting, TUA, review, Fault.SPAM)
    )

    assert (approval, refusal) in (("approved", "conflict"), ("conflict", "refused"))
    assert snapshots.conflicts >= 1
    assert await kept_rating(meeting) == await scanned_rating(snapshots)


async def test_control_without_versions_and_transactions_one_review_counts_twice(
    meeting: Services, snapshots: SnapshotStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    review = await write(meeting, MAI, 5)
    unguarded(monkeypatch, snapshots)

    outcome = await asyncio.gather(decide(meeting, LAN, review), decide(meeting, TUA, review))

    assert set(outcome) == {"approved"}
    assert await kept_rating(meeting) == (0, 0, 0, 0, 2)
    assert await scanned_rating(snapshots) == (0, 0, 0, 0, 1)


async def test_the_first_two_approvals_of_a_place_both_count(
    meeting: Services, snapshots: SnapshotStore
) -> None:
    reviews = [await write(meeting, MAI, 5), await write(meeting, SUNG, 2)]
    snapshots.meet(2)

    outcome = await asyncio.gather(*(decide(meeting, LAN, review) for review in reviews))

    assert outcome == ["approved", "approved"]
    assert snapshots.conflicts >= 1
    assert await kept_rating(meeting) == (0, 1, 0, 0, 1)


async def test_a_change_and_a_decision_at_once_never_show_what_nobody_saw(
    meeting: Services, snapshots: SnapshotStore
) -> None:
    review = await write(meeting, MAI, 5)
    snapshots.meet(2)

    outcome, changed = await asyncio.gather(
        decide(meeting, LAN, review),
        meeting.tourism.reviews.writing.change(MAI, review.id, of_stars(1), a_key()),
    )

    after = await meeting.tourism.reviews.moderating.claim(TUA, review.id)
    assert changed.submitted.stars == after.submitted.stars == 1
    assert (outcome, after.shown.stars if after.shown else None) in (
        ("approved", 5),
        ("conflict", None),
    )
    assert await kept_rating(meeting) == await scanned_rating(snapshots)


async def test_a_review_that_is_taken_back_while_it_is_approved_leaves_no_stars(
    meeting: Services, snapshots: SnapshotStore
) -> None:
    review = await write(meeting, MAI, 5)
    snapshots.meet(2)

    await asyncio.gather(
        decide(meeting, LAN, review),
        meeting.tourism.reviews.writing.remove(MAI, review.id),
        return_exceptions=True,
    )

    assert await snapshots[REVIEWS].count({}) == 0
    assert await kept_rating(meeting) == (0, 0, 0, 0, 0)


async def test_one_person_s_reviews_at_once_are_one(services: Services, store: Store) -> None:
    await hold(store, [a_place("P1")])

    await asyncio.gather(*(write(services, MAI, stars) for stars in (1, 2, 3, 4, 5)))

    (review,) = await store[REVIEWS].find({})
    assert review["submitted"]["number"] == 5


async def test_of_many_claims_one_is_given(services: Services, store: Store) -> None:
    await hold(store, [a_place("P1")])
    review = await write(services, MAI, 5)

    outcome = await asyncio.gather(
        *(services.tourism.reviews.moderating.claim(one, review.id) for one in (LAN, TUA)),
        return_exceptions=True,
    )

    assert [isinstance(one, ModerationConflict) for one in outcome].count(True) == 1
    assert [isinstance(one, Review) for one in outcome].count(True) == 1


async def test_control_a_claim_that_reads_before_it_writes_is_given_twice(
    services: Services, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    await hold(store, [a_place("P1")])
    review = await write(services, MAI, 5)
    both_have_read = asyncio.Barrier(2)

    async def read_then_write(
        self: ReviewRepository, review_id: str, moderator: str, now: datetime, until: datetime
    ) -> Review | None:
        found = await self.get(review_id)
        await both_have_read.wait()
        if found is None or found.waiting is None or found.waiting.holder(now):
            return None
        claimed = {"waiting.claimed_by": moderator, "waiting.claimed_until": until}
        this: Filter = {"_id": review_id}
        document = await store[REVIEWS].update_one(this, {"$set": claimed})
        return review_of(document) if document else None

    monkeypatch.setattr(ReviewRepository, "claim", read_then_write)

    outcome = await asyncio.gather(
        *(services.tourism.reviews.moderating.claim(one, review.id) for one in (LAN, TUA))
    )

    assert [one.id for one in outcome] == [review.id, review.id]


async def test_a_photo_does_not_slip_in_beside_a_withdrawal(
    meeting: Services, snapshots: SnapshotStore
) -> None:
    await an_account(meeting, MAI)
    photo = await a_photo_of(meeting, MAI)
    snapshots.meet(2)

    await photo_and_withdrawal(meeting, photo)

    assert await photos_in_reviews(snapshots) == []
    assert (await snapshots[MEDIA].get(photo) or {})["holders"] == []


async def test_control_without_the_hold_on_the_account_it_does(
    meeting: Services, snapshots: SnapshotStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    await an_account(meeting, MAI)
    photo = await a_photo_of(meeting, MAI)
    snapshots.meet(2)

    async def only_look(self: PhotosConsent, person_id: str) -> None:
        if not await meeting.accounts.consents.is_given(person_id, ConsentPurpose.PHOTOS):
            raise PhotosConsentMissing

    monkeypatch.setattr(PhotosConsent, "hold", only_look)

    await photo_and_withdrawal(meeting, photo)

    assert await photos_in_reviews(snapshots) == [photo]


async def photo_and_withdrawal(meeting: Services, photo: str) -> None:
    await asyncio.gather(
        write(meeting, MAI, 5, photo),
        meeting.accounts.consents.withdraw(MAI, ConsentPurpose.PHOTOS, None, "en"),
        return_exceptions=True,
    )


async def photos_in_reviews(store: Store) -> list[str]:
    return [
        one for review in await store[REVIEWS].find({}) for one in review["submitted"]["photos"]
    ]


def unguarded(monkeypatch: pytest.MonkeyPatch, store: Store) -> None:
    """Let every write stand for itself, and two writers of a review meet before they write."""
    both_have_read = asyncio.Barrier(2)

    async def no_transaction(_: Store, work: Callable[[], Awaitable[Result]]) -> Result:
        return await work()

    async def put_whatever_is_there(_: ReviewRepository, review: Review) -> Review:
        await both_have_read.wait()
        document: Document = review_document(review)
        await store[REVIEWS].upsert(document)
        return review

    monkeypatch.setattr("api.kit.idempotency.transact", no_transaction)
    monkeypatch.setattr(ReviewRepository, "replace", put_whatever_is_there)
