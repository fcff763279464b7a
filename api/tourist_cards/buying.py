"""Buying a card and being paid back: money, passes and credentials move in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from api.accounts.caller import Caller
from api.credentials.issuing import Issuing
from api.credentials.records import TOURIST_PASSES, CredentialKind, RevocationReason
from api.kit.clock import Clock
from api.kit.idempotency import Idempotency
from api.kit.ids import derived_id, new_id
from api.tourist_cards.errors import (
    NotOnSale,
    PassNotFound,
    PassNotHeld,
    PriceChanged,
    ProductNotFound,
)
from api.tourist_cards.passes import Pass, Purchase
from api.tourist_cards.products import AgeGroup, Product, SaleState
from api.tourist_cards.refunding import refund_dong, refusal_of
from api.tourist_cards.repository import CardRepository
from api.tourist_cards.room import PassRoom
from api.tourist_cards.terms import UNUSED_FOR
from api.wallet.ledger.ledger import Ledger
from api.wallet.ledger.records import AccountKind, NewTransfer, Owner, TransferKind
from api.wallet.owners import person

SELLER = Owner("tourist_cards", "province")
"""Whose revenue the cards are."""


@dataclass(frozen=True, slots=True)
class Bought:
    """A purchase and all of its passes, in the order of the product's people."""

    purchase: Purchase
    passes: tuple[Pass, ...]


class Buying:
    def __init__(
        self,
        cards: CardRepository,
        room: PassRoom,
        ledger: Ledger,
        issuing: Issuing,
        idempotency: Idempotency,
        clock: Clock,
    ) -> None:
        self._cards = cards
        self._room = room
        self._ledger = ledger
        self._issuing = issuing
        self._idempotency = idempotency
        self._clock = clock

    async def buy(
        self, caller: Caller, product_id: str, price_dong: int, idempotency_key: str
    ) -> Bought:
        """Pay from the caller's wallet and issue a pass for each person of the product.

        `price_dong`: as the buyer was shown it. Raises NotSignedIn, ProductNotFound, NotOnSale,
        PriceChanged, TooManyPasses, IdempotencyProblem, and WalletProblem when the wallet does not pay.
        """
        person_id = caller.person()

        async def work() -> dict[str, Any]:
            product = await self._sold(product_id, price_dong)
            await self._room.take(person_id, len(product.people))
            purchase = await self._paid(person_id, product)
            passes = [await self._issued(purchase, product, it) for it in product.people]
            await self._cards.add_purchase(purchase, passes)
            return {"purchase": purchase.id}

        asked = {"product": product_id, "price": price_dong}
        result = await self._idempotency.once(person_id, "buyPass", idempotency_key, asked, work)
        return await self._bought(result["purchase"])

    async def refund(self, caller: Caller, pass_id: str, idempotency_key: str) -> Bought:
        """Pay the whole purchase of a pass back to its buyer, who holds all of it, unused.

        Raises NotSignedIn, PassNotFound, PassUsed, PassNotYoursAlone, PassNotHeld, IdempotencyProblem,
        and WalletProblem.
        """
        person_id = caller.person()

        async def work() -> dict[str, Any]:
            now = self._clock()
            purchase, passes = await self._refundable(person_id, pass_id, now)
            await self._pay_back(purchase, passes, now)
            return {"purchase": purchase.id}

        asked = {"pass": pass_id}
        result = await self._idempotency.once(person_id, "refundPass", idempotency_key, asked, work)
        return await self._bought(result["purchase"])

    async def _sold(self, product_id: str, price_dong: int) -> Product:
        product = await self._cards.product(product_id)
        if product is None or product.state is SaleState.DRAFT:
            raise ProductNotFound
        if product.state is not SaleState.ON_SALE:
            raise NotOnSale
        if product.price_dong != price_dong:
            raise PriceChanged
        return product

    async def _paid(self, person_id: str, product: Product) -> Purchase:
        purchase_id = new_id()
        return Purchase(
            id=purchase_id,
            buyer_id=person_id,
            product_id=product.id,
            product_version=product.version,
            price_dong=product.price_dong,
            payment_id=await self._payment(person_id, purchase_id, product.price_dong),
            bought_at=self._clock(),
        )

    async def _payment(self, person_id: str, purchase_id: str, dong: int) -> str | None:
        if not dong:
            return None
        wallet = await self._ledger.open_account(person(person_id), AccountKind.PERSON)
        revenue = await self._ledger.open_account(SELLER, AccountKind.REVENUE)
        payment = NewTransfer(
            id=derived_id("card payment", purchase_id),
            kind=TransferKind.PAYMENT,
            debit=wallet.id,
            credit=revenue.id,
            amount=dong,
            by=person_id,
            reference=purchase_id,
        )
        return (await self._ledger.transfer(payment)).id

    async def _issued(self, purchase: Purchase, product: Product, kind: AgeGroup) -> Pass:
        pass_id = new_id()
        credential = await self._issuing.issue(
            CredentialKind.TOURIST_PASS,
            pass_id,
            purchase.buyer_id,
            TOURIST_PASSES,
            purchase.bought_at,
            purchase.bought_at + UNUSED_FOR,
            purchase.bought_at,
        )
        return Pass(
            id=pass_id,
            purchase_id=purchase.id,
            product_id=product.id,
            credential_id=credential.id,
            holder_id=purchase.buyer_id,
            person=kind,
            names=product.names,
            terms=product.terms,
            bought_at=purchase.bought_at,
        )

    async def _refundable(
        self, person_id: str, pass_id: str, now: datetime
    ) -> tuple[Purchase, Sequence[Pass]]:
        held = await self._cards.own(person_id, pass_id)
        purchase = await self._cards.purchase(held.purchase_id)
        passes = await self._cards.passes_of_purchase(held.purchase_id)
        if purchase is None:
            raise PassNotHeld
        if refusal := refusal_of(purchase, passes, now):
            raise refusal
        return purchase, passes

    async def _pay_back(self, purchase: Purchase, passes: Sequence[Pass], now: datetime) -> None:
        dong = refund_dong(purchase, passes, now)
        if purchase.payment_id is not None and dong:
            refund_id = derived_id("card refund", purchase.id)
            await self._ledger.refund(purchase.payment_id, refund_id, dong, purchase.buyer_id)
        await self._cards.replace_purchase(replace(purchase, refunded_at=now))
        for held in passes:
            await self._cards.replace_pass(replace(held, is_refunded=True, offer=None))
            await self._issuing.revoke(held.credential_id, RevocationReason.REFUNDED, now)

    async def _bought(self, purchase_id: str) -> Bought:
        purchase = await self._cards.purchase(purchase_id)
        if purchase is None:
            raise PassNotFound
        return Bought(purchase, tuple(await self._cards.passes_of_purchase(purchase_id)))
