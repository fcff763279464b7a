"""What tourist cards keep of a person, to be handed over and to be forgotten (PersonalData)."""

from typing import Any

from api.credentials.issuing import Issuing
from api.credentials.records import RevocationReason
from api.kit.clock import Clock
from api.kit.errors import N_
from api.kit.store import Store
from api.kit.transactions import transact
from api.tourist_cards.passes import Pass, Purchase
from api.tourist_cards.repository import CardRepository
from api.tourist_cards.usage import PassUse


class CardData:
    """Passes end with the person. What was sold stays for the books, and is nobody's."""

    name = "tourist-cards"
    explanation = N_("The tourist cards that you bought or hold, and where each was used.")

    def __init__(self, store: Store, issuing: Issuing, clock: Clock) -> None:
        self._store = store
        self._cards = CardRepository(store)
        self._issuing = issuing
        self._clock = clock

    async def held_of(self, person_id: str) -> Any:  # noqa: ANN401 - any JSON value
        passes = await self._cards.all_passes_of(person_id)
        return {
            "bought": list(map(_purchase, await self._cards.purchases_of(person_id))),
            "held": [_pass(it, await self._cards.uses_of(it.id)) for it in passes],
        }

    async def erase(self, person_id: str) -> None:
        async def work() -> None:
            for held in await self._cards.all_passes_of(person_id):
                await self._issuing.revoke(held.credential_id, RevocationReason.LEFT, self._clock())
            await self._cards.make_nobodys(person_id)

        await transact(self._store, work)


def _purchase(purchase: Purchase) -> dict[str, Any]:
    refunded_at = purchase.refunded_at
    return {
        "id": purchase.id,
        "product": purchase.product_id,
        "price": purchase.price_dong,
        "payment": purchase.payment_id,
        "boughtAt": purchase.bought_at.isoformat(),
        "refundedAt": refunded_at.isoformat() if refunded_at else None,
    }


def _pass(held: Pass, uses: list[PassUse]) -> dict[str, Any]:
    return {
        "id": held.id,
        "purchase": held.purchase_id,
        "product": held.product_id,
        "for": held.person.name,
        "boughtAt": held.bought_at.isoformat(),
        "endsAt": held.ends_at.isoformat() if held.ends_at else None,
        "uses": [{"at": it.at.isoformat(), "place": it.place_id} for it in uses],
    }
