"""The patient that a facility's own system names: known by an identifier, called by a name.

A number of a citizen card or an insurance card is the same patient whoever books, product or facility;
any other identifier is the facility's own, and means nothing elsewhere.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from api.accounts.errors import AccountProblem
from api.accounts.identity_papers.numbers import IdentityPaperKind, identity_number_of
from api.health.appointments.patients import Patient, key_of_other, key_of_paper
from api.health.fhir.errors import PatientUnclear
from api.health.fhir.exchange import Resource
from api.health.fhir.terms import Terms
from api.kit.json_values import is_list, is_object
from api.kit.sealing import Sealer
from api.tourism.plain_text import NotPlain, plain

NAME_CHARACTERS_AT_MOST = 100
_IDENTIFIERS_AT_MOST = 10
_IDENTIFIER_CHARACTERS_AT_MOST = 200
_ALIASES = "patients as a facility knows them"
_ALIAS_CHARACTERS = 32


@dataclass(frozen=True, slots=True, repr=False)
class GivenPatient:
    """`is_insured`: an insurance card was among the identifiers."""

    patient: Patient
    is_insured: bool


class GivenPatients:
    def __init__(self, terms: Terms, sealer: Sealer) -> None:
        self._terms = terms
        self._sealer = sealer

    def alias(self, facility_id: str, patient_key: str) -> str:
        """Return the name under which a facility knows a patient, and no other facility does."""
        return self._sealer.digest(_ALIASES, facility_id, patient_key)[:_ALIAS_CHARACTERS]

    def of_resource(self, facility_id: str, patient: Resource, today: date) -> GivenPatient:
        """Return who a Patient resource names. Raises PatientUnclear."""
        return self._given(facility_id, patient.get("identifier"), _name(patient), today)

    def of_participant(self, facility_id: str, actor: Resource, today: date) -> GivenPatient:
        """Return who a logical reference names by identifier and display. Raises PatientUnclear."""
        identifiers = [actor["identifier"]] if "identifier" in actor else None
        return self._given(facility_id, identifiers, actor.get("display"), today)

    def _given(
        self, facility_id: str, identifiers: object, name: object, today: date
    ) -> GivenPatient:
        if not is_list(identifiers) or len(identifiers) > _IDENTIFIERS_AT_MOST:
            raise PatientUnclear(expression="Patient.identifier")
        keys: dict[str, bool] = {}
        for identifier in identifiers:
            key, is_insurance = self._key(facility_id, identifier, today)
            keys[key] = is_insurance
        if not keys:
            raise PatientUnclear(expression="Patient.identifier")
        # An identity paper binds first, as where people book themselves: it is one everywhere.
        ordered = sorted(keys, key=lambda it: it.partition(":")[0])
        digests = tuple(it.partition(":")[2] for it in ordered)
        return GivenPatient(Patient(None, None, _plain(name), digests), any(keys.values()))

    def _key(self, facility_id: str, identifier: Any, today: date) -> tuple[str, bool]:  # noqa: ANN401 - checked here
        system = identifier.get("system") if is_object(identifier) else None
        value = identifier.get("value") if is_object(identifier) else None
        if not isinstance(system, str) or not isinstance(value, str):
            raise PatientUnclear(expression="Patient.identifier")
        if not 0 < len(value.strip()) <= _IDENTIFIER_CHARACTERS_AT_MOST:
            raise PatientUnclear(expression="Patient.identifier.value")
        papers = {
            self._terms.citizen_cards: (0, IdentityPaperKind.CCCD),
            self._terms.insurance_cards: (1, IdentityPaperKind.BHYT),
        }
        if system not in papers:
            own = key_of_other(self._sealer, facility_id, system, value.strip())
            return f"2:{own}", False
        rank, kind = papers[system]
        try:
            number = identity_number_of(kind, value, today)
        except AccountProblem as error:
            raise PatientUnclear(expression="Patient.identifier.value") from error
        key = key_of_paper(self._sealer, number)
        return f"{rank}:{key}", kind is IdentityPaperKind.BHYT


def _name(patient: Resource) -> object:
    """Return the first name: its text, else family and given names as Vietnamese writes them."""
    names = patient.get("name")
    first = names[0] if is_list(names) and names else None
    if not is_object(first):
        return None
    if isinstance(first.get("text"), str):
        return first["text"]
    given = first.get("given")
    parts = [first.get("family"), *(given if is_list(given) else ())]
    return " ".join(part for part in parts if isinstance(part, str)) or None


def _plain(name: object) -> str:
    if not isinstance(name, str):
        raise PatientUnclear(expression="Patient.name")
    try:
        shown = plain(name, with_lines=False)
    except NotPlain as error:
        raise PatientUnclear(expression="Patient.name") from error
    if not 0 < len(shown) <= NAME_CHARACTERS_AT_MOST or not any(map(str.isalpha, shown)):
        raise PatientUnclear(expression="Patient.name")
    return shown
