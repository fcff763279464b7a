"""Whether a card is good at a gate and a moment: everything that is wrong, from what is kept of it."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime

from api.credentials.cards.card_token import CardToken
from api.credentials.cards.rotating_code import step_shown
from api.credentials.cards.shown import Shown, read
from api.credentials.cards.signing import CardSigning
from api.credentials.gates.gate_keys import GateKeys
from api.credentials.gates.records import Gate
from api.credentials.records import Credential, CredentialState
from api.credentials.repository import CredentialRepository
from api.credentials.scans.records import Evidence, Fault
from api.kit.store import Store

_STOPPED = {
    CredentialState.REVOKED: Fault.REVOKED,
    CredentialState.SUSPENDED: Fault.SUSPENDED,
}


@dataclass(frozen=True, slots=True)
class Presented:
    """What was shown, read: `card` is None unless it is signed by us."""

    digest: str
    shown: Shown | None
    card: CardToken | None

    @property
    def is_printed(self) -> bool:
        return self.card is not None and self.card.is_printed


@dataclass(frozen=True, slots=True)
class Finding:
    """`credential`: whose card it is, when it is one; `step`: of a right code; `since`: when faults began."""

    evidence: Evidence
    credential: Credential | None = None
    step: int | None = None
    faults: tuple[Fault, ...] = ()
    since: datetime | None = None


class Checking:
    def __init__(self, store: Store, signing: CardSigning, gate_keys: GateKeys) -> None:
        self._credentials = CredentialRepository(store)
        self._signing = signing
        self._gate_keys = gate_keys

    async def presented(self, text: str) -> Presented:
        """Read what a gate has read, and check the signature."""
        digest = hashlib.sha256(text.encode()).hexdigest()
        shown = read(text)
        card = await self._signing.read(shown.token) if shown else None
        return Presented(digest, shown, card)

    async def found(
        self, presented: Presented, gate: Gate, moment: datetime, *, is_confirmed: bool
    ) -> Finding:
        """Return what is wrong with a card at a moment, as the open transaction sees it."""
        card, shown = presented.card, presented.shown
        if card is None or shown is None:
            return Finding(Evidence(presented.digest), faults=(Fault.WRONG_SIGNATURE,))
        evidence = Evidence(presented.digest, card.generation, None, card.expires_at)
        credential = await self._credentials.get(card.credential_id)
        if credential is None:
            return Finding(evidence, faults=(Fault.UNKNOWN_CARD,))
        code_faults, step = await self._code(credential, card, shown, moment, is_confirmed)
        faults, since = faults_at(credential, card, gate, moment)
        return Finding(
            replace(evidence, step=step), credential, step, (*faults, *code_faults), since
        )

    async def _code(
        self,
        credential: Credential,
        card: CardToken,
        shown: Shown,
        moment: datetime,
        is_confirmed: bool,
    ) -> tuple[tuple[Fault, ...], int | None]:
        if card.is_printed:
            return (() if is_confirmed else (Fault.UNCONFIRMED,)), None
        if shown.code is None:
            return (Fault.CODE_MISSING,), None
        key = self._gate_keys.device_key(
            credential.audience, card.epoch, card.credential_id, card.generation
        )
        step = step_shown(key, shown.code, moment)
        epochs = await self._gate_keys.epochs(credential.audience)
        ended = () if epochs.accepts(card.epoch, moment) else (Fault.KEY_ENDED,)
        return (ended if step is not None else (*ended, Fault.CODE_WRONG)), step


def faults_at(
    credential: Credential, card: CardToken, gate: Gate, moment: datetime
) -> tuple[tuple[Fault, ...], datetime | None]:
    """Return what is wrong with a card but for its code, and since when."""
    faults: list[Fault] = []
    since: datetime | None = None
    if credential.audience != gate.audience:
        faults.append(Fault.FOREIGN)
    if moment < max(card.not_before, credential.valid_from):
        faults.append(Fault.NOT_YET_VALID)
    if moment >= (ends := min(card.expires_at, credential.valid_until)):
        faults.append(Fault.EXPIRED)
        since = ends
    if stopped := _STOPPED.get(credential.state_at(moment)):
        faults.append(stopped)
        since = max(change.at for change in credential.changes if change.at <= moment)
    generation = credential.generation_of(card.generation)
    if generation is None or (generation.ended_at is not None and generation.ended_at <= moment):
        faults.append(Fault.REPLACED)
        since = generation.ended_at if generation else since
    return tuple(faults), since
