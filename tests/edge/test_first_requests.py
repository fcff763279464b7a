"""What the first requests need is there before they come."""

import pytest

from api.context import Services
from api.first_requests import prepare_for_requests
from api.guide.search.service import SearchQuery
from api.kit.search.catalog import SearchCatalog
from api.tourism.gazetteer import Gazetteer
from api.tourism.seeding import seed


async def test_first_requests_index_nothing(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    await seed(services.store, lambda _done, _total: None)
    await prepare_for_requests(services)

    def indexed(*_: object) -> None:
        raise AssertionError("indexed again")

    monkeypatch.setattr(SearchCatalog, "of", indexed)
    monkeypatch.setattr(Gazetteer, "of", indexed)
    query = SearchQuery("cho bac ha")
    found = await services.guide.search.search(query, "vi", first=1, after=None)
    communes = await services.tourism.places.communes_known()

    assert [it.document.key for it in found.items] == ["place:P055"]
    assert len(communes) == 99


async def test_a_store_without_a_province_is_no_reason_not_to_start(services: Services) -> None:
    await prepare_for_requests(services)

    assert await services.tourism.places.all_places() == ()
