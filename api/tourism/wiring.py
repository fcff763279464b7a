"""Builds what the slice offers."""

from dataclasses import dataclass

from api.accounts.people.repository import AccountRepository
from api.accounts.privacy.consent_ledger import ConsentLedger
from api.foundations import Foundations
from api.kit.personal_data import PersonalData
from api.media.wiring import MediaServices
from api.tourism.closures.service import ClosureService
from api.tourism.closures.wiring import closures_on
from api.tourism.commune_index import CommuneIndex
from api.tourism.editing.editors import Editors
from api.tourism.editing.personal_data import EditingData
from api.tourism.editing.repository import EditingRepository
from api.tourism.editing.service import EditingService
from api.tourism.events.editing import EventEditing
from api.tourism.events.personal_data import EventEditingData
from api.tourism.events.repository import EventRepository
from api.tourism.events.service import EventService
from api.tourism.exchange.exporting import Exporting
from api.tourism.exchange.importing import Importing
from api.tourism.repository import TourismRepository
from api.tourism.reviews.archive import ReviewArchive
from api.tourism.reviews.personal_data import ReviewData
from api.tourism.reviews.photos_consent import PhotosConsent
from api.tourism.reviews.records import SubjectKind
from api.tourism.reviews.service import ReviewService
from api.tourism.reviews.subjects import PlaceSubjects, Subjects, SubjectsOfKind
from api.tourism.service import TourismService
from api.tourism.trails.editing import TrailEditing
from api.tourism.trails.repository import TrailRepository
from api.tourism.trails.service import TrailService
from api.tourism.trails.wiring import trail_editing_on


@dataclass(frozen=True, slots=True)
class TourismServices:
    """Everything of the slice.

    `calendar`: the province's events; `data`: what is kept of people; `consent`: what rests on the
    consent PHOTOS.
    """

    places: TourismService
    closures: ClosureService
    trails: TrailService
    trail_editing: TrailEditing
    editing: EditingService
    exporting: Exporting
    importing: Importing
    reviews: ReviewService
    calendar: EventService
    event_editing: EventEditing
    consent: PhotosConsent
    data: tuple[PersonalData, ...]


class _Parts:
    """What the services share, each once."""

    def __init__(self, on: Foundations, communes: CommuneIndex, media: MediaServices) -> None:
        self.communes = communes
        self.library = media.library
        self.accounts = AccountRepository(on.store, on.sealer)
        self.places = TourismService(on.store, communes, on.clock)
        self.archive = ReviewArchive(on.store, media.library)
        self.consent = PhotosConsent(
            ConsentLedger(on.store, on.sealer), self.accounts, self.archive
        )


def tourism_on(
    on: Foundations, communes: CommuneIndex, media: MediaServices, tours: SubjectsOfKind
) -> TourismServices:
    """Build the services. `tours`: what of the slices above may be reviewed."""
    parts = _Parts(on, communes, media)
    store, audit, clock = on.store, on.audit, on.clock
    return TourismServices(
        places=parts.places,
        closures=closures_on(store, parts.places, communes, audit, clock),
        trails=TrailService(store, on.public_url),
        trail_editing=trail_editing_on(store, parts.places, communes, audit, clock),
        editing=EditingService.on(store, parts.accounts, communes, media.library, audit, clock),
        exporting=Exporting(store),
        importing=Importing(store, communes, audit, clock),
        reviews=_reviews(on, parts, tours),
        calendar=EventService(store, parts.places, clock),
        event_editing=EventEditing(store, Editors(parts.accounts), communes, audit, clock),
        consent=parts.consent,
        data=(
            EditingData(EditingRepository(store)),
            ReviewData(parts.archive),
            EventEditingData(EventRepository(store)),
        ),
    )


def _reviews(on: Foundations, parts: _Parts, tours: SubjectsOfKind) -> ReviewService:
    subjects = Subjects(
        {
            SubjectKind.PLACE: PlaceSubjects(TourismRepository(on.store)),
            SubjectKind.TRAIL: TrailRepository(on.store),
            SubjectKind.TOUR: tours,
        }
    )
    return ReviewService.on(
        parts.archive, parts.consent, subjects, on.limits, on.audit, on.idempotency, on.clock
    )
