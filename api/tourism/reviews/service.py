"""Reviews as one thing to build and to reach."""

from dataclasses import dataclass

from api.kit.audit_log import AuditLog
from api.kit.clock import Clock
from api.kit.idempotency import Idempotency
from api.kit.limits import Limits
from api.tourism.reviews.archive import ReviewArchive
from api.tourism.reviews.moderation.moderating import Moderating
from api.tourism.reviews.photos_consent import PhotosConsent
from api.tourism.reviews.reading import Reading
from api.tourism.reviews.replying import Replying
from api.tourism.reviews.subjects import Subjects
from api.tourism.reviews.writing import Writing


@dataclass(frozen=True, slots=True)
class ReviewService:
    writing: Writing
    reading: Reading
    moderating: Moderating
    replying: Replying
    subjects: Subjects

    @classmethod
    def on(
        cls,
        archive: ReviewArchive,
        consent: PhotosConsent,
        subjects: Subjects,
        limits: Limits,
        audit: AuditLog,
        idempotency: Idempotency,
        clock: Clock,
    ) -> "ReviewService":
        return cls(
            writing=Writing(archive, consent, subjects, limits, idempotency, clock),
            reading=Reading(archive, limits, idempotency, clock),
            moderating=Moderating(archive, audit, idempotency, clock),
            replying=Replying(archive, audit, idempotency, clock),
            subjects=subjects,
        )
