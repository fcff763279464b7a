"""The consent on which photos in reports rest."""

from api.accounts.errors import NotSignedIn
from api.accounts.people.repository import AccountRepository
from api.accounts.privacy.consent_ledger import ConsentLedger
from api.accounts.privacy.consents import counts
from api.accounts.privacy.purposes import ConsentPurpose
from api.feedback.life.closing import photo_holder
from api.feedback.reports.errors import PhotosConsentMissing
from api.feedback.reports.records import Reporter, ReporterKind
from api.feedback.reports.repository import ReportRepository
from api.media.library import MediaLibrary


class ReportPhotosConsent:
    """Each side writes the account, so of a photo and a withdrawal at once none is overlooked."""

    def __init__(
        self,
        ledger: ConsentLedger,
        accounts: AccountRepository,
        reports: ReportRepository,
        library: MediaLibrary,
    ) -> None:
        self._ledger = ledger
        self._accounts = accounts
        self._reports = reports
        self._library = library

    async def hold(self, person_id: str) -> None:
        """Keep the consent until the open transaction ends. Raises PhotosConsentMissing, NotSignedIn."""
        if not await self._accounts.hold(person_id):
            raise NotSignedIn
        newest = await self._ledger.newest(person_id, ConsentPurpose.PHOTOS, None)
        if newest is None or not counts(newest):
            raise PhotosConsentMissing

    async def consent_withdrawn(
        self, person_id: str, subject_id: str | None, purpose: ConsentPurpose
    ) -> None:
        """Take a person's photos out of their reports; joins the open transaction."""
        if purpose is not ConsentPurpose.PHOTOS or subject_id is not None:
            return
        await self._accounts.hold(person_id)
        for report in await self._reports.by(Reporter(ReporterKind.PERSON, person_id)):
            for photo in report.photos:
                await self._library.release(photo, photo_holder(report.id))
            await self._reports.without_photos(report.id)
