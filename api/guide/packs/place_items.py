"""Places, their markets and communes as items of a pack."""

from collections.abc import Callable, Iterable, Iterator

from api.guide.packs.items import PackItem, point, told
from api.guide.packs.scope import PackAreaKind, PackScope
from api.kit.store import Store, WriteConflict
from api.tourism.content_files import Content
from api.tourism.labels import CATEGORY_LABELS, COMMUNE_KIND_LABELS, WIFI_LABELS
from api.tourism.records import Commune, Market, Place, PlaceCategory, Steps, Wifi
from api.tourism.repository import TourismRepository
from api.tourism.wifi_codes import join_code
from locales import translator

_READINGS_AT_MOST = 3


class PlaceItems:
    """A PackSource. Hospitals are in every pack, wherever they lie."""

    def __init__(self, store: Store) -> None:
        self._repository = TourismRepository(store)

    async def pack_version(self) -> str:
        return await self._repository.content_version() or ""

    async def pack_items(self, scope: PackScope, language: str) -> Callable[[], Iterable[PackItem]]:
        """Read the content. Raises WriteConflict while it changes faster than it can be read."""
        content = await self._read()
        return lambda: list(_items(content, scope, language))

    async def _read(self) -> Content:
        for _ in range(_READINGS_AT_MOST):
            before = await self.pack_version()
            content = await self._repository.content()
            if await self.pack_version() == before:
                return content
        raise WriteConflict


def _items(content: Content, scope: PackScope, language: str) -> Iterator[PackItem]:
    places = [place for place in content.places if _is_wanted(place, scope)]
    ids = {place.id for place in places}
    codes = {place.commune_code for place in places} | {scope.id}
    whole = scope.kind is PackAreaKind.PROVINCE
    yield from (_place(place, language) for place in places)
    yield from (_market(it, language) for it in content.markets if it.place_id in ids)
    yield from (_commune(it, language) for it in content.communes if whole or it.code in codes)


def _is_wanted(place: Place, scope: PackScope) -> bool:
    is_hospital = place.category is PlaceCategory.HOSPITAL
    return is_hospital or scope.holds_place(place.id, place.position, place.commune_code)


def _place(place: Place, language: str) -> PackItem:
    return PackItem(
        f"place/{place.id}",
        {
            "name": told(place.names, language),
            "otherNames": list(place.other_names),
            "description": told(place.descriptions, language),
            "category": place.category.name,
            "categoryName": translator(language)(CATEGORY_LABELS[place.category]),
            "position": point(place.position),
            "positionAccuracy": place.position_accuracy_metres,
            "altitude": place.altitude_metres,
            "communeCode": place.commune_code,
            "openingHours": place.opening_hours,
            "openingNote": told(place.opening_note, language),
            "visitMinutes": place.visit_minutes,
            "phone": place.phone,
            "website": place.website,
            "confidence": place.confidence.name,
            "wifi": _wifi(place.wifi, language) if place.wifi else None,
            "steps": _steps(place.accessibility.steps),
        },
    )


def _steps(steps: Steps) -> str | None:
    return None if steps is Steps.UNKNOWN else steps.name


def _wifi(wifi: Wifi, language: str) -> dict[str, str | None]:
    instructions = translator(language)(WIFI_LABELS[wifi.access])
    return {
        "ssid": wifi.ssid,
        "access": wifi.access.name,
        "password": wifi.password,
        "instructions": instructions.format(ssid=wifi.ssid, password=wifi.password),
        "joinCode": join_code(wifi),
    }


def _market(market: Market, language: str) -> PackItem:
    return PackItem(
        f"market/{market.id}",
        {
            "name": told(market.names, language),
            "description": told(market.descriptions, language),
            "weekdays": [weekday.name for weekday in market.weekdays],
            "placeId": market.place_id,
            "confidence": market.confidence.name,
        },
    )


def _commune(commune: Commune, language: str) -> PackItem:
    return PackItem(
        f"commune/{commune.code}",
        {
            "name": told(commune.names, language),
            "kind": commune.kind.name,
            "kindName": translator(language)(COMMUNE_KIND_LABELS[commune.kind]),
            "formerNames": list(commune.former_names),
            "position": point(commune.position),
        },
    )
