"""Leaving: in one step nobody can sign in any more and the work of erasing is asked for."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from api.accounts.caller import Caller
from api.accounts.errors import NotSignedIn
from api.accounts.people.repository import AccountRepository
from api.accounts.privacy.erasing import ERASE
from api.accounts.privacy.erasures import ErasureRepository
from api.accounts.sign_in.codes import Codes
from api.accounts.sign_in.session_repository import EndReason
from api.accounts.sign_in.sessions import Sessions
from api.accounts.sign_in.ways_in import WaysIn
from api.accounts.staff.roster import Roster
from api.kit.clock import Clock
from api.kit.idempotency import Idempotency
from api.kit.jobs import Jobs
from api.kit.store import Store, WriteConflict
from api.kit.transactions import transact
from notifications.device_repository import DeviceRepository
from notifications.recordings import Recordings
from notifications.texts import Texts

SETTLES_AFTER = timedelta(seconds=20)
"""Longer than any request that began before may still write, and than others need to hear of it."""


@dataclass(frozen=True, slots=True)
class LeftAccount:
    """`receipt`: under which the erasure can be proved; it leads to nobody."""

    receipt: str
    requested_at: datetime


class SettlesUp(Protocol):
    """Whoever must be even with a person before the person leaves."""

    async def let_go(self, person_id: str) -> None:
        """Take nothing more for this person; joins the open transaction. Raises AccountProblem."""
        ...


class Leaving:
    def __init__(
        self,
        store: Store,
        accounts: AccountRepository,
        sessions: Sessions,
        ways: WaysIn,
        codes: Codes,
        texts: Texts,
        devices: DeviceRepository,
        recordings: Recordings,
        idempotency: Idempotency,
        erasures: ErasureRepository,
        roster: Roster,
        creditors: Sequence[SettlesUp],
        jobs: Jobs,
        clock: Clock,
    ) -> None:
        self._store = store
        self._accounts = accounts
        self._sessions = sessions
        self._ways = ways
        self._codes = codes
        self._texts = texts
        self._devices = devices
        self._recordings = recordings
        self._idempotency = idempotency
        self._erasures = erasures
        self._roster = roster
        self._creditors = creditors
        self._jobs = jobs
        self._clock = clock

    async def leave(self, caller: Caller) -> LeftAccount:
        """End the caller's account; its addresses are free at once, its roles given back.

        Raises NotSignedIn, SignInAgain, LastAdministrator, MoneyLeft.
        """
        person_id = caller.person()
        await self._sessions.check_recent(caller)

        async def work() -> LeftAccount:
            now = self._clock()
            await self._roster.let_go(person_id)
            for creditor in self._creditors:
                await creditor.let_go(person_id)
            await self._close_account(person_id)
            await self._let_addresses_go(person_id)
            await self._let_devices_go(person_id)
            await self._sessions.end_everywhere(person_id, EndReason.ERASED)
            receipt = await self._erasures.add(person_id, now)
            await self._jobs.enqueue(ERASE, {"erasure": receipt}, run_at=now + SETTLES_AFTER)
            return LeftAccount(receipt, now)

        return await transact(self._store, work)

    async def _close_account(self, person_id: str) -> None:
        account = await self._accounts.get(person_id)
        if account is None or account.is_leaving:
            raise NotSignedIn
        leaving = replace(account, is_leaving=True)
        if await self._accounts.replace(leaving) is None:
            raise WriteConflict

    async def _let_devices_go(self, person_id: str) -> None:
        # What is queued for them holds ids only, which without a device lead to nobody.
        devices = await self._devices.linked(person_id)
        await self._recordings.forget([device.id for device in devices])
        for device in devices:
            await self._idempotency.forget(device.profile.registration.digest)
        await self._devices.remove_linked(person_id)

    async def _let_addresses_go(self, person_id: str) -> None:
        # Here and not in the job: later, what is found by an address may be its next account's.
        for _, way in await self._ways.of_person(person_id):
            if way.address is not None:
                await self._codes.erase_address(way.address)
                await self._texts.erase_address(way.address.value)
        await self._codes.erase_person(person_id)
        await self._ways.remove_all(person_id)
