"""What other slices do with credentials, in their own transactions: issue, renew, stop, replace.

Every call joins the open transaction (api.kit.transactions.transact), in which the caller writes what
the credential stands for. Who may do it is for the caller to check.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta

from api.credentials.errors import (
    AlreadyIssued,
    CredentialNotFound,
    CredentialRevoked,
    InvalidValidity,
)
from api.credentials.gates.gate_keys import GateKeys
from api.credentials.records import (
    Audience,
    Credential,
    CredentialKind,
    CredentialState,
    Generation,
    RevocationReason,
    StateChange,
)
from api.credentials.repository import CredentialRepository
from api.credentials.status.repository import StatusRepository
from api.credentials.status.status_list import Status
from api.kit.ids import new_id
from api.kit.store import Store
from api.kit.transactions import transact

VALID_AT_MOST = timedelta(days=3 * 366)
"""Also how long a key verifies that signs no more."""

STATUS_OF_STATES = {
    CredentialState.VALID: Status.VALID,
    CredentialState.SUSPENDED: Status.SUSPENDED,
    CredentialState.REVOKED: Status.INVALID,
}


class Issuing:
    def __init__(self, store: Store, statuses: StatusRepository, gate_keys: GateKeys) -> None:
        self._store = store
        self._credentials = CredentialRepository(store)
        self._statuses = statuses
        self._gate_keys = gate_keys

    async def issue(
        self,
        kind: CredentialKind,
        subject_id: str,
        holder_person_id: str | None,
        audience: Audience,
        valid_from: datetime,
        valid_until: datetime,
        now: datetime,
    ) -> Credential:
        """Issue a credential for a pass or pupil that has no living one.

        `holder_person_id`: on whose phone it may be shown, None for a printed card only. Moments are cut
        to the second. Raises AlreadyIssued, InvalidValidity, and ValueError for another kind's audience.
        """
        if audience.kind is not kind:
            raise ValueError(f"{kind} for the gates of {audience}")
        begins, ends = _checked_validity(valid_from, valid_until)

        async def work() -> Credential:
            credential = Credential(
                id=new_id(),
                kind=kind,
                subject_id=subject_id,
                holder_id=holder_person_id,
                audience=audience,
                valid_from=begins,
                valid_until=ends,
                generations=(await self._generation(audience, 1, now),),
                changes=(StateChange(CredentialState.VALID, now),),
            )
            if not await self._credentials.add(credential):
                raise AlreadyIssued
            return credential

        return await transact(self._store, work)

    async def renew(
        self,
        credential_id: str,
        valid_until: datetime,
        now: datetime,
        *,
        valid_from: datetime | None = None,
    ) -> Credential:
        """Let it end at another moment, later or earlier; the phone fetches the token anew, its key stays.

        A printed card ends as it was printed, but is refused online from then on. Raises
        CredentialNotFound, CredentialRevoked and InvalidValidity.
        """

        async def change(before: Credential) -> Credential:
            begins, ends = _checked_validity(valid_from or before.valid_from, valid_until)
            return replace(before, valid_from=begins, valid_until=ends)

        return await self._changed(credential_id, change)

    async def suspend(self, credential_id: str, now: datetime) -> Credential:
        """Stop it until it is reinstated; already suspended, nothing happens.

        Raises CredentialNotFound and CredentialRevoked.
        """
        return await self._move(credential_id, StateChange(CredentialState.SUSPENDED, now))

    async def reinstate(self, credential_id: str, now: datetime) -> Credential:
        """Let a suspended one count again. Raises CredentialNotFound and CredentialRevoked."""
        return await self._move(credential_id, StateChange(CredentialState.VALID, now))

    async def revoke(
        self, credential_id: str, reason: RevocationReason, now: datetime
    ) -> Credential:
        """Stop it for good; already revoked, nothing happens. Raises CredentialNotFound."""
        try:
            return await self._move(
                credential_id, StateChange(CredentialState.REVOKED, now, reason)
            )
        except CredentialRevoked:
            return await self._found(credential_id)

    async def reissue(self, credential_id: str, now: datetime) -> Credential:
        """Begin a new generation: the phone and the printed cards of the one before are dead.

        A suspended credential stays suspended. Raises CredentialNotFound and CredentialRevoked.
        """
        return await self._changed(credential_id, lambda one: self._next(one, one.holder_id, now))

    async def hand_over(
        self, credential_id: str, holder_person_id: str | None, now: datetime
    ) -> Credential:
        """Re-issue it to another holder. Raises CredentialNotFound and CredentialRevoked."""
        return await self._changed(
            credential_id, lambda one: self._next(one, holder_person_id, now)
        )

    async def get(self, credential_id: str) -> Credential | None:
        return await self._credentials.get(credential_id)

    async def of_subject(self, kind: CredentialKind, subject_id: str) -> Credential | None:
        """Return the living credential of a pass or pupil, else the one that was issued last."""
        living = await self._credentials.living(kind, subject_id)
        return living or await self._credentials.newest(kind, subject_id)

    async def _changed(
        self, credential_id: str, change: Callable[[Credential], Awaitable[Credential]]
    ) -> Credential:
        async def work() -> Credential:
            before = await self._found(credential_id)
            if before.state is CredentialState.REVOKED:
                raise CredentialRevoked
            after = await change(before)
            return before if after is before else await self._credentials.replace(after)

        return await transact(self._store, work)

    async def _move(self, credential_id: str, to: StateChange) -> Credential:
        async def change(before: Credential) -> Credential:
            if before.state is to.state:
                return before
            await self._tell(before, to.state)
            return replace(before, changes=(*before.changes, to))

        return await self._changed(credential_id, change)

    async def _next(self, before: Credential, holder: str | None, now: datetime) -> Credential:
        await self._tell(before, CredentialState.REVOKED)
        ended = replace(before.generation, ended_at=now)
        new = await self._generation(before.audience, ended.number + 1, now)
        after = replace(
            before,
            holder_id=holder,
            generations=(*before.generations[:-1], ended, new),
            taken_by=None,
            taken_at=None,
        )
        if after.state is not CredentialState.VALID:
            await self._tell(after, after.state)
        return after

    async def _generation(self, audience: Audience, number: int, now: datetime) -> Generation:
        epochs = await self._gate_keys.epochs(audience)
        index = await self._statuses.take_index(audience)
        return Generation(number, index, epochs.current, now)

    async def _tell(self, credential: Credential, state: CredentialState) -> None:
        index, status = credential.generation.index, STATUS_OF_STATES[state]
        await self._statuses.change(credential.audience.tag, index, status)

    async def _found(self, credential_id: str) -> Credential:
        credential = await self._credentials.get(credential_id)
        if credential is None:
            raise CredentialNotFound
        return credential


def _checked_validity(begins: datetime, ends: datetime) -> tuple[datetime, datetime]:
    begins, ends = begins.replace(microsecond=0), ends.replace(microsecond=0)
    if not timedelta() < ends - begins <= VALID_AT_MOST:
        raise InvalidValidity(days=VALID_AT_MOST.days)
    return begins, ends
