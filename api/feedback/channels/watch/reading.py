"""Reading digests and spikes at the desk: the list in the app beside what is pushed."""

from datetime import date, datetime

from api.accounts.caller import Caller
from api.feedback.agencies.agency import PROVINCE_OFFICE
from api.feedback.agencies.staff import AgencyStaff
from api.feedback.channels.watch.digest_repository import Digest, DigestRepository
from api.feedback.channels.watch.spike_repository import Spike, SpikeRepository
from api.kit.pages import Listing, Page, checked_first

_DIGESTS = Listing("channels.digests", (datetime, str))
_SPIKES = Listing("channels.spikes", (datetime, str))


class ReadingWatch:
    def __init__(
        self, digests: DigestRepository, spikes: SpikeRepository, staff: AgencyStaff
    ) -> None:
        self._digests = digests
        self._spikes = spikes
        self._staff = staff

    async def digests(self, caller: Caller, first: int, after: str | None) -> Page[Digest]:
        """Return a page of digests, the newest first.

        Raises NotSignedIn, NotAllowed, InvalidPageSize and InvalidCursor.
        """
        self._staff.clerk(caller, PROVINCE_OFFICE)
        found = await self._digests.page(_DIGESTS.values(after), checked_first(first) + 1)
        return _DIGESTS.page(found, first=first, after=after, values=_until)

    async def spikes(self, caller: Caller, first: int, after: str | None) -> Page[Spike]:
        """Return a page of spikes, the newest first.

        Raises NotSignedIn, NotAllowed, InvalidPageSize and InvalidCursor.
        """
        self._staff.clerk(caller, PROVINCE_OFFICE)
        found = await self._spikes.page(_SPIKES.values(after), checked_first(first) + 1)
        return _SPIKES.page(found, first=first, after=after, values=lambda it: (it.began_at, it.id))


def _until(digest: Digest) -> tuple[datetime, str]:
    day: date = digest.day
    return digest.until, day.isoformat()
