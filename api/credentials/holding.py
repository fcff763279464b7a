"""What people do with credentials of their own: see them, take them onto a phone, have them re-issued."""

import base64
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from api.accounts.caller import Caller
from api.accounts.devices.links import DeviceLinks
from api.credentials.cards.signing import CardSigning
from api.credentials.errors import (
    AlreadyTaken,
    CredentialNotFound,
    CredentialRevoked,
    DeviceNotYours,
)
from api.credentials.gates.gate_keys import GateKeys
from api.credentials.issuing import Issuing
from api.credentials.records import Credential, CredentialState
from api.credentials.repository import CredentialRepository
from api.kit.clock import Clock
from api.kit.idempotency import Idempotency
from api.kit.pages import Listing, Page, checked_first
from api.kit.store import Store

_NEWEST_FIRST = Listing("credentials.mine", (datetime, str))


@dataclass(frozen=True, slots=True, repr=False)
class ShownTo:
    """What a phone needs to show a card: the token, and the key of its codes (base64)."""

    credential: Credential
    token: str
    key: str


class Holding:
    def __init__(
        self,
        store: Store,
        issuing: Issuing,
        signing: CardSigning,
        gate_keys: GateKeys,
        devices: DeviceLinks,
        idempotency: Idempotency,
        clock: Clock,
    ) -> None:
        self._credentials = CredentialRepository(store)
        self._issuing = issuing
        self._signing = signing
        self._gate_keys = gate_keys
        self._devices = devices
        self._idempotency = idempotency
        self._clock = clock

    async def mine(self, caller: Caller, first: int, after: str | None) -> Page[Credential]:
        """Return what the caller holds, the newest first. Raises NotSignedIn and PageProblem."""
        found = await self._credentials.held_by(
            caller.person(), _NEWEST_FIRST.values(after), checked_first(first) + 1
        )
        return _NEWEST_FIRST.page(
            found, first=first, after=after, values=lambda one: (one.issued_at, one.id)
        )

    async def token_of(self, credential: Credential) -> str:
        """Return the token as it is valid now. Without the key of the codes it opens no gate."""
        return await self._signing.token_of(credential)

    async def take(
        self, caller: Caller, credential_id: str, device_id: str, idempotency_key: str
    ) -> ShownTo:
        """Give a device of the caller's the token and the key, once a generation.

        The same call again answers the same for as long as idempotency keys are kept. Raises NotSignedIn,
        CredentialNotFound, CredentialRevoked, DeviceNotYours, AlreadyTaken and IdempotencyProblem.
        """
        person_id = caller.person()
        if all(device.id != device_id for device in await self._devices.of(caller)):
            raise DeviceNotYours

        async def work() -> dict[str, Any]:
            credential = await self._own(person_id, credential_id)
            if credential.state is CredentialState.REVOKED:
                raise CredentialRevoked
            if credential.taken_by is not None:
                raise AlreadyTaken
            taken = replace(credential, taken_by=device_id, taken_at=self._clock())
            await self._credentials.replace(taken)
            return {"credential": credential.id, "generation": credential.generation.number}

        asked = {"credential": credential_id, "device": device_id}
        result = await self._idempotency.once(
            person_id, "takeCredential", idempotency_key, asked, work
        )
        credential = await self._own(person_id, result["credential"])
        if credential.generation.number != result["generation"]:
            raise AlreadyTaken
        return await self.shown_to(credential)

    async def reissue(self, caller: Caller, credential_id: str, idempotency_key: str) -> Credential:
        """Kill the card on the phone before, so that another one may take it.

        Raises NotSignedIn, CredentialNotFound, CredentialRevoked and IdempotencyProblem.
        """
        person_id = caller.person()

        async def work() -> dict[str, Any]:
            await self._own(person_id, credential_id)
            again = await self._issuing.reissue(credential_id, self._clock())
            return {"credential": again.id}

        result = await self._idempotency.once(
            person_id, "reissueCredential", idempotency_key, {"credential": credential_id}, work
        )
        return await self._own(person_id, result["credential"])

    async def shown_to(self, credential: Credential) -> ShownTo:
        """Return the token and the key of the newest generation; whoever calls knows who is asking."""
        generation = credential.generation
        key = self._gate_keys.device_key(
            credential.audience, generation.epoch, credential.id, generation.number
        )
        token = await self._signing.token_of(credential)
        return ShownTo(credential, token, base64.b64encode(key).decode())

    async def _own(self, person_id: str, credential_id: str) -> Credential:
        credential = await self._credentials.get(credential_id)
        if credential is None or credential.holder_id != person_id:
            raise CredentialNotFound
        return credential
