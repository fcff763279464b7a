"""What people note in their own record, and in those of whom they act for."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from api.accounts.caller import Caller
from api.health.record.details import (
    ALLERGIES_AT_MOST,
    NOTES_CHARACTERS_AT_MOST,
    REACTION_CHARACTERS_AT_MOST,
    SUBSTANCE_CHARACTERS_AT_MOST,
    Allergy,
    AllergySeverity,
    BloodGroup,
    HealthRecord,
    Rhesus,
    optional_text_of,
    text_of,
    year_of,
)
from api.health.record.errors import AllergyNotFound, TooManyAllergies
from api.health.record.owners import Owners
from api.health.record.record_repository import HealthRecordRepository
from api.kit.changes import UNCHANGED, Unchanged
from api.kit.clock import Clock
from api.kit.formats import day_in_vietnam
from api.kit.idempotency import Idempotency
from api.kit.ids import derived_id
from api.kit.store import Store
from api.kit.transactions import transact


@dataclass(frozen=True, slots=True, repr=False)
class RecordChanges:
    """What to change, as it was typed; None removes it."""

    blood_group: BloodGroup | Unchanged | None = UNCHANGED
    rhesus: Rhesus | Unchanged | None = UNCHANGED
    notes: str | Unchanged | None = UNCHANGED


@dataclass(frozen=True, slots=True, repr=False)
class NewAllergy:
    """An allergy as somebody typed it. `since`: a year."""

    substance: str
    reaction: str | None
    severity: AllergySeverity
    since: int | None


class RecordKeeping:
    """Whose record it is not gets the answer for somebody who is not there."""

    def __init__(
        self,
        store: Store,
        records: HealthRecordRepository,
        owners: Owners,
        idempotency: Idempotency,
        clock: Clock,
    ) -> None:
        self._store = store
        self._records = records
        self._owners = owners
        self._idempotency = idempotency
        self._clock = clock

    async def of(self, caller: Caller, patient_id: str | None) -> HealthRecord:
        """Return the record, also an empty one. Raises NotSignedIn, PatientNotFound."""
        person_id = caller.person()
        await self._owners.check(person_id, patient_id)
        return await self._records.of(person_id, patient_id)

    async def update(
        self, caller: Caller, patient_id: str | None, changes: RecordChanges
    ) -> HealthRecord:
        """Change what `changes` names.

        Raises NotSignedIn, PatientNotFound, HealthConsentMissing, InvalidText.
        """
        notes = changes.notes
        if not isinstance(notes, Unchanged):
            notes = optional_text_of(notes, "notes", NOTES_CHARACTERS_AT_MOST, with_lines=True)

        def change(record: HealthRecord) -> HealthRecord:
            if not isinstance(changes.blood_group, Unchanged):
                record = replace(record, blood_group=changes.blood_group)
            if not isinstance(changes.rhesus, Unchanged):
                record = replace(record, rhesus=changes.rhesus)
            return record if isinstance(notes, Unchanged) else replace(record, notes=notes)

        return await self._change(caller.person(), patient_id, change)

    async def add_allergy(
        self, caller: Caller, patient_id: str | None, new: NewAllergy, idempotency_key: str
    ) -> HealthRecord:
        """Note an allergy; the same call again notes nothing more.

        Raises NotSignedIn, PatientNotFound, HealthConsentMissing, InvalidText, InvalidYear,
        TooManyAllergies and IdempotencyProblem.
        """
        person_id = caller.person()
        allergy = self._allergy(derived_id("allergy", person_id, idempotency_key), new)

        def change(record: HealthRecord) -> HealthRecord:
            if len(record.allergies) >= ALLERGIES_AT_MOST:
                raise TooManyAllergies(most=ALLERGIES_AT_MOST)
            return replace(record, allergies=(*record.allergies, allergy))

        async def work() -> dict[str, Any]:
            await self._change(person_id, patient_id, change)
            return {"allergy": allergy.id}

        asked = {
            "patient": patient_id,
            "allergy": [allergy.substance, allergy.reaction, allergy.severity, allergy.since],
        }
        await self._idempotency.once(person_id, "addAllergy", idempotency_key, asked, work)
        return await self.of(caller, patient_id)

    async def remove_allergy(
        self, caller: Caller, patient_id: str | None, allergy_id: str
    ) -> HealthRecord:
        """Forget an allergy. Raises NotSignedIn, PatientNotFound, AllergyNotFound, HealthConsentMissing."""

        def change(record: HealthRecord) -> HealthRecord:
            left = tuple(one for one in record.allergies if one.id != allergy_id)
            if len(left) == len(record.allergies):
                raise AllergyNotFound
            return replace(record, allergies=left)

        return await self._change(caller.person(), patient_id, change)

    async def _change(
        self,
        person_id: str,
        patient_id: str | None,
        change: Callable[[HealthRecord], HealthRecord],
    ) -> HealthRecord:
        async def work() -> HealthRecord:
            await self._owners.hold(person_id, patient_id)
            await self._owners.check_record(person_id, patient_id)
            changed = change(await self._records.of(person_id, patient_id))
            changed = replace(changed, updated_at=self._clock())
            await self._records.put(changed)
            return changed

        return await transact(self._store, work)

    def _allergy(self, allergy_id: str, new: NewAllergy) -> Allergy:
        return Allergy(
            id=allergy_id,
            substance=text_of(new.substance, "substance", SUBSTANCE_CHARACTERS_AT_MOST),
            reaction=optional_text_of(new.reaction, "reaction", REACTION_CHARACTERS_AT_MOST),
            severity=new.severity,
            since=year_of(new.since, day_in_vietnam(self._clock())),
        )
