"""Code systems, identifiers and moments as the door writes them."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from api.health.fhir.exchange import Resource
from api.health.specialties import SPECIALTIES
from api.kit.localized import best_language

SNOMED = "http://snomed.info/sct"
_LANGUAGE = "en"
_DIGEST_CHARACTERS = 16


@dataclass(frozen=True, slots=True)
class Terms:
    """`public_url`: where the world reaches us, without a slash at its end."""

    public_url: str

    @property
    def base(self) -> str:
        """The base address of the door."""
        return f"{self.public_url}/fhir"

    @property
    def specialties(self) -> str:
        return f"{self.base}/CodeSystem/specialty"

    @property
    def service_modes(self) -> str:
        return f"{self.base}/CodeSystem/service-mode"

    @property
    def facilities(self) -> str:
        return f"{self.base}/sid/facility"

    @property
    def patients(self) -> str:
        """The system of the names that a facility knows patients by, each its own."""
        return f"{self.base}/sid/patient"

    @property
    def queue_numbers(self) -> str:
        return f"{self.base}/sid/queue-number"

    @property
    def citizen_cards(self) -> str:
        """Numbers of citizen identity cards (CCCD)."""
        return f"{self.base}/sid/cccd"

    @property
    def insurance_cards(self) -> str:
        """Numbers of health insurance cards (BHYT)."""
        return f"{self.base}/sid/bhyt"

    def specialty(self, code: str) -> Resource:
        """Return the CodeableConcept of one of our specialties."""
        known = SPECIALTIES.get(code)
        coding = [{"system": self.specialties, "code": code}]
        if known is not None and known.snomed is not None:
            coding.append({"system": SNOMED, "code": known.snomed})
        return {"coding": coding, **({"text": known.name} if known else {})}

    def specialty_codes(self, system: str | None, code: str) -> frozenset[str]:
        """Return our codes of what a token means; None: a code of whatever system."""
        ours = {code} & SPECIALTIES.keys() if system in (None, self.specialties) else set[str]()
        theirs = (
            {one.code for one in SPECIALTIES.values() if one.snomed == code}
            if system in (None, SNOMED)
            else set[str]()
        )
        return frozenset(ours | theirs)


def instant(moment: datetime) -> str:
    """Return an aware moment as R4's `instant`: `2026-05-04T00:00:00Z`, milliseconds where there are any."""
    text = moment.astimezone(UTC).replace(tzinfo=None)
    precision = "milliseconds" if text.microsecond else "seconds"
    return f"{text.isoformat(timespec=precision)}Z"


def reference(kind: str, resource_id: str) -> Resource:
    return {"reference": f"{kind}/{resource_id}"}


def text_of(texts: Mapping[str, str]) -> str:
    """Return the Vietnamese text, which a system in a hospital here shows, else any."""
    return texts.get("vi") or texts[best_language(texts, _LANGUAGE) or ""]


def with_version(resource: Resource) -> Resource:
    """Return a resource that is not numbered under a version of its own: a digest of what it says."""
    canonical = json.dumps(resource, sort_keys=True, separators=(",", ":")).encode()
    version = hashlib.sha256(canonical).hexdigest()[:_DIGEST_CHARACTERS]
    return {**resource, "meta": {"versionId": version}}
