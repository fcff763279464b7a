"""What staff do with cards: stop them, let them count again, and print them.

For clerks of the school whose card it is, and for administrators; slices offer what else they need.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from api.accounts.caller import PROVINCE, Caller, Grant, Role
from api.credentials.cards.shown import qr_svg
from api.credentials.cards.signing import CardSigning
from api.credentials.errors import CredentialNotFound, CredentialRevoked
from api.credentials.issuing import Issuing
from api.credentials.records import Credential, CredentialState, RevocationReason
from api.kit.audit_log import AuditEntry, AuditLog, Details
from api.kit.clock import Clock
from api.kit.store import Store
from api.kit.transactions import transact

_ADMINISTRATION = Grant(Role.ADMINISTRATOR, PROVINCE)


@dataclass(frozen=True, slots=True, repr=False)
class PrintedCard:
    """`token`: what its QR code holds; `svg`: that code, to be scaled."""

    credential: Credential
    token: str
    svg: str


class Staffing:
    def __init__(
        self, store: Store, issuing: Issuing, signing: CardSigning, audit: AuditLog, clock: Clock
    ) -> None:
        self._store = store
        self._issuing = issuing
        self._signing = signing
        self._audit = audit
        self._clock = clock

    async def suspend(self, caller: Caller, credential_id: str) -> Credential:
        """Stop a card for a while. Raises NotSignedIn, CredentialNotFound and CredentialRevoked."""
        return await self._done(
            caller,
            credential_id,
            "credential.suspended",
            lambda one: self._issuing.suspend(one.id, self._clock()),
        )

    async def reinstate(self, caller: Caller, credential_id: str) -> Credential:
        """Let it count again. Raises as `suspend` does."""
        return await self._done(
            caller,
            credential_id,
            "credential.reinstated",
            lambda one: self._issuing.reinstate(one.id, self._clock()),
        )

    async def revoke(
        self, caller: Caller, credential_id: str, reason: RevocationReason
    ) -> Credential:
        """Stop a card for good. Raises NotSignedIn and CredentialNotFound."""
        return await self._done(
            caller,
            credential_id,
            "credential.revoked",
            lambda one: self._issuing.revoke(one.id, reason, self._clock()),
            {"reason": reason.value},
        )

    async def print(self, caller: Caller, credential_id: str) -> PrintedCard:
        """Return a card to print. Raises NotSignedIn, CredentialNotFound and CredentialRevoked."""

        async def unchanged(credential: Credential) -> Credential:
            if credential.state is CredentialState.REVOKED:
                raise CredentialRevoked
            return credential

        credential = await self._done(caller, credential_id, "credential.printed", unchanged)
        return await self.printed(credential)

    async def printed(self, credential: Credential) -> PrintedCard:
        """Return a card to print, for slices that have checked who is asking."""
        token = await self._signing.token_of(credential, is_printed=True)
        # Off the event loop: drawing takes some 50 ms, and an office prints class after class.
        return PrintedCard(credential, token, await asyncio.to_thread(qr_svg, token))

    async def _done(
        self,
        caller: Caller,
        credential_id: str,
        action: str,
        change: Callable[[Credential], Awaitable[Credential]],
        details: Details | None = None,
    ) -> Credential:
        caller.person()

        async def work() -> Credential:
            before = await self._issuing.get(credential_id)
            right = _right(caller, before)
            if before is None or right is None:
                raise CredentialNotFound
            after = await change(before)
            entry = AuditEntry(caller.person(), action, before.id, str(right), details or {})
            await self._audit.append(entry)
            return after

        return await transact(self._store, work)


def _right(caller: Caller, credential: Credential | None) -> Grant | None:
    if credential is None:
        return None
    if _ADMINISTRATION in caller.grants:
        return _ADMINISTRATION
    scope = credential.audience.scope
    is_clerk = scope != PROVINCE and caller.holds(Role.CLERK, scope)
    return Grant(Role.CLERK, scope) if is_clerk else None
