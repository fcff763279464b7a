"""Photos of a review: the author's own, with consent, shown once approved, and let go with the review."""

import httpx
import pytest

from api.context import Services
from api.kit.store import Store
from api.media.records import MediaState
from api.media.repository import MEDIA
from api.tourism.reviews.repository import REVIEWS
from tests.accounts.people import SignedInPerson
from tests.accounts.test_consents import withdraw
from tests.tourism.reviews.reviewers import (
    a_photo,
    agree_to_photos,
    approve,
    approved,
    change,
    do,
    holders,
    my_only,
    queue,
    refuse,
    seen,
    write,
    written,
)


@pytest.fixture
async def photographer(client: httpx.AsyncClient, author: SignedInPerson) -> SignedInPerson:
    """The author, who agrees that photos are published."""
    await agree_to_photos(client, author)
    return author


async def test_photos_are_shown_after_approval_and_to_the_moderator_before(
    client: httpx.AsyncClient,
    services: Services,
    photographer: SignedInPerson,
    moderator: SignedInPerson,
) -> None:
    photo = await a_photo(services, photographer)
    review_id = await written(client, photographer, photos=[photo])
    assert await seen(client) == []
    (item,) = await queue(client, moderator)
    assert [one["id"] for one in item["submitted"]["photos"]] == [photo]

    await approve(client, moderator, review_id)

    (shown,) = await seen(client)
    (picture,) = shown["photos"]
    assert picture["id"] == photo
    assert picture["files"][0]["url"].startswith("http://127.0.0.1:8000/v1/media/")
    assert await holders(services, photo) == [f"review:{review_id}"]


async def test_without_consent_no_photo_is_taken(
    client: httpx.AsyncClient, services: Services, author: SignedInPerson, store: Store
) -> None:
    photo = await a_photo(services, author)

    refused = await write(client, author, photos=[photo])

    assert refused["code"] == "CONSENT_MISSING"
    assert await holders(services, photo) == []
    assert await store[REVIEWS].count({}) == 0


@pytest.mark.parametrize("state", [MediaState.AWAITING, MediaState.REFUSED, MediaState.REMOVED])
async def test_a_photo_that_is_not_ready_is_refused(
    client: httpx.AsyncClient,
    services: Services,
    photographer: SignedInPerson,
    state: MediaState,
) -> None:
    photo = await a_photo(services, photographer, state=state)

    refused = await write(client, photographer, photos=[photo])

    assert (refused["code"], refused["field"]) == ("INVALID_REVIEW", "photos")
    assert await holders(services, photo) == []


async def test_another_person_s_photo_is_refused(
    client: httpx.AsyncClient,
    services: Services,
    photographer: SignedInPerson,
    reader: SignedInPerson,
) -> None:
    photo = await a_photo(services, reader)

    refused = await write(client, photographer, photos=[photo])

    assert (refused["code"], refused["field"]) == ("INVALID_REVIEW", "photos")
    assert await holders(services, photo) == []


async def test_a_photo_of_either_version_is_kept_and_no_other(
    client: httpx.AsyncClient,
    services: Services,
    photographer: SignedInPerson,
    moderator: SignedInPerson,
) -> None:
    old, new, never = [await a_photo(services, photographer) for _ in range(3)]
    review_id = await approved(client, photographer, moderator, photos=[old])
    await change(client, photographer, review_id, photos=[never])
    await change(client, photographer, review_id, photos=[new])
    holder = [f"review:{review_id}"]
    assert [await holders(services, one) for one in (old, new, never)] == [holder, holder, []]

    await approve(client, moderator, review_id, version=3)

    assert [await holders(services, one) for one in (old, new)] == [[], holder]
    assert [one["id"] for one in (await seen(client))[0]["photos"]] == [new]


async def test_a_refused_change_keeps_what_is_shown(
    client: httpx.AsyncClient,
    services: Services,
    photographer: SignedInPerson,
    moderator: SignedInPerson,
) -> None:
    old, new = [await a_photo(services, photographer) for _ in range(2)]
    review_id = await approved(client, photographer, moderator, photos=[old])
    await change(client, photographer, review_id, photos=[new])

    await refuse(client, moderator, review_id, version=2)

    assert [one["id"] for one in (await seen(client))[0]["photos"]] == [old]
    assert await holders(services, old) == [f"review:{review_id}"]


async def test_photos_go_with_the_review(
    client: httpx.AsyncClient,
    services: Services,
    photographer: SignedInPerson,
    moderator: SignedInPerson,
) -> None:
    photo = await a_photo(services, photographer)
    review_id = await approved(client, photographer, moderator, photos=[photo])

    await do(client, "RemoveReview", {"id": review_id}, photographer)

    assert await holders(services, photo) == []
    document = await services.store[MEDIA].get(photo)
    assert document is not None
    assert document["kept_until"] is not None


async def test_a_withdrawn_consent_takes_photos_out_at_once(
    client: httpx.AsyncClient,
    services: Services,
    photographer: SignedInPerson,
    moderator: SignedInPerson,
) -> None:
    photo = await a_photo(services, photographer)
    await approved(client, photographer, moderator, photos=[photo])

    await withdraw(client, photographer, "PHOTOS")

    (shown,) = await seen(client)
    assert (shown["photos"], shown["text"]) == ([], "Come before nine, bring cash.")
    assert (await my_only(client, photographer))["submitted"]["photos"] == []
    assert await holders(services, photo) == []


async def test_a_photo_that_its_owner_removed_is_left_out(
    client: httpx.AsyncClient,
    services: Services,
    photographer: SignedInPerson,
    moderator: SignedInPerson,
) -> None:
    photo, other = [await a_photo(services, photographer) for _ in range(2)]
    await approved(client, photographer, moderator, photos=[photo, other])

    await services.media.library.remove(photo)

    assert [one["id"] for one in (await seen(client))[0]["photos"]] == [other]


async def test_a_photo_may_stay_in_a_change(
    client: httpx.AsyncClient,
    services: Services,
    photographer: SignedInPerson,
    moderator: SignedInPerson,
) -> None:
    photo = await a_photo(services, photographer)
    review_id = await approved(client, photographer, moderator, photos=[photo])

    changed = await change(client, photographer, review_id, photos=[photo], rating=5)

    assert changed["__typename"] == "ChangeReviewSuccess"
    assert await holders(services, photo) == [f"review:{review_id}"]
