"""What readers see: in their order, in the languages they read, page by page."""

from collections.abc import Sequence

import httpx
import pytest

from api.context import Services
from api.tourism.reviews.ratings import Rating, RatingRepository
from api.tourism.reviews.records import Subject
from tests.accounts.people import SignedInPerson
from tests.conftest import MovableClock, send_raw
from tests.tourism.content import nodes
from tests.tourism.reviews.reviewers import LAKE, MARKET, a_visitor, approved, ask, seen


@pytest.fixture
async def five_reviews(
    client: httpx.AsyncClient, services: Services, moderator: SignedInPerson, clock: MovableClock
) -> None:
    """By five people, a second apart, of 3, 5, 1, 5 and 3 stars."""
    said = [(3, "vi"), (5, "en"), (1, "en-GB"), (5, "zh-Hans"), (3, "de")]
    for number, (stars, language) in enumerate(said):
        author = await a_visitor(client, services, f"author-{number}")
        await approved(
            client, author, moderator, rating=stars, language=language, text=f"Review {number}."
        )
        clock.advance(seconds=1)


@pytest.mark.parametrize(
    ("order", "expected"),
    [("NEWEST", "43210"), ("HIGHEST", "31402"), ("LOWEST", "24031")],
)
async def test_the_order_is_the_one_asked_for(
    client: httpx.AsyncClient, five_reviews: None, order: str, expected: str
) -> None:
    numbers = [one["text"][7] for one in await seen(client, order=order)]

    assert "".join(numbers) == expected


@pytest.mark.parametrize("order", ["NEWEST", "HIGHEST", "LOWEST"])
async def test_pages_follow_each_other_without_a_gap(
    client: httpx.AsyncClient, five_reviews: None, order: str
) -> None:
    whole = [one["id"] for one in await seen(client, order=order)]
    found: list[str] = []
    after = None
    while True:
        asked = {"id": MARKET, "first": 2, "after": after, "order": order}
        page = (await ask(client, "PlaceReviews", asked))["reviews"]
        found += [node["id"] for node in nodes(page)]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break

    assert found == whole
    assert len({*found}) == 5


@pytest.mark.parametrize(
    ("languages", "expected"),
    [
        (None, "43210"),
        ([], "43210"),
        (["en"], "21"),
        (["EN-gb"], "2"),
        (["zh"], "3"),
        (["vi", "de"], "40"),
        (["fr"], ""),
    ],
)
async def test_only_what_the_reader_reads(
    client: httpx.AsyncClient, five_reviews: None, languages: list[str] | None, expected: str
) -> None:
    numbers = [one["text"][7] for one in await seen(client, languages=languages)]

    assert "".join(numbers) == expected


async def test_the_average_has_one_decimal(client: httpx.AsyncClient, five_reviews: None) -> None:
    place = await ask(client, "PlaceReviews", {"id": MARKET})

    assert place["rating"] == {"average": 3.4, "count": 5, "histogram": [1, 0, 2, 0, 2]}


@pytest.mark.parametrize(
    ("variables", "code"),
    [
        ({"first": 0}, "INVALID_PAGE_SIZE"),
        ({"first": 101}, "INVALID_PAGE_SIZE"),
        ({"after": "nonsense"}, "INVALID_CURSOR"),
        ({"languages": ["not a language"]}, "INVALID_REVIEW"),
        ({"languages": ["en"] * 21}, "INVALID_REVIEW"),
    ],
)
async def test_what_cannot_be_asked_is_refused(
    client: httpx.AsyncClient, two_places: None, variables: dict[str, object], code: str
) -> None:
    reply = await send_raw(client, "tourism/PlaceReviews", {"id": MARKET, **variables})

    assert reply.json()["errors"][0]["extensions"]["code"] == code


async def test_a_cursor_of_one_order_means_nothing_in_another(
    client: httpx.AsyncClient, five_reviews: None
) -> None:
    page = await ask(client, "PlaceReviews", {"id": MARKET, "first": 1})
    asked = {"id": MARKET, "after": page["reviews"]["pageInfo"]["endCursor"], "order": "HIGHEST"}

    reply = await send_raw(client, "tourism/PlaceReviews", asked)

    assert reply.json()["errors"][0]["extensions"]["code"] == "INVALID_CURSOR"


async def test_ratings_of_a_page_of_places_come_in_one_query(
    client: httpx.AsyncClient, five_reviews: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[list[str]] = []
    of = RatingRepository.of

    async def counted(self: RatingRepository, subjects: Sequence[Subject]) -> list[Rating]:
        asked.append(sorted(map(str, subjects)))
        return await of(self, subjects)

    monkeypatch.setattr(RatingRepository, "of", counted)

    page = await ask(client, "PlaceRatings", {})

    assert [node["rating"]["count"] for node in nodes(page)] == [5, 0]
    assert asked == [[f"place:{MARKET}", f"place:{LAKE}"]]
