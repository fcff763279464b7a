"""The consent on which photos in reviews rest."""

from api.accounts.errors import NotSignedIn
from api.accounts.people.repository import AccountRepository
from api.accounts.privacy.consent_ledger import ConsentLedger
from api.accounts.privacy.consents import counts
from api.accounts.privacy.purposes import ConsentPurpose
from api.tourism.reviews.archive import ReviewArchive
from api.tourism.reviews.errors import PhotosConsentMissing
from api.tourism.reviews.transitions import without_photos


class PhotosConsent:
    """Each side writes the account, so of a photo and a withdrawal at once none is overlooked."""

    def __init__(
        self, ledger: ConsentLedger, accounts: AccountRepository, archive: ReviewArchive
    ) -> None:
        self._ledger = ledger
        self._accounts = accounts
        self._archive = archive

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
        """Take a person's photos out of their reviews; joins the open transaction."""
        if purpose is not ConsentPurpose.PHOTOS or subject_id is not None:
            return
        await self._accounts.hold(person_id)
        for review in await self._archive.reviews.all_by(person_id):
            if review.photos:
                await self._archive.change(review, without_photos(review))
