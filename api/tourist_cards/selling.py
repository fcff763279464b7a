"""The catalog: what is on sale, and the staff who price, put on sale and withdraw it."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any, Protocol

from api.accounts.caller import PROVINCE, Caller, Grant, Role
from api.kit.audit_log import AuditEntry, AuditLog, Details
from api.kit.idempotency import Idempotency
from api.kit.pages import Listing, Page, checked_first
from api.tourist_cards.documents import product_document
from api.tourist_cards.errors import ChangedMeanwhile, InvalidProduct, ProductNotFound
from api.tourist_cards.products import UNKNOWN_PLACE, Product, SaleState, check_product
from api.tourist_cards.repository import CardRepository

_BY_PRICE = Listing("cardProducts", (int, str))
_RIGHT = str(Grant(Role.ADMINISTRATOR, PROVINCE))


class KnownPlaces(Protocol):
    """Implemented by api.tourism's service."""

    async def places_known(self, place_ids: Collection[str]) -> Mapping[str, Any]:
        """Return those of these places that there are, by id."""
        ...


class Selling:
    def __init__(
        self,
        cards: CardRepository,
        places: KnownPlaces,
        idempotency: Idempotency,
        audit: AuditLog,
    ) -> None:
        self._cards = cards
        self._places = places
        self._idempotency = idempotency
        self._audit = audit

    async def on_sale(self, first: int, after: str | None) -> Page[Product]:
        """Return what anybody can buy, the cheapest first. Raises InvalidPageSize, InvalidCursor."""
        return await self._page(SaleState.ON_SALE, first, after)

    async def all(self, caller: Caller, first: int, after: str | None) -> Page[Product]:
        """Return drafts and withdrawn ones too. Raises NotSignedIn, NotAllowed, and what `on_sale` does."""
        caller.require(Role.ADMINISTRATOR, PROVINCE)
        return await self._page(None, first, after)

    async def product(self, product_id: str) -> Product | None:
        """Return what is or was on sale; drafts are nobody's business yet."""
        product = await self._cards.product(product_id)
        return None if product is None or product.state is SaleState.DRAFT else product

    async def put(
        self, caller: Caller, product: Product, expected_version: int | None, idempotency_key: str
    ) -> Product:
        """Add a product (no version is expected), or put it in place of that version.

        Passes that were sold keep their terms. Raises NotSignedIn, NotAllowed, InvalidProduct,
        ProductNotFound, ChangedMeanwhile and IdempotencyProblem.
        """
        person_id = caller.require(Role.ADMINISTRATOR, PROVINCE)
        check_product(product)
        await self._check_places(product)

        async def work() -> dict[str, Any]:
            await self._put(product, expected_version)
            details: Details = {"state": product.state.name, "price": product.price_dong}
            await self._audit.append(
                AuditEntry(person_id, "card_product.put", product.id, _RIGHT, details)
            )
            return {"product": product.id}

        asked = {**product_document(product), "expected": expected_version}
        await self._idempotency.once(person_id, "putCardProduct", idempotency_key, asked, work)
        return await self._known(product.id)

    async def _put(self, product: Product, expected_version: int | None) -> None:
        before = await self._cards.product(product.id)
        if expected_version is None:
            if before is not None:
                raise ChangedMeanwhile
            await self._cards.add_product(replace(product, version=1))
            return
        if before is None:
            raise ProductNotFound
        await self._cards.replace_product(replace(product, version=expected_version))

    async def _check_places(self, product: Product) -> None:
        wanted = product.terms.place_ids()
        if set(wanted) - set(await self._places.places_known(wanted)):
            raise InvalidProduct(field="entitlements.placeIds", reason=UNKNOWN_PLACE)

    async def _known(self, product_id: str) -> Product:
        product = await self._cards.product(product_id)
        if product is None:
            raise ProductNotFound
        return product

    async def _page(self, state: SaleState | None, first: int, after: str | None) -> Page[Product]:
        checked_first(first)
        found = await self._cards.products(state, _BY_PRICE.values(after), first + 1)
        return _BY_PRICE.page(
            found, first=first, after=after, values=lambda it: (it.price_dong, it.id)
        )
