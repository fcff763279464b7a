"""Products, purchases, passes and uses in the store."""

from collections.abc import Collection, Sequence
from datetime import datetime

from api.kit.ids import is_id
from api.kit.store import CollectionSpec, Index, Store
from api.tourist_cards.documents import (
    pass_document,
    pass_of,
    product_document,
    product_of,
    purchase_document,
    purchase_of,
    use_document,
    use_of,
)
from api.tourist_cards.errors import ChangedMeanwhile, PassNotFound
from api.tourist_cards.passes import Pass, Purchase
from api.tourist_cards.products import Product, SaleState
from api.tourist_cards.usage import PassUse

PRODUCTS = CollectionSpec("card_products", (Index(("state", "price_dong")),))
PURCHASES = CollectionSpec("card_purchases", (Index(("buyer_id",)),))
PASSES = CollectionSpec(
    "card_passes",
    (
        Index(("holder_id", "bought_at")),
        Index(("purchase_id",)),
        Index(("offer.code_hash",)),
    ),
)
PASS_USES = CollectionSpec("card_pass_uses", (Index(("pass_id", "at")),))

CARD_COLLECTIONS = (PRODUCTS, PURCHASES, PASSES, PASS_USES)


class CardRepository:
    """All queries of the slice. What replaces a version raises ChangedMeanwhile when another was faster."""

    def __init__(self, store: Store) -> None:
        self._products = store[PRODUCTS]
        self._purchases = store[PURCHASES]
        self._passes = store[PASSES]
        self._uses = store[PASS_USES]

    async def product(self, product_id: str) -> Product | None:
        document = await self._products.get(product_id)
        return product_of(document) if document else None

    async def add_product(self, product: Product) -> None:
        await self._products.insert(product_document(product))

    async def replace_product(self, product: Product) -> Product:
        stored = await self._products.replace_if_version(product_document(product), product.version)
        if stored is None:
            raise ChangedMeanwhile
        return product_of(stored)

    async def products(
        self, state: SaleState | None, after: Sequence[int | str] | None, limit: int
    ) -> list[Product]:
        """Return products of a state, all without one, the cheapest first, behind `after` (price, id)."""
        found = await self._products.find(
            {"state": state.value} if state else {},
            sort=(("price_dong", 1),),
            after=after,
            limit=limit,
        )
        return list(map(product_of, found))

    async def add_purchase(self, purchase: Purchase, passes: Sequence[Pass]) -> None:
        await self._purchases.insert(purchase_document(purchase))
        await self._passes.insert_many([pass_document(it) for it in passes])

    async def purchase(self, purchase_id: str) -> Purchase | None:
        document = await self._purchases.get(purchase_id)
        return purchase_of(document) if document else None

    async def purchases(self, purchase_ids: Collection[str]) -> dict[str, Purchase]:
        found = await self._purchases.get_many(sorted(purchase_ids))
        return {purchase_id: purchase_of(it) for purchase_id, it in found.items()}

    async def purchases_of(self, buyer_id: str) -> list[Purchase]:
        return list(map(purchase_of, await self._purchases.find({"buyer_id": buyer_id})))

    async def replace_purchase(self, purchase: Purchase) -> None:
        document = purchase_document(purchase)
        if await self._purchases.replace_if_version(document, purchase.version) is None:
            raise ChangedMeanwhile

    async def held(self, pass_id: str) -> Pass | None:
        document = await self._passes.get(pass_id)
        return pass_of(document) if document else None

    async def own(self, person_id: str, pass_id: str) -> Pass:
        """Return a pass to who holds it. Raises PassNotFound to everybody else."""
        held = await self.held(pass_id) if is_id(pass_id) else None
        if held is None or held.holder_id != person_id:
            raise PassNotFound
        return held

    async def passes_of_purchase(self, purchase_id: str) -> list[Pass]:
        return (await self.passes_of_purchases([purchase_id]))[purchase_id]

    async def passes_of_purchases(self, purchase_ids: Collection[str]) -> dict[str, list[Pass]]:
        """Return the passes of each purchase, in the order of their ids."""
        asked = {"purchase_id": {"$in": sorted(purchase_ids)}}
        passes: dict[str, list[Pass]] = {purchase_id: [] for purchase_id in purchase_ids}
        for document in await self._passes.find(asked, sort=(("_id", 1),)):
            passes[document["purchase_id"]].append(pass_of(document))
        return passes

    async def passes_of(
        self, holder_id: str, after: Sequence[datetime | str] | None, limit: int
    ) -> list[Pass]:
        """Return whose passes somebody holds, the latest bought first, behind `after` (bought, id)."""
        found = await self._passes.find(
            {"holder_id": holder_id}, sort=(("bought_at", -1),), after=after, limit=limit
        )
        return list(map(pass_of, found))

    async def all_passes_of(self, holder_id: str) -> list[Pass]:
        return list(map(pass_of, await self._passes.find({"holder_id": holder_id})))

    async def count_unused(self, holder_id: str, bought_after: datetime) -> int:
        return await self._passes.count(
            {
                "holder_id": holder_id,
                "first_use": None,
                "is_refunded": False,
                "bought_at": {"$gt": bought_after},
            }
        )

    async def offered(self, code_hash: str) -> Pass | None:
        document = await self._passes.find_one({"offer.code_hash": code_hash})
        return pass_of(document) if document else None

    async def replace_pass(self, held: Pass) -> Pass:
        stored = await self._passes.replace_if_version(pass_document(held), held.version)
        if stored is None:
            raise ChangedMeanwhile
        return pass_of(stored)

    async def uses_of(self, pass_id: str) -> list[PassUse]:
        return (await self.uses_of_all([pass_id]))[pass_id]

    async def uses_of_all(self, pass_ids: Collection[str]) -> dict[str, list[PassUse]]:
        """Return the uses of each pass."""
        uses: dict[str, list[PassUse]] = {pass_id: [] for pass_id in pass_ids}
        for document in await self._uses.find({"pass_id": {"$in": sorted(pass_ids)}}):
            uses[document["pass_id"]].append(use_of(document))
        return uses

    async def add_use(self, pass_id: str, use: PassUse) -> None:
        await self._uses.insert(use_document(pass_id, use))

    async def make_nobodys(self, person_id: str) -> None:
        """Keep what the books need of somebody's purchases, without the somebody."""
        await self._purchases.update_many({"buyer_id": person_id}, {"$set": {"buyer_id": None}})
        await self._passes.update_many(
            {"holder_id": person_id},
            {"$set": {"holder_id": None, "offer": None}, "$inc": {"version": 1}},
        )
