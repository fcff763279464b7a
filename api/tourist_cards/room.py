"""How many unused passes one person may hold."""

from api.accounts.errors import NotSignedIn
from api.accounts.people.repository import AccountRepository
from api.kit.clock import Clock
from api.tourist_cards.errors import TooManyPasses
from api.tourist_cards.repository import CardRepository
from api.tourist_cards.terms import UNUSED_FOR

UNUSED_AT_MOST = 40
"""Unused passes that one person may hold, so that nobody fills the store with them."""


class PassRoom:
    def __init__(self, cards: CardRepository, accounts: AccountRepository, clock: Clock) -> None:
        self._cards = cards
        self._accounts = accounts
        self._clock = clock

    async def take(self, person_id: str, passes: int) -> None:
        """Refuse so many more passes than a person may hold; needs an open transaction.

        Raises TooManyPasses, NotSignedIn (the account is leaving).
        """
        # Whoever gets a pass writes the account, so that of two at once one counts the other's.
        if not await self._accounts.hold(person_id):
            raise NotSignedIn
        # What nobody used within two years does not hold any more.
        unused = await self._cards.count_unused(person_id, self._clock() - UNUSED_FOR)
        if unused + passes > UNUSED_AT_MOST:
            raise TooManyPasses(most=UNUSED_AT_MOST)
