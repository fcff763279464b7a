"""Tourist cards as one thing to build and to reach."""

from dataclasses import dataclass

from api.accounts.people.repository import AccountRepository
from api.credentials.issuing import Issuing
from api.kit.audit_log import AuditLog
from api.kit.clock import Clock
from api.kit.idempotency import Idempotency
from api.kit.store import Store
from api.tourism.service import TourismService
from api.tourist_cards.buying import Buying
from api.tourist_cards.giving import Giving
from api.tourist_cards.holding import Holding
from api.tourist_cards.repository import CardRepository
from api.tourist_cards.room import PassRoom
from api.tourist_cards.selling import Selling
from api.wallet.ledger.ledger import Ledger


@dataclass(frozen=True, slots=True)
class CardService:
    selling: Selling
    buying: Buying
    giving: Giving
    holding: Holding

    @classmethod
    def on(
        cls,
        store: Store,
        accounts: AccountRepository,
        tourism: TourismService,
        ledger: Ledger,
        issuing: Issuing,
        audit: AuditLog,
        secret: bytes,
        clock: Clock,
    ) -> "CardService":
        """Build it. `secret`: of the codes with which passes are given away."""
        cards, idempotency = CardRepository(store), Idempotency(store, clock)
        room = PassRoom(cards, accounts, clock)
        return cls(
            selling=Selling(cards, tourism, idempotency, audit),
            buying=Buying(cards, room, ledger, issuing, idempotency, clock),
            giving=Giving(cards, room, issuing, idempotency, secret, clock),
            holding=Holding(cards, tourism, clock),
        )
