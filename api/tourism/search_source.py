"""Places, hospitals and communes for the one search."""

from collections.abc import Mapping, Sequence

from api.kit.search.documents import SearchDocument
from api.kit.store import Store
from api.tourism.labels import CATEGORY_LABELS, COMMUNE_KIND_LABELS
from api.tourism.records import Commune, Place
from api.tourism.repository import TourismRepository
from api.tourism.search_entries import commune_entry, place_entry

_HOSPITAL = "hospital"


class PlaceSearch:
    """A SearchSource. Its version is that of the content, which every change of a place renews."""

    def __init__(self, store: Store) -> None:
        self._repository = TourismRepository(store)

    async def search_version(self) -> str | None:
        return await self._repository.content_version()

    async def search_documents(self) -> Sequence[SearchDocument]:
        content = await self._repository.content()
        communes = {commune.code: commune for commune in content.communes}
        places = [_of_place(place, communes) for place in content.places]
        return [*places, *map(_of_commune, content.communes)]


def _of_place(place: Place, communes: Mapping[str, Commune]) -> SearchDocument:
    commune = communes.get(place.commune_code or "")
    return SearchDocument(
        kind=_HOSPITAL if place.category == _HOSPITAL else "place",
        id=place.id,
        entry=place_entry(place, commune),
        names=place.names,
        label=CATEGORY_LABELS[place.category],
        position=place.position,
        summary=place.descriptions,
        around=commune.names if commune else None,
    )


def _of_commune(commune: Commune) -> SearchDocument:
    return SearchDocument(
        kind="commune",
        id=commune.code,
        entry=commune_entry(commune),
        names=commune.names,
        label=COMMUNE_KIND_LABELS[commune.kind],
        position=commune.position,
    )
