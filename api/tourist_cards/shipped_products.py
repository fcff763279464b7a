"""Loads data/products.json: cards as they might be sold, for the province to price and to put on sale.

No operator has agreed to any of them. So they come as drafts; only development sells them at once.
"""

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from api.kit.store import Store
from api.kit.transactions import transact
from api.tourist_cards.errors import InvalidProduct
from api.tourist_cards.products import AgeGroup, Product, SaleState, check_product
from api.tourist_cards.repository import CardRepository
from api.tourist_cards.terms import (
    CalendarDays,
    Entitlement,
    EntitlementKind,
    RefundRule,
    RollingHours,
    Terms,
)

SHIPPED_PRODUCTS = Path(__file__).with_name("data") / "products.json"


async def seed_products(store: Store, *, is_on_sale: bool, file: Path = SHIPPED_PRODUCTS) -> int:
    """Add the products that the store does not have; return how many. Raises InvalidProduct.

    What is there stays: staff price and withdraw it.
    """
    state = SaleState.ON_SALE if is_on_sale else SaleState.DRAFT
    shipped = read_products(file, state)
    cards = CardRepository(store)

    async def work() -> int:
        missing = [it for it in shipped if await cards.product(it.id) is None]
        for product in missing:
            await cards.add_product(product)
        return len(missing)

    return await transact(store, work)


def read_products(file: Path, state: SaleState) -> list[Product]:
    """Read and check the file. Raises InvalidProduct, which names the part that is wrong."""
    try:
        rows = _ProductsFile.model_validate_json(file.read_bytes()).products
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise InvalidProduct(field=where, reason=first["msg"]) from error
    products = [row.product(state) for row in rows]
    for product in products:
        check_product(product)
    return products


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _RollingRow(_Row):
    rolling_hours: int

    def validity(self) -> RollingHours:
        return RollingHours(self.rolling_hours)


class _CalendarRow(_Row):
    calendar_days: int

    def validity(self) -> CalendarDays:
        return CalendarDays(self.calendar_days)


class _EntitlementRow(_Row):
    id: str
    kind: EntitlementKind
    names: dict[str, str]
    place_ids: list[str]
    uses: int | None
    uses_per_day: int | None
    uses_per_place: int | None
    minutes_between: int
    discount_percent: int | None

    def entitlement(self) -> Entitlement:
        return Entitlement(
            id=self.id,
            kind=self.kind,
            names=self.names,
            place_ids=tuple(self.place_ids),
            uses=self.uses,
            uses_per_day=self.uses_per_day,
            uses_per_place=self.uses_per_place,
            minutes_between=self.minutes_between,
            discount_percent=self.discount_percent,
        )


class _ProductRow(_Row):
    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
    names: dict[str, str]
    descriptions: dict[str, str]
    price_dong: int
    people: list[AgeGroup]
    validity: _RollingRow | _CalendarRow
    entitlements: list[_EntitlementRow]
    whole_refund_days: int
    refund_fee_percent: int

    def product(self, state: SaleState) -> Product:
        return Product(
            id=self.id,
            names=self.names,
            descriptions=self.descriptions,
            price_dong=self.price_dong,
            people=tuple(self.people),
            terms=Terms(
                self.validity.validity(),
                tuple(it.entitlement() for it in self.entitlements),
                RefundRule(self.whole_refund_days, self.refund_fee_percent),
            ),
            state=state,
        )


class _ProductsFile(_Row):
    products: list[_ProductRow]
