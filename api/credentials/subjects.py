"""What is kept of a pass or pupil, for the slice that knows whose it is: told, and forgotten."""

from datetime import datetime

from api.credentials.issuing import Issuing
from api.credentials.records import CredentialKind, RevocationReason
from api.credentials.repository import CredentialRepository
from api.credentials.scans.records import Scan
from api.credentials.scans.repository import ScanRepository
from api.kit.store import Store
from api.kit.transactions import transact


class Subjects:
    def __init__(self, store: Store, issuing: Issuing) -> None:
        self._store = store
        self._issuing = issuing
        self._credentials = CredentialRepository(store)
        self._scans = ScanRepository(store)

    async def scans_of(self, subject_id: str) -> list[Scan]:
        """Return every scan of a pass or pupil, in the order of time."""
        return await self._scans.of_subject(subject_id)

    async def forget(self, kind: CredentialKind, subject_id: str, now: datetime) -> None:
        """Revoke what lives, and let cards and scans lead to nobody; joins the open transaction."""

        async def work() -> None:
            if living := await self._credentials.living(kind, subject_id):
                await self._issuing.revoke(living.id, RevocationReason.LEFT, now)
            await self._credentials.forget_subject(kind, subject_id)
            await self._scans.forget_subject(kind, subject_id)

        await transact(self._store, work)
