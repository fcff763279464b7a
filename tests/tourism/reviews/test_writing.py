"""Authors write, change and take back reviews; nothing of it is shown before a moderator has read it."""

import httpx
import pytest

from api.context import Services
from api.kit.store import Store
from api.tourism.repository import TourismRepository
from api.tourism.reviews.repository import REVIEWS
from api.tourism.reviews.writing import WRITTEN_A_DAY
from tests.accounts.people import Answer, SignedInPerson, new_key
from tests.conftest import MovableClock
from tests.tourism.reviews.reviewers import (
    LAKE,
    MARKET,
    a_visitor,
    approve,
    approved,
    change,
    do,
    mine,
    my_only,
    rating,
    refuse,
    seen,
    write,
    written,
)

_SHORT = {"language": "en", "visitedOn": "2026-04"}


async def test_a_review_waits_and_is_not_shown(
    client: httpx.AsyncClient, author: SignedInPerson
) -> None:
    result = await write(client, author)

    review = result["review"]
    assert review["state"] == "PENDING"
    assert review["shown"] is None
    assert review["subject"] == {
        "kind": "PLACE",
        "id": MARKET,
        "name": {"text": "Bac Ha market", "language": "en"},
    }
    assert await seen(client) == []
    assert await rating(client) == {"average": None, "count": 0, "histogram": [0, 0, 0, 0, 0]}


async def test_an_approved_review_is_shown_as_it_was_written(
    client: httpx.AsyncClient, author: SignedInPerson, moderator: SignedInPerson
) -> None:
    review_id = await approved(client, author, moderator, displayName="Minjun")

    (shown,) = await seen(client)

    assert shown == {
        "id": review_id,
        "rating": 4,
        "text": "Come before nine, bring cash.",
        "language": "en",
        "visitedOn": "2026-04",
        "author": "Minjun",
        "writtenAt": "2026-05-01T09:30:00+00:00",
        "reply": None,
        "photos": [],
    }
    assert await rating(client) == {"average": 4.0, "count": 1, "histogram": [0, 0, 0, 1, 0]}


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "A visitor"), ("vi", "Một du khách"), ("ko", "방문객"), ("ja", "訪問者")],
)
async def test_whoever_chose_no_name_is_a_visitor(
    client: httpx.AsyncClient,
    author: SignedInPerson,
    moderator: SignedInPerson,
    language: str,
    words: str,
) -> None:
    await approved(client, author, moderator)

    (shown,) = await seen(client, language=language)

    assert shown["author"] == words


async def test_a_second_review_of_a_place_changes_the_first(
    client: httpx.AsyncClient, author: SignedInPerson, store: Store
) -> None:
    first = await written(client, author)

    second = await written(client, author, rating=2, text="Rain.")

    assert second == first
    assert await store[REVIEWS].count({}) == 1
    review = await my_only(client, author)
    assert (review["submitted"]["number"], review["submitted"]["rating"]) == (2, 2)


async def test_one_person_reviews_many_places(
    client: httpx.AsyncClient, author: SignedInPerson, clock: MovableClock
) -> None:
    market = await written(client, author)
    clock.advance(seconds=1)
    lake = await written(client, author, LAKE)

    assert [review["id"] for review in await mine(client, author)] == [lake, market]


async def test_the_same_key_writes_once(
    client: httpx.AsyncClient, author: SignedInPerson, store: Store
) -> None:
    key = new_key()
    first = await write(client, author, key=key)

    again = await write(client, author, key=key)

    assert again == first
    assert await store[REVIEWS].count({}) == 1


async def test_a_key_for_something_else_is_refused(
    client: httpx.AsyncClient, author: SignedInPerson
) -> None:
    key = new_key()
    await write(client, author, key=key)

    refused = await write(client, author, key=key, rating=1)

    assert refused["code"] == "IDEMPOTENCY_KEY_REUSED"
    assert (await my_only(client, author))["submitted"]["rating"] == 4


async def test_a_replay_after_the_review_was_taken_back_says_so(
    client: httpx.AsyncClient, author: SignedInPerson
) -> None:
    key = new_key()
    written_first = await write(client, author, key=key)
    await do(client, "RemoveReview", {"id": written_first["review"]["id"]}, author)

    again = await write(client, author, key=key)

    assert again["code"] == "NOT_FOUND"
    assert await mine(client, author) == []


async def test_what_was_approved_is_shown_while_a_change_waits(
    client: httpx.AsyncClient, author: SignedInPerson, moderator: SignedInPerson
) -> None:
    review_id = await approved(client, author, moderator)

    changed = await change(client, author, review_id, rating=1, text="They cheat.")

    assert changed["review"]["state"] == "PENDING"
    assert changed["review"]["shown"]["rating"] == 4
    assert [one["rating"] for one in await seen(client)] == [4]
    assert (await rating(client))["histogram"] == [0, 0, 0, 1, 0]


async def test_an_approved_change_takes_its_place(
    client: httpx.AsyncClient, author: SignedInPerson, moderator: SignedInPerson
) -> None:
    review_id = await approved(client, author, moderator)
    await change(client, author, review_id, rating=1, text="They cheat.")

    await approve(client, moderator, review_id, version=2)

    assert [(one["rating"], one["text"]) for one in await seen(client)] == [(1, "They cheat.")]
    assert await rating(client) == {"average": 1.0, "count": 1, "histogram": [1, 0, 0, 0, 0]}


async def test_a_refused_change_leaves_what_was_approved(
    client: httpx.AsyncClient, author: SignedInPerson, moderator: SignedInPerson
) -> None:
    review_id = await approved(client, author, moderator)
    await change(client, author, review_id, rating=1)

    await refuse(client, moderator, review_id, version=2)

    review = await my_only(client, author)
    assert (review["state"], review["shown"]["rating"]) == ("REFUSED", 4)
    assert [one["rating"] for one in await seen(client)] == [4]


async def test_saying_the_same_again_asks_nobody_to_look(
    client: httpx.AsyncClient, author: SignedInPerson, moderator: SignedInPerson
) -> None:
    review_id = await approved(client, author, moderator)

    changed = await change(client, author, review_id)

    assert changed["review"]["state"] == "APPROVED"
    assert changed["review"]["submitted"]["number"] == 1


async def test_a_review_is_taken_back_at_once_with_its_stars(
    client: httpx.AsyncClient, author: SignedInPerson, moderator: SignedInPerson, store: Store
) -> None:
    review_id = await approved(client, author, moderator)

    removed = await do(client, "RemoveReview", {"id": review_id}, author)

    assert removed["id"] == review_id
    assert await seen(client) == []
    assert (await rating(client))["count"] == 0
    assert await store[REVIEWS].count({}) == 0


@pytest.mark.parametrize("operation", ["ChangeReview", "RemoveReview", "AppealReview"])
async def test_another_person_s_review_is_not_there(
    client: httpx.AsyncClient,
    author: SignedInPerson,
    reader: SignedInPerson,
    moderator: SignedInPerson,
    store: Store,
    operation: str,
) -> None:
    review_id = await written(client, author)
    await refuse(client, moderator, review_id)
    before = await store[REVIEWS].find({})
    values: Answer = {"id": review_id}
    if operation == "ChangeReview":
        values |= {"review": {**_SHORT, "rating": 1}, "idempotencyKey": new_key()}

    refused = await do(client, operation, values, reader)

    assert refused["code"] == "NOT_FOUND"
    assert await store[REVIEWS].find({}) == before


@pytest.mark.parametrize("subject", ["P999", "", "place:P1", "../P1", "P1\n", "P" * 5_000])
async def test_what_is_not_there_cannot_be_reviewed(
    client: httpx.AsyncClient, author: SignedInPerson, store: Store, subject: str
) -> None:
    refused = await write(client, author, subject)

    assert refused["code"] == "NOT_FOUND"
    assert await store[REVIEWS].count({}) == 0


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("rating", 0),
        ("rating", 6),
        ("rating", -2_147_483_648),
        ("text", "a" * 2_001),
        ("text", "a" * 60_000),
        ("text", "turned \u202e around"),
        ("text", "a bell \x07"),
        ("text", "a delete \x7f"),
        ("text", "e" + "\u0301" * 9),
        ("language", ""),
        ("language", "klingon-of-the-empire"),
        ("language", "en\n"),
        ("visitedOn", "2026-06"),
        ("visitedOn", "2016-04"),
        ("visitedOn", "2026-13"),
        ("visitedOn", "2026-04-01"),
        ("visitedOn", "٢٠٢٦-٠٤"),
        ("visitedOn", "April"),
        ("photos", ["a" * 26] * 2),
        ("photos", [f"{number:026}" for number in range(7)]),
        ("photos", ["no-such-photo"]),
        ("displayName", "n" * 61),
        ("displayName", "turned \u2066 around"),
    ],
)
async def test_what_no_review_can_say_is_refused_by_its_field(
    client: httpx.AsyncClient, author: SignedInPerson, store: Store, field: str, value: object
) -> None:
    otherwise: Answer = {field: value}

    refused = await write(client, author, **otherwise)

    assert (refused["code"], refused["field"]) == ("INVALID_REVIEW", field)
    assert await store[REVIEWS].count({}) == 0


async def test_text_is_composed_and_trimmed(
    client: httpx.AsyncClient, author: SignedInPerson
) -> None:
    await write(
        client, author, text="  Chợ\u0323\u0301  đẹp.\r\n\r\n\r\n\r\nVề sớm.\t ", language="VI"
    )

    submitted = (await my_only(client, author))["submitted"]

    assert submitted["text"] == "Chợ\u0323\u0301 đẹp.\n\nVề sớm."
    assert submitted["language"] == "vi"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("ES-419", "es-419"), ("zh-hant-hk", "zh-Hant-HK"), ("sr-latn-rs", "sr-Latn-RS")],
)
async def test_a_language_is_kept_with_its_script_and_region(
    client: httpx.AsyncClient, author: SignedInPerson, typed: str, kept: str
) -> None:
    await written(client, author, language=typed)

    assert (await my_only(client, author))["submitted"]["language"] == kept


@pytest.mark.parametrize("text", [None, "", "  \n "])
async def test_stars_alone_are_a_review(
    client: httpx.AsyncClient, author: SignedInPerson, text: str | None
) -> None:
    await written(client, author, text=text)

    assert (await my_only(client, author))["submitted"]["text"] is None


async def test_a_month_is_the_one_in_vietnam(
    client: httpx.AsyncClient, services: Services, two_places: None, clock: MovableClock
) -> None:
    clock.advance(days=30, hours=8)  # 31 May, 17:30 UTC: 1 June in Vietnam
    author = await a_visitor(client, services, "author")

    result = await write(client, author, visitedOn="2026-06")

    assert result["__typename"] == "WriteReviewSuccess"


async def test_nobody_writes_without_an_account(
    client: httpx.AsyncClient, two_places: None, store: Store
) -> None:
    refused = await write(client, None)

    assert refused["code"] == "NOT_SIGNED_IN"
    assert await store[REVIEWS].count({}) == 0


async def test_so_many_a_day_and_no_more(
    client: httpx.AsyncClient, services: Services, author: SignedInPerson, clock: MovableClock
) -> None:
    for number in range(WRITTEN_A_DAY.times):
        await written(client, author, text=f"Version {number}.")

    refused = await write(client, author, text="One more.")

    assert refused["code"] == "TOO_MANY_REQUESTS"
    assert 0 < refused["retryAfter"] <= 2 * 86_400
    assert (await my_only(client, author))["submitted"]["text"] == "Version 19."
    clock.advance(days=2)
    later = await a_visitor(client, services, "author")
    assert (await write(client, later, text="One more."))["__typename"] == "WriteReviewSuccess"


async def test_what_is_refused_does_not_count(
    client: httpx.AsyncClient, author: SignedInPerson
) -> None:
    for _ in range(WRITTEN_A_DAY.times + 1):
        await write(client, author, rating=9)

    assert (await write(client, author))["__typename"] == "WriteReviewSuccess"


@pytest.mark.parametrize("language", ["vi", "zh-Hans", "fr", "ko", "ja"])
async def test_refusals_are_in_the_reader_s_language(
    client: httpx.AsyncClient, author: SignedInPerson, language: str
) -> None:
    values = {
        "subjectKind": "PLACE",
        "subjectId": MARKET,
        "review": {**_SHORT, "rating": 7},
        "idempotencyKey": new_key(),
    }

    refused = await do(client, "WriteReview", values, author, language=language)

    assert "5" in refused["message"]
    assert refused["message"] != "Give 1 to 5 stars."


async def test_a_place_that_was_retired_keeps_its_review_for_the_author(
    client: httpx.AsyncClient, services: Services, author: SignedInPerson, store: Store
) -> None:
    await written(client, author)
    await TourismRepository(store).hide(MARKET)

    review = await my_only(client, author)

    assert review["subject"] == {"kind": "PLACE", "id": MARKET, "name": None}
