"""Authors appeal, readers report, editors reply: what comes back to the queue, and what stays shown."""

import httpx
import pytest

from api.context import Services
from api.kit.store import Store
from api.tourism.reviews.repository import REVIEWS
from tests.accounts.people import SignedInPerson, new_key
from tests.accounts.staff import noted
from tests.tourism.editing.editors import an_editor
from tests.tourism.reviews.reviewers import (
    a_visitor,
    approve,
    approved,
    change,
    do,
    my_only,
    queue,
    refuse,
    report,
    seen,
    written,
)


async def test_an_appeal_goes_to_another_moderator(
    client: httpx.AsyncClient,
    author: SignedInPerson,
    moderator: SignedInPerson,
    colleague: SignedInPerson,
) -> None:
    review_id = await written(client, author)
    await refuse(client, moderator, review_id)
    values = {"id": review_id, "text": "I was there!"}

    appealed = await do(client, "AppealReview", values, author)

    assert not appealed["review"]["canAppeal"]
    assert await queue(client, moderator) == []
    assert (await approve(client, moderator, review_id))["code"] == "NOT_ALLOWED"
    (item,) = await queue(client, colleague)
    assert (item["waitsFor"], item["appeal"]) == ("APPEALED", "I was there!")
    assert await seen(client) == []
    await approve(client, colleague, review_id)
    assert [one["id"] for one in await seen(client)] == [review_id]


async def test_an_appeal_sent_twice_is_one(
    client: httpx.AsyncClient, author: SignedInPerson, moderator: SignedInPerson
) -> None:
    review_id = await written(client, author)
    await refuse(client, moderator, review_id)
    first = await do(client, "AppealReview", {"id": review_id}, author)

    again = await do(client, "AppealReview", {"id": review_id}, author)

    assert again == first


async def test_one_appeal_a_review(
    client: httpx.AsyncClient,
    author: SignedInPerson,
    moderator: SignedInPerson,
    colleague: SignedInPerson,
    store: Store,
) -> None:
    review_id = await written(client, author)
    await refuse(client, moderator, review_id)
    await do(client, "AppealReview", {"id": review_id}, author)
    await refuse(client, colleague, review_id)
    before = await store[REVIEWS].find({})

    refused = await do(client, "AppealReview", {"id": review_id}, author)

    assert refused["code"] == "NOTHING_TO_APPEAL"
    assert await store[REVIEWS].find({}) == before


async def test_what_was_not_refused_cannot_be_appealed_against(
    client: httpx.AsyncClient, author: SignedInPerson
) -> None:
    review_id = await written(client, author)

    refused = await do(client, "AppealReview", {"id": review_id}, author)

    assert refused["code"] == "NOTHING_TO_APPEAL"


async def test_a_reported_review_is_shown_until_a_moderator_takes_it_down(
    client: httpx.AsyncClient, services: Services, author: SignedInPerson, moderator: SignedInPerson
) -> None:
    review_id = await approved(client, author, moderator)
    readers = [await a_visitor(client, services, f"reader-{number}") for number in range(3)]
    for reader in readers[:2]:
        await report(client, reader, review_id, "ABUSE")
    assert await queue(client, moderator) == []

    await report(client, readers[2], review_id, "SPAM")

    (item,) = await queue(client, moderator)
    assert item["waitsFor"] == "REPORTED"
    assert item["reports"] == [{"reason": "ABUSE", "count": 2}, {"reason": "SPAM", "count": 1}]
    assert [one["id"] for one in await seen(client)] == [review_id]
    await refuse(client, moderator, review_id, reason="ABUSE")
    assert await seen(client) == []
    assert (await my_only(client, author))["state"] == "REFUSED"


async def test_reports_without_reason_are_settled(
    client: httpx.AsyncClient,
    author: SignedInPerson,
    reader: SignedInPerson,
    moderator: SignedInPerson,
) -> None:
    review_id = await approved(client, author, moderator)
    await report(client, reader, review_id, "PERSONAL_DATA")
    assert [one["waitsFor"] for one in await queue(client, moderator)] == ["REPORTED"]

    settled = await approve(client, moderator, review_id)

    assert (settled["review"]["reports"], settled["review"]["waitsFor"]) == ([], None)
    assert await queue(client, moderator) == []
    assert [one["id"] for one in await seen(client)] == [review_id]
    await report(client, reader, review_id, "PERSONAL_DATA")
    assert await queue(client, moderator) == [], "one report a person and version"


async def test_an_older_version_that_was_reported_does_not_bring_a_refused_one_back(
    client: httpx.AsyncClient,
    author: SignedInPerson,
    reader: SignedInPerson,
    moderator: SignedInPerson,
) -> None:
    review_id = await approved(client, author, moderator)
    await change(client, author, review_id, rating=1, text="Refused words.")
    await refuse(client, moderator, review_id, version=2)
    await report(client, reader, review_id, "PERSONAL_DATA")

    await approve(client, moderator, review_id, version=2)

    assert [one["rating"] for one in await seen(client)] == [4]
    assert (await my_only(client, author))["state"] == "REFUSED"


@pytest.mark.parametrize("reason", ["SPAM", "PERSONAL_DATA"])
async def test_what_is_not_shown_cannot_be_reported(
    client: httpx.AsyncClient, author: SignedInPerson, reader: SignedInPerson, reason: str
) -> None:
    review_id = await written(client, author)

    assert (await report(client, reader, review_id, reason))["code"] == "NOT_FOUND"
    assert (await report(client, None, review_id, reason))["code"] == "NOT_SIGNED_IN"
    assert (await report(client, author, review_id, reason))["code"] == "NOT_ALLOWED"


async def test_an_editor_replies_beneath_what_is_shown(
    client: httpx.AsyncClient, services: Services, author: SignedInPerson, moderator: SignedInPerson
) -> None:
    editor = await an_editor(client, services)
    review_id = await approved(client, author, moderator)
    values = {
        "id": review_id,
        "text": "Thank you!",
        "language": "en",
        "idempotencyKey": new_key(),
    }

    replied = await do(client, "ReplyToReview", values, editor)

    reply = {"text": "Thank you!", "language": "en", "at": "2026-05-01T09:30:00+00:00"}
    assert replied["review"]["reply"] == reply
    assert (await seen(client))[0]["reply"] == reply
    assert len(await noted(services, "review.replied")) == 1
    refused = await do(client, "ReplyToReview", {**values, "idempotencyKey": new_key()}, moderator)
    assert refused["code"] == "NOT_ALLOWED"
    without = {**values, "text": None, "idempotencyKey": new_key()}
    await do(client, "ReplyToReview", without, editor)
    assert (await seen(client))[0]["reply"] is None
