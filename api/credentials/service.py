"""Credentials as one thing to build and to reach."""

from dataclasses import dataclass

from api.credentials.gates.enrolling import Enrolling
from api.credentials.holding import Holding
from api.credentials.issuing import Issuing
from api.credentials.scans.flags import Flags
from api.credentials.scans.scanning import Scanning
from api.credentials.staffing import Staffing
from api.credentials.status.publishing import Publishing
from api.credentials.subjects import Subjects
from api.kit.signing_keys import SigningKeys


@dataclass(frozen=True, slots=True)
class CredentialService:
    """`issuing`, `subjects` and `staffing.printed` are for other slices, in their own transactions."""

    keys: SigningKeys
    issuing: Issuing
    holding: Holding
    staffing: Staffing
    enrolling: Enrolling
    scanning: Scanning
    flags: Flags
    publishing: Publishing
    subjects: Subjects
