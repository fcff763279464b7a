"""Moderators claim and decide; one decides, and nobody on what is their own."""

import httpx
import pytest

from api.context import Services
from api.kit.store import Store
from api.tourism.reviews.ratings import REVIEW_RATINGS
from tests.accounts.people import Answer, SignedInPerson, new_key, signed_in
from tests.accounts.staff import noted, refusal
from tests.conftest import MovableClock
from tests.tourism.reviews.reviewers import (
    LAKE,
    a_moderator,
    approve,
    approved,
    ask,
    change,
    do,
    my_only,
    queue,
    rating,
    refuse,
    seen,
    write,
    written,
)


async def claim(client: httpx.AsyncClient, moderator: SignedInPerson, review_id: str) -> Answer:
    return await do(client, "ClaimReview", {"id": review_id}, moderator)


async def test_the_longest_wait_is_first(
    client: httpx.AsyncClient,
    author: SignedInPerson,
    reader: SignedInPerson,
    moderator: SignedInPerson,
    clock: MovableClock,
) -> None:
    first = await written(client, author)
    clock.advance(seconds=1)
    second = await written(client, reader)
    clock.advance(seconds=1)
    third = await written(client, author, LAKE)

    assert [one["id"] for one in await queue(client, moderator)] == [first, second, third]


async def test_pages_of_the_queue_follow_each_other(
    client: httpx.AsyncClient,
    author: SignedInPerson,
    reader: SignedInPerson,
    moderator: SignedInPerson,
) -> None:
    waiting = {await written(client, author), await written(client, reader)}
    page = await ask(client, "ModerationQueue", {"first": 1}, moderator)
    after = page["pageInfo"]["endCursor"]

    rest = await ask(client, "ModerationQueue", {"first": 1, "after": after}, moderator)

    assert page["pageInfo"]["hasNextPage"]
    assert not rest["pageInfo"]["hasNextPage"]
    assert {one["edges"][0]["node"]["id"] for one in (page, rest)} == waiting


async def test_a_moderator_sees_what_it_is_about_and_not_whose(
    client: httpx.AsyncClient, author: SignedInPerson, moderator: SignedInPerson
) -> None:
    await write(client, author, text="Gọi tôi: 0912 345 678, www.tour-sapa.vn", displayName="Hà")

    (item,) = await queue(client, moderator)

    assert item["waitsFor"] == "NEW"
    assert item["subject"]["name"]["text"] == "Bac Ha market"
    assert item["submitted"]["displayName"] == "Hà"
    assert item["notices"] == ["LINK", "PHONE"]
    assert not [name for name in item if "person" in name.lower()]


async def test_reading_the_queue_and_deciding_is_in_the_audit_log(
    client: httpx.AsyncClient,
    services: Services,
    author: SignedInPerson,
    moderator: SignedInPerson,
) -> None:
    review_id = await written(client, author)
    await queue(client, moderator)

    await refuse(client, moderator, review_id, reason="SPAM")

    (read,) = await noted(services, "reviews.read_queue")
    assert read.details == {"part": "free", "found": 1}
    (decided,) = await noted(services, "review.refused")
    assert (decided.subject, decided.scope) == (review_id, "moderator province")
    assert decided.details == {
        "version": 1,
        "fault": "spam",
        "takes_down": False,
        "waited_for": "new",
    }


async def test_what_is_claimed_is_nobody_else_s(
    client: httpx.AsyncClient,
    author: SignedInPerson,
    moderator: SignedInPerson,
    colleague: SignedInPerson,
) -> None:
    review_id = await written(client, author)

    claimed = await claim(client, moderator, review_id)

    assert claimed["review"]["isClaimedByYou"]
    assert claimed["review"]["claimedUntil"] == "2026-05-01T09:45:00+00:00"
    assert await queue(client, moderator) == []
    assert [one["id"] for one in await queue(client, moderator, "MINE")] == [review_id]
    assert [one["id"] for one in await queue(client, colleague, "CLAIMED")] == [review_id]
    assert await queue(client, colleague) == []
    refused = await claim(client, colleague, review_id)
    assert refused["__typename"] == "ReviewConflictError"
    assert not refused["review"]["isClaimedByYou"]


async def test_what_another_claimed_cannot_be_decided_on(
    client: httpx.AsyncClient,
    author: SignedInPerson,
    moderator: SignedInPerson,
    colleague: SignedInPerson,
) -> None:
    review_id = await written(client, author)
    await claim(client, moderator, review_id)

    refused = await approve(client, colleague, review_id)

    assert (refused["__typename"], refused["code"]) == ("ReviewConflictError", "EDIT_CONFLICT")
    assert refused["review"]["state"] == "PENDING"
    assert await seen(client) == []


async def test_a_claim_ends_by_itself(
    client: httpx.AsyncClient,
    author: SignedInPerson,
    services: Services,
    moderator: SignedInPerson,
    clock: MovableClock,
) -> None:
    review_id = await written(client, author)
    await claim(client, moderator, review_id)
    clock.advance(minutes=15)
    colleague = await a_moderator(client, services)

    claimed = await claim(client, colleague, review_id)

    assert claimed["__typename"] == "ClaimReviewSuccess"
    moderator = await signed_in(client, services, moderator.address)
    assert await queue(client, moderator, "MINE") == []


async def test_a_claim_is_given_back(
    client: httpx.AsyncClient,
    author: SignedInPerson,
    moderator: SignedInPerson,
    colleague: SignedInPerson,
) -> None:
    review_id = await written(client, author)
    await claim(client, moderator, review_id)
    await do(client, "ReleaseReview", {"id": review_id}, colleague)  # not hers to give
    assert await queue(client, colleague) == []

    await do(client, "ReleaseReview", {"id": review_id}, moderator)

    assert [one["id"] for one in await queue(client, colleague)] == [review_id]


async def test_a_second_decision_is_told_what_holds_now(
    client: httpx.AsyncClient,
    author: SignedInPerson,
    moderator: SignedInPerson,
    colleague: SignedInPerson,
) -> None:
    review_id = await written(client, author)
    await refuse(client, moderator, review_id, reason="ABUSE")

    late = await approve(client, colleague, review_id)

    assert late["__typename"] == "ReviewConflictError"
    assert (late["review"]["state"], late["review"]["waitsFor"]) == ("REFUSED", None)
    assert late["review"]["refusal"]["code"] == "ABUSE"
    assert await seen(client) == []


async def test_a_version_that_nobody_saw_cannot_be_approved(
    client: httpx.AsyncClient, author: SignedInPerson, moderator: SignedInPerson
) -> None:
    review_id = await written(client, author)
    await claim(client, moderator, review_id)
    await change(client, author, review_id, text="Something else altogether.")

    late = await approve(client, moderator, review_id, version=1)

    assert late["__typename"] == "ReviewConflictError"
    assert late["review"]["submitted"]["number"] == 2
    assert late["review"]["claimedUntil"] is None
    assert await seen(client) == []


async def test_the_same_decision_sent_again_answers_the_same(
    client: httpx.AsyncClient, services: Services, author: SignedInPerson, moderator: SignedInPerson
) -> None:
    review_id, key = await written(client, author), new_key()
    first = await approve(client, moderator, review_id, key=key)

    again = await approve(client, moderator, review_id, key=key)

    assert again == first
    assert (await rating(client))["count"] == 1
    assert len(await noted(services, "review.approved")) == 1


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "It is not about a visit to this place."),
        ("fr", "Il ne parle pas d’une visite de ce lieu."),
        ("zh-Hans", "内容与到访此地无关。"),
    ],
)
async def test_the_author_is_told_why(
    client: httpx.AsyncClient,
    author: SignedInPerson,
    moderator: SignedInPerson,
    language: str,
    words: str,
) -> None:
    review_id = await written(client, author)

    await refuse(client, moderator, review_id, note="This is about a bus.")

    review = await my_only(client, author, language=language)
    assert review["state"] == "REFUSED"
    assert review["refusal"] == {
        "code": "OFF_TOPIC",
        "message": words,
        "note": "This is about a bus.",
        "at": "2026-05-01T09:30:00+00:00",
    }


@pytest.mark.parametrize("note", [None, " ", "n" * 501, "bell \x07"])
async def test_another_reason_needs_a_note_that_can_be_read(
    client: httpx.AsyncClient, author: SignedInPerson, moderator: SignedInPerson, note: str | None
) -> None:
    review_id = await written(client, author)

    refused = await refuse(client, moderator, review_id, reason="OTHER", note=note)

    assert (refused["code"], refused["field"]) == ("INVALID_REVIEW", "note")
    assert (await my_only(client, author))["state"] == "PENDING"


async def test_what_is_shown_is_taken_down_with_a_refused_change_when_that_is_said(
    client: httpx.AsyncClient, author: SignedInPerson, moderator: SignedInPerson
) -> None:
    review_id = await approved(client, author, moderator)
    await change(client, author, review_id, text="Call 0912 345 678")

    await refuse(client, moderator, review_id, version=2, takeDown=True)

    assert await seen(client) == []
    assert (await rating(client))["count"] == 0


@pytest.mark.parametrize("operation", ["ClaimReview", "ApproveReview", "RefuseReview"])
async def test_moderators_leave_their_own_reviews_to_others(
    client: httpx.AsyncClient, moderator: SignedInPerson, colleague: SignedInPerson, operation: str
) -> None:
    review_id = await written(client, moderator)
    values: Answer = {"id": review_id}
    if operation != "ClaimReview":
        values |= {"version": 1, "idempotencyKey": new_key()}
    if operation == "RefuseReview":
        values |= {"reason": "SPAM"}

    refused = await do(client, operation, values, moderator)

    assert refused["code"] == "NOT_ALLOWED"
    assert (await my_only(client, moderator))["state"] == "PENDING"
    assert await queue(client, moderator) == []
    assert [one["id"] for one in await queue(client, colleague)] == [review_id]


@pytest.mark.parametrize("review_id", ["a" * 26, "", "x\n", "A" * 9_000])
async def test_what_is_not_there_is_not_found(
    client: httpx.AsyncClient, moderator: SignedInPerson, review_id: str
) -> None:
    assert (await approve(client, moderator, review_id))["code"] == "NOT_FOUND"
    assert (await claim(client, moderator, review_id))["code"] == "NOT_FOUND"


async def test_the_queue_is_for_moderators(
    client: httpx.AsyncClient, author: SignedInPerson
) -> None:
    assert await refusal(client, "../tourism/ModerationQueue", {}, author) == "NOT_ALLOWED"
    assert await refusal(client, "../tourism/ModerationQueue", {}) == "NOT_SIGNED_IN"


async def test_a_rating_of_a_place_without_one_is_no_document(
    client: httpx.AsyncClient, author: SignedInPerson, store: Store
) -> None:
    await written(client, author)

    assert await store[REVIEW_RATINGS].count({}) == 0
