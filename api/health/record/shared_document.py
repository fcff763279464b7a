"""Documents that a facility shares with a patient: prescriptions, results, summaries of visits."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum, auto

from api.health.record.errors import InvalidDocument

DOCUMENT_BYTES_AT_MOST = 5_000_000
DOCUMENTS_OF_AN_APPOINTMENT = 20
TITLE_CHARACTERS_AT_MOST = 100
OPEN_FOR = timedelta(minutes=30)
"""How long a document waits for its content."""


class DocumentKind(StrEnum):
    PRESCRIPTION = auto()
    RESULT = auto()
    VISIT_SUMMARY = auto()
    OTHER = auto()


class DocumentFormat(StrEnum):
    PDF = auto()
    JPEG = auto()


class DocumentState(StrEnum):
    """AWAITING: its content has not come; nobody but the desk sees it."""

    AWAITING = auto()
    SHARED = auto()
    WITHDRAWN = auto()


CONTENT_TYPES = {DocumentFormat.PDF: "application/pdf", DocumentFormat.JPEG: "image/jpeg"}


@dataclass(frozen=True, slots=True, repr=False)
class SharedDocument:
    """Of the patient whom an appointment names: `person_id`, or `dependant_id` for whom that one acts.

    `title`: empty once it is withdrawn. `shared_by`: the clerk, None when that account is gone.
    """

    id: str
    person_id: str
    dependant_id: str | None
    facility_id: str
    appointment_id: str
    kind: DocumentKind
    title: str
    format: DocumentFormat
    byte_count: int
    state: DocumentState
    is_hidden: bool
    shared_by: str | None
    created_at: datetime
    withdrawn_at: datetime | None = None

    def is_open(self, now: datetime) -> bool:
        """Tell whether its content may still come."""
        return self.state is DocumentState.AWAITING and now < self.created_at + OPEN_FOR


def check_content(document: SharedDocument, content: bytes) -> None:
    """Raise InvalidDocument unless the bytes are as many and of the format as announced."""
    begins, ends = {
        DocumentFormat.PDF: (content.startswith(b"%PDF-"), b"%%EOF" in content[-1_024:]),
        DocumentFormat.JPEG: (content.startswith(b"\xff\xd8\xff"), b"\xff\xd9" in content[-1_024:]),
    }[document.format]
    if len(content) != document.byte_count or not begins or not ends:
        raise InvalidDocument(most=DOCUMENT_BYTES_AT_MOST)


def check_announced(byte_count: int) -> None:
    """Raise InvalidDocument for a length that none may have."""
    if not 0 < byte_count <= DOCUMENT_BYTES_AT_MOST:
        raise InvalidDocument(most=DOCUMENT_BYTES_AT_MOST)
