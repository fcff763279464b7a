"""What credentials keep of a person, to be handed over and to be forgotten (PersonalData)."""

from dataclasses import replace
from typing import Any

from api.credentials.gates.repository import GateRepository
from api.credentials.issuing import Issuing
from api.credentials.records import Credential, RevocationReason
from api.credentials.repository import CredentialRepository
from api.credentials.scans.records import Scan
from api.credentials.scans.repository import ScanRepository
from api.kit.clock import Clock
from api.kit.errors import N_
from api.kit.store import Store
from api.kit.transactions import transact


class CredentialData:
    """Cards of a person are revoked and nobody's. Scans stay, as facts of a card without a holder."""

    name = "cards"
    explanation = N_(
        "Your cards, on which phone they are, where they were scanned, and your work at gates."
    )

    def __init__(self, store: Store, issuing: Issuing, clock: Clock) -> None:
        self._store = store
        self._issuing = issuing
        self._credentials = CredentialRepository(store)
        self._gates = GateRepository(store)
        self._scans = ScanRepository(store)
        self._clock = clock

    async def held_of(self, person_id: str) -> Any:  # noqa: ANN401 - any JSON value
        cards = await self._credentials.held_by(person_id)
        scans, resolved = await self._scans.count_of_staff(person_id)
        gates = await self._gates.added_by(person_id)
        return {
            "cards": [
                _card(card, await self._scans.of_credential(card.id)) for card in reversed(cards)
            ],
            "gatesAdded": [
                {"id": gate.id, "names": dict(gate.names), "at": gate.added_at.isoformat()}
                for gate in gates
            ],
            "scansMade": scans,
            "flagsResolved": resolved,
        }

    async def erase(self, person_id: str) -> None:
        for card in await self._credentials.held_by(person_id):
            await self._leave(card.id)
        await self._gates.forget_staff(person_id)
        await self._scans.forget_staff(person_id)

    async def _leave(self, credential_id: str) -> None:
        async def work() -> None:
            reason, now = RevocationReason.LEFT, self._clock()
            card = await self._issuing.revoke(credential_id, reason, now)
            await self._credentials.replace(
                replace(card, holder_id=None, taken_by=None, taken_at=None)
            )

        await transact(self._store, work)


def _card(card: Credential, scans: list[Scan]) -> dict[str, Any]:
    return {
        "id": card.id,
        "kind": card.kind.name,
        "of": card.subject_id,
        "validFrom": card.valid_from.isoformat(),
        "validUntil": card.valid_until.isoformat(),
        "states": [
            {
                "state": change.state.name,
                "at": change.at.isoformat(),
                "reason": change.reason.name if change.reason else None,
            }
            for change in card.changes
        ],
        "issued": [
            {"number": one.number, "at": one.began_at.isoformat()} for one in card.generations
        ],
        "device": card.taken_by,
        "takenAt": card.taken_at.isoformat() if card.taken_at else None,
        "scans": [
            {"gate": scan.gate_id, "purpose": scan.purpose.name, "at": scan.scanned_at.isoformat()}
            for scan in scans
        ],
    }
