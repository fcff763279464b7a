"""What a patient does with shared documents: read, hide, and remove them. Nobody else reads any."""

from datetime import datetime

from api.accounts.caller import Caller
from api.health.appointments.errors import PatientNotFound
from api.health.record.document_repository import SharedDocumentRepository
from api.health.record.errors import DocumentNotFound
from api.health.record.owners import Owners
from api.health.record.shared_document import DocumentState, SharedDocument
from api.kit.pages import Listing, Page, checked_first
from api.kit.store import Store
from api.kit.transactions import transact

_NEWEST_FIRST = Listing("health.documents", (datetime, str))


class DocumentsReading:
    def __init__(self, store: Store, documents: SharedDocumentRepository, owners: Owners) -> None:
        self._store = store
        self._documents = documents
        self._owners = owners

    async def page(
        self,
        caller: Caller,
        patient_id: str | None,
        first: int,
        after: str | None,
        *,
        with_hidden: bool,
    ) -> Page[SharedDocument]:
        """Return documents, the newest first, withdrawn ones without their titles.

        Raises NotSignedIn, PatientNotFound, InvalidPageSize, InvalidCursor.
        """
        person_id = caller.person()
        await self._owners.check(person_id, patient_id)
        start = _NEWEST_FIRST.values(after)
        found = await self._documents.of_patient(
            person_id,
            patient_id,
            hidden=(False, True) if with_hidden else (False,),
            after=None if start is None else (start[0], start[1]),
            limit=checked_first(first) + 1,
        )
        return _NEWEST_FIRST.page(
            found, first=first, after=after, values=lambda one: (one.created_at, one.id)
        )

    async def content(self, caller: Caller, document_id: str) -> tuple[SharedDocument, bytes]:
        """Return a document with its content. Raises NotSignedIn, DocumentNotFound."""
        person_id = caller.person()
        document = await self._own(person_id, document_id)
        try:
            await self._owners.check(person_id, document.dependant_id)
        except PatientNotFound as error:
            raise DocumentNotFound from error
        content = await self._documents.content(document_id)
        if document.state is not DocumentState.SHARED or not content:
            raise DocumentNotFound
        return document, content

    async def hide(self, caller: Caller, document_id: str, *, is_hidden: bool) -> SharedDocument:
        """Leave it out of the list, or show it again. Raises NotSignedIn, DocumentNotFound."""
        person_id = caller.person()

        async def work() -> SharedDocument:
            await self._own(person_id, document_id)
            changed = await self._documents.hide(document_id, is_hidden=is_hidden)
            if changed is None:
                raise DocumentNotFound
            return changed

        return await transact(self._store, work)

    async def remove(self, caller: Caller, document_id: str) -> None:
        """Forget it for good. Raises NotSignedIn, DocumentNotFound."""
        person_id = caller.person()

        async def work() -> None:
            await self._own(person_id, document_id)
            await self._documents.remove(document_id)

        await transact(self._store, work)

    async def _own(self, person_id: str, document_id: str) -> SharedDocument:
        document = await self._documents.get(document_id)
        if document is None or document.person_id != person_id:
            raise DocumentNotFound
        if document.state is DocumentState.AWAITING:
            raise DocumentNotFound
        # Of a dependant who was removed nothing is left, so it is theirs or the person's own.
        return document
