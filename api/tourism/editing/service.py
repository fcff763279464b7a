"""Editing as one thing to build and to reach."""

from dataclasses import dataclass

from api.accounts.people.repository import AccountRepository
from api.kit.audit_log import AuditLog
from api.kit.clock import Clock
from api.kit.store import Store
from api.media.library import MediaLibrary
from api.tourism.commune_index import CommuneIndex
from api.tourism.editing.conflicts import Conflicts
from api.tourism.editing.drafts import Drafts
from api.tourism.editing.editors import Editors
from api.tourism.editing.pictures import PlacePictures
from api.tourism.editing.publishing import Publishing
from api.tourism.editing.reading import Reading
from api.tourism.editing.repository import EditingRepository
from api.tourism.repository import TourismRepository


@dataclass(frozen=True, slots=True)
class EditingService:
    drafts: Drafts
    publishing: Publishing
    reading: Reading

    @classmethod
    def on(
        cls,
        store: Store,
        accounts: AccountRepository,
        communes: CommuneIndex,
        library: MediaLibrary,
        audit: AuditLog,
        clock: Clock,
    ) -> "EditingService":
        repository, editors = EditingRepository(store), Editors(accounts)
        conflicts, pictures = Conflicts(repository, editors), PlacePictures(library)
        return cls(
            drafts=Drafts(store, repository, conflicts, communes, pictures, clock),
            publishing=Publishing(store, repository, conflicts, communes, pictures, audit, clock),
            reading=Reading(repository, TourismRepository(store), editors, audit),
        )
