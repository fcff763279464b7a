"""Ratings in JSON-LD: those of shown reviews, and another entity tag with each."""

from typing import Any

import httpx

from api.kit.store import Store
from api.tourism.reviews.ratings import RatingRepository
from api.tourism.reviews.records import Subject, SubjectKind

ONE, ALL = "/tourism/v1/places/P055.jsonld", "/tourism/v1/places.jsonld"


async def rate(store: Store, *stars: int, kind: SubjectKind = SubjectKind.PLACE) -> None:
    for one in stars:
        await RatingRepository(store).move(Subject(kind, "P055"), None, one)


def of_bac_ha(document: dict[str, Any]) -> dict[str, Any]:
    (node,) = (it for it in document["@graph"] if it.get("identifier") == "P055")
    return dict(node)


async def test_a_rating_stands_in_the_documents(
    client: httpx.AsyncClient, store: Store, province: None
) -> None:
    await rate(store, 5, 4, 4)

    one, all_ = [of_bac_ha((await client.get(it)).json()) for it in (ONE, ALL)]

    assert one["aggregateRating"] == {
        "@type": "AggregateRating",
        "ratingValue": "4.3",
        "reviewCount": 3,
        "bestRating": "5",
        "worstRating": "1",
    }
    assert all_ == one


async def test_a_place_without_a_review_has_none(
    client: httpx.AsyncClient, store: Store, province: None
) -> None:
    await rate(store, 5)
    await RatingRepository(store).move(Subject(SubjectKind.PLACE, "P055"), 5, None)
    await rate(store, 1, kind=SubjectKind.TOUR)

    assert "aggregateRating" not in of_bac_ha((await client.get(ONE)).json())


async def test_a_new_rating_is_another_version(
    client: httpx.AsyncClient, store: Store, province: None
) -> None:
    before = {it: (await client.get(it)).headers["etag"] for it in (ONE, ALL)}
    geojson = (await client.get("/tourism/v1/places.geojson")).headers["etag"]

    await rate(store, 3)

    for address, tag in before.items():
        again = await client.get(address, headers={"if-none-match": tag})
        assert (again.status_code, again.headers["etag"] == tag) == (200, False)
    unchanged = await client.get("/tourism/v1/places.geojson", headers={"if-none-match": geojson})
    assert unchanged.status_code == 304
