"""What else may be reviewed: trails and tours, and nothing that readers do not see."""

import httpx
import pytest

from api.context import Services
from api.kit.store import Store
from api.tourism.reviews.repository import REVIEWS
from api.tourism.trails.seeding import seed_trails
from tests.accounts.people import SignedInPerson
from tests.conftest import send
from tests.tourism.editing.editors import an_editor
from tests.tourism.reviews.reviewers import approve, my_only, write
from tests.tourism.trails.walks import imported

OPERATIONS = {"TRAIL": "tourism/TrailReviews", "TOUR": "guide/TourReviews"}


@pytest.mark.parametrize(
    ("kind", "subject", "name"),
    [("TRAIL", "T001", "Muong Hoa valley"), ("TOUR", "sa-pa-town", "A walk through Sa Pa town")],
)
async def test_a_trail_and_a_tour_are_reviewed_like_a_place(
    client: httpx.AsyncClient,
    store: Store,
    author: SignedInPerson,
    moderator: SignedInPerson,
    kind: str,
    subject: str,
    name: str,
) -> None:
    await seed_trails(store)
    result = await write(client, author, subject, kind=kind)
    await approve(client, moderator, result["review"]["id"])

    (shown,) = (await send(client, OPERATIONS[kind], {"id": subject})).values()

    assert (shown["rating"]["average"], shown["rating"]["count"]) == (4.0, 1)
    assert shown["reviews"]["edges"][0]["node"]["text"] == "Come before nine, bring cash."
    told = (await my_only(client, author))["subject"]
    assert (told["kind"], told["id"]) == (kind, subject)
    assert told["name"]["text"].startswith(name)


@pytest.mark.parametrize(
    ("kind", "subject"),
    [("TRAIL", "T999"), ("TOUR", "no-tour"), ("TRAIL", "P1"), ("TOUR", "P1"), ("PLACE", "T001")],
)
async def test_what_is_not_there_cannot_be_reviewed(
    client: httpx.AsyncClient, store: Store, author: SignedInPerson, kind: str, subject: str
) -> None:
    await seed_trails(store)

    refused = await write(client, author, subject, kind=kind)

    assert refused["code"] == "NOT_FOUND"
    assert await store[REVIEWS].count({}) == 0


async def test_a_trail_that_was_withdrawn_cannot_be_reviewed(
    client: httpx.AsyncClient, services: Services, author: SignedInPerson
) -> None:
    from tests.accounts.people import new_key
    from tests.tourism.closures.ways_to_close import edit

    editor = await an_editor(client, services)
    trail = await imported(client, editor)
    withdrawal = {"id": trail["id"], "expectedVersion": 1, "idempotencyKey": new_key()}
    await edit(client, "WithdrawTrail", withdrawal, editor)

    refused = await write(client, author, trail["id"], kind="TRAIL")

    assert refused["code"] == "NOT_FOUND"
