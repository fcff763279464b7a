"""What becomes of the money on the card of a pupil who leaves."""

from datetime import date

from api.kit.clock import Clock
from api.kit.formats import day_in_vietnam
from api.kit.ids import derived_id
from api.kit.store import Store
from api.students.guardians.access import PupilAccess
from api.students.pupils.pupil import Pupil
from api.students.pupils.repository import PupilRepository
from api.wallet import owners
from api.wallet.ledger.account_repository import AccountRepository
from api.wallet.ledger.ledger import Ledger
from api.wallet.ledger.records import Account, AccountKind, NewTransfer, Owner, TransferKind

_PUPIL = "pupil"


class MoneyOfLeavers:
    def __init__(
        self,
        store: Store,
        pupils: PupilRepository,
        access: PupilAccess,
        ledger: Ledger,
        clock: Clock,
    ) -> None:
        self._accounts = AccountRepository(store)
        self._pupils = pupils
        self._access = access
        self._ledger = ledger
        self._clock = clock

    async def pupil_left(self, pupil: Pupil) -> None:
        """Give what is on the card to the guardian who has followed her the longest (KeepsOfPupils).

        Without one it goes on the card that she has at the school that took her in.
        """
        account = await self._ledger.account(meal_money_of(pupil.id), AccountKind.CARD)
        if account is None or not account.available:
            return
        to = await self._heir(pupil)
        if to is None:
            return
        await self._ledger.transfer(
            NewTransfer(
                id=derived_id("meal money of a leaver", pupil.id, str(account.entry_count)),
                kind=TransferKind.PAYOUT,
                debit=account.id,
                credit=to.id,
                amount=account.available,
                reference=pupil.id,
            ),
            is_limited=False,
        )

    async def erase_pupil(self, pupil_id: str) -> None:
        """Make the account nobody's. Money that nobody asked for in a year is given up (KeepsOfPupils)."""
        pupil = await self._pupils.get(pupil_id)
        if pupil is not None:
            await self.pupil_left(pupil)  # what came since
        owner = meal_money_of(pupil_id)
        account = await self._ledger.account(owner, AccountKind.CARD)
        if account is not None and account.available:
            given_up = await self._ledger.open_account(owners.FORFEITED, AccountKind.FORFEITED)
            await self._ledger.transfer(
                NewTransfer(
                    id=derived_id("meal money given up", pupil_id),
                    kind=TransferKind.FORFEIT,
                    debit=account.id,
                    credit=given_up.id,
                    amount=account.available,
                ),
                is_limited=False,
            )
        await self._accounts.make_nobodys(owner)

    async def pass_on(self, account_id: str) -> None:
        """Let money that has come back to an account not wait there, if it is the card of a leaver.

        Joins the open transaction.
        """
        account = await self._ledger.account_by_id(account_id)
        owner = account.owner if account else None
        is_card = owner is not None and owner.kind == _PUPIL
        pupil = await self._pupils.get(owner.id) if owner is not None and is_card else None
        if pupil is not None and (pupil.went_to or not pupil.is_here(self._today())):
            await self.pupil_left(pupil)

    async def _heir(self, pupil: Pupil) -> Account | None:
        """Return where the money of a leaver goes; None when nobody is known."""
        # Whoever is about to be erased has a wallet that takes nothing more, or none.
        if follower := await self._access.hold_follower(pupil.id):
            hers = owners.person(follower.person_id)
            return await self._ledger.open_account(hers, AccountKind.PERSON)
        new = await self._pupils.get(pupil.went_to) if pupil.went_to else None
        if new is None or not new.is_here(self._today()):
            return await self._heir(new) if new else None
        return await self._ledger.open_account(meal_money_of(new.id), AccountKind.CARD)

    def _today(self) -> date:
        return day_in_vietnam(self._clock())


def meal_money_of(pupil_id: str) -> Owner:
    """Return whose account the money on a pupil's card is."""
    return Owner(_PUPIL, pupil_id)
