"""What reviews keep of a person: handed over with its states, and gone when the person is."""

import httpx

from api.context import Services
from api.kit.store import Store
from api.tourism.reviews.archive import ReviewArchive
from api.tourism.reviews.personal_data import ReviewData
from api.tourism.reviews.repository import REVIEW_REPORTS, REVIEWS
from tests.accounts.families import person_id_of
from tests.accounts.people import SignedInPerson
from tests.tourism.reviews.reviewers import (
    LAKE,
    MARKET,
    a_photo,
    agree_to_photos,
    approved,
    change,
    do,
    holders,
    rating,
    refuse,
    report,
    seen,
    written,
)


def data_of(services: Services) -> ReviewData:
    return ReviewData(ReviewArchive(services.store, services.media.library))


async def test_everything_is_handed_over(
    client: httpx.AsyncClient,
    services: Services,
    author: SignedInPerson,
    reader: SignedInPerson,
    moderator: SignedInPerson,
) -> None:
    review_id = await approved(client, author, moderator, displayName="Hoa")
    await change(client, author, review_id, rating=1, text="Worse now.")
    await refuse(client, moderator, review_id, version=2, reason="FALSE", note="No.")
    await do(client, "AppealReview", {"id": review_id, "text": "Yes!"}, author)
    theirs = await approved(client, reader, moderator, LAKE)
    await report(client, author, theirs, "SPAM")

    held = await data_of(services).held_of(await person_id_of(services, author))

    at = "2026-05-01T09:30:00+00:00"
    (told,) = held["written"]
    assert (told["of"], told["state"]) == ({"kind": "PLACE", "id": MARKET}, "REFUSED")
    assert (told["refusedFor"], told["note"]) == ("FALSE", "No.")
    assert told["appeal"] == {"at": at, "text": "Yes!"}
    assert (told["submitted"]["text"], told["shown"]["displayName"]) == ("Worse now.", "Hoa")
    assert held["reported"] == [{"review": theirs, "reason": "SPAM", "at": at}]


async def test_an_erased_person_s_reviews_go_with_their_stars_and_photos(
    client: httpx.AsyncClient,
    services: Services,
    store: Store,
    author: SignedInPerson,
    reader: SignedInPerson,
    moderator: SignedInPerson,
) -> None:
    await agree_to_photos(client, author)
    photo = await a_photo(services, author)
    review_id = await approved(client, author, moderator, photos=[photo])
    await approved(client, reader, moderator, rating=1)
    await report(client, reader, review_id)
    person_id = await person_id_of(services, author)

    await data_of(services).erase(person_id)

    assert [one["rating"] for one in await seen(client)] == [1]
    assert (await rating(client))["histogram"] == [1, 0, 0, 0, 0]
    assert await holders(services, photo) == []
    assert await store[REVIEW_REPORTS].count({}) == 0
    assert await data_of(services).held_of(person_id) == {"written": [], "reported": []}
    await data_of(services).erase(person_id)  # again, as after a crash
    assert (await rating(client))["count"] == 1


async def test_what_an_erased_moderator_decided_stays_and_is_nobody_s(
    client: httpx.AsyncClient,
    services: Services,
    store: Store,
    author: SignedInPerson,
    moderator: SignedInPerson,
) -> None:
    await approved(client, author, moderator)
    waiting = await written(client, author, LAKE)
    await do(client, "ClaimReview", {"id": waiting}, moderator)
    person_id = await person_id_of(services, moderator)

    await data_of(services).erase(person_id)

    assert len(await seen(client)) == 1
    assert person_id not in str(await store[REVIEWS].find({}))
