"""What clerks do with the photos of a report: hide faces and plates, and read an original with a reason."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum, auto
from typing import Any

from api.accounts.caller import Caller
from api.feedback.agencies.staff import AgencyStaff, desk_entry
from api.feedback.errors import ReportNotFound
from api.feedback.life.steps import StepRepository
from api.feedback.photos.errors import BlurredSince, BoxesRefused, PhotoNotFound
from api.feedback.reports.code import code_of
from api.feedback.reports.records import Report
from api.feedback.reports.repository import ReportRepository
from api.kit.audit_log import AuditLog, Details
from api.kit.idempotency import Idempotency
from api.kit.store import Store
from api.kit.transactions import transact
from api.media.blurring.errors import BlurChanged, InvalidBoxes
from api.media.blurring.service import BOXES_AT_MOST, Blurring, OriginalLink, PhotoBlur
from api.media.errors import MediaNotFound, OtherKind
from api.media.library import Capture, MediaLibrary
from api.media.records import BlurBox


class OriginalReason(StrEnum):
    """Why a clerk reads an original. Fixed, for the audit log holds no words of anybody."""

    CHECK_BLUR = auto()
    COMPLAINT = auto()
    AUTHORITY = auto()


@dataclass(frozen=True, slots=True)
class SeenPhoto:
    """Which photo of which report a clerk saw; `version`: of its blur."""

    agency_id: str
    code: str
    media_id: str
    version: int = 0


@dataclass(frozen=True, slots=True)
class DeskPhoto:
    """`capture`: when and where the camera says that it was taken."""

    blur: PhotoBlur
    capture: Capture | None


class DeskPhotos:
    def __init__(
        self,
        store: Store,
        reports: ReportRepository,
        steps: StepRepository,
        staff: AgencyStaff,
        blurring: Blurring,
        library: MediaLibrary,
        audit: AuditLog,
        idempotency: Idempotency,
    ) -> None:
        self._store = store
        self._reports = reports
        self._steps = steps
        self._staff = staff
        self._blurring = blurring
        self._library = library
        self._audit = audit
        self._idempotency = idempotency

    async def of(self, media_ids: Sequence[str]) -> list[DeskPhoto]:
        """Return what clerks know of photos; the caller has checked that they may see the report."""
        return [
            DeskPhoto(blur, await self._library.capture_of(blur.media_id))
            for blur in await self._blurring.blurs(media_ids)
        ]

    async def blur(
        self, caller: Caller, seen: SeenPhoto, boxes: Sequence[BlurBox], key: str
    ) -> DeskPhoto:
        """Take a photo from everybody until exactly these boxes are hidden in it.

        Raises NotSignedIn, NotAllowed, ReportNotFound, PhotoNotFound, BoxesRefused, BlurredSince and
        IdempotencyProblem.
        """
        person_id = self._staff.clerk(caller, seen.agency_id)

        async def work() -> dict[str, Any]:
            report = await self._held(person_id, seen)
            await self._ask(seen, boxes)
            told: Details = {"media": seen.media_id, "boxes": len(boxes)}
            await self._audit.append(
                desk_entry(person_id, "report.blur_photo", report.id, seen.agency_id, told)
            )
            return {"media": seen.media_id}

        asked = {**asdict(seen), "boxes": [asdict(box) for box in boxes]}
        await self._idempotency.once(person_id, "blurPhoto", key, asked, work)
        photos = await self.of([seen.media_id])
        if not photos:
            raise PhotoNotFound
        return photos[0]

    async def read_original(
        self, caller: Caller, seen: SeenPhoto, reason: OriginalReason
    ) -> OriginalLink:
        """Return an address of a photo as it was before it was blurred; every reading is audited.

        Raises NotSignedIn, NotAllowed, ReportNotFound and PhotoNotFound.
        """
        person_id = self._staff.clerk(caller, seen.agency_id)

        async def work() -> OriginalLink:
            report = await self._held(person_id, seen)
            link = await self._link(seen.media_id)
            told: Details = {"media": seen.media_id, "reason": reason.name}
            await self._audit.append(
                desk_entry(person_id, "report.read_original", report.id, seen.agency_id, told)
            )
            return link

        return await transact(self._store, work)

    async def _held(self, person_id: str, seen: SeenPhoto) -> Report:
        """Return the report that the agency has, and whose photo it is, within the open transaction."""
        await self._staff.hold_clerk(person_id, seen.agency_id)
        code = code_of(seen.code)
        report = await self._reports.coded(code) if code else None
        if report is None or report.route.agency_id != seen.agency_id:
            raise ReportNotFound
        steps = (await self._steps.of_reports([report.id]))[report.id]
        proofs = {photo for step in steps for photo in step.photos}
        if seen.media_id not in {*report.photos, *proofs}:
            raise PhotoNotFound
        return report

    async def _ask(self, seen: SeenPhoto, boxes: Sequence[BlurBox]) -> None:
        try:
            await self._blurring.blur(seen.media_id, seen.version, boxes)
        except InvalidBoxes as error:
            raise BoxesRefused(most=BOXES_AT_MOST) from error
        except BlurChanged as error:
            raise BlurredSince from error
        except (MediaNotFound, OtherKind) as error:
            raise PhotoNotFound from error

    async def _link(self, media_id: str) -> OriginalLink:
        try:
            return await self._blurring.original_link(media_id)
        except (MediaNotFound, OtherKind) as error:
            raise PhotoNotFound from error
