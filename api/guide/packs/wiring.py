"""Builds packs of everybody who has items for them."""

from api.guide.narrations.service import NarrationService
from api.guide.packs.event_items import EventItems
from api.guide.packs.links import PackLinks
from api.guide.packs.place_items import PlaceItems
from api.guide.packs.repository import PACK_FILES, PACK_PARTS, PACK_VERSIONS, PackRepository
from api.guide.packs.safety_items import SafetyItems
from api.guide.packs.service import PackService
from api.guide.packs.signatures import HOLDS_FOR, PURPOSE, PackSignatures
from api.guide.packs.tour_items import TourItems
from api.guide.packs.trail_items import TrailItems
from api.guide.speech.recordings import Recordings
from api.guide.tours.library import TourLibrary
from api.kit.clock import Clock
from api.kit.sealing import Sealer
from api.kit.signing_keys import SigningKeys
from api.kit.store import Store
from api.tourism.commune_index import CommuneIndex
from api.tourism.opening.holidays import shipped_holidays

PACK_COLLECTIONS = (PACK_VERSIONS, PACK_FILES, PACK_PARTS)


def packs_on(
    store: Store,
    sealer: Sealer,
    library: TourLibrary,
    speech: Recordings,
    narrations: NarrationService,
    communes: CommuneIndex,
    clock: Clock,
    *,
    public_url: str,
) -> PackService:
    sources = (
        PlaceItems(store),
        TrailItems(store, communes),
        TourItems(library, speech, narrations, communes),
        EventItems(store, clock),
        SafetyItems(shipped_holidays()),
    )
    keys = SigningKeys(store, sealer, clock, PURPOSE, verifies_for=HOLDS_FOR)
    return PackService(
        sources,
        library,
        communes,
        PackRepository(store, clock),
        PackLinks(sealer, public_url, clock),
        PackSignatures(keys, public_url, clock),
    )
