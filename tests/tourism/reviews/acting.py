"""Reviews without a network: people by name, who do at the services what the contract lets them do."""

from itertools import count

from api.accounts.caller import PROVINCE, Caller, Grant, Role
from api.accounts.people.repository import Account, AccountRepository, Profile
from api.accounts.privacy.consents import GivenConsent
from api.accounts.privacy.purposes import ConsentPurpose, current_texts
from api.context import Services
from api.kit.ids import new_id
from api.kit.store import Store
from api.media.records import Media, MediaKind, MediaState, Upload
from api.media.repository import MediaRepository
from api.tourism.reviews.content_rules import NewContent
from api.tourism.reviews.errors import ModerationConflict
from api.tourism.reviews.moderation.moderating import Verdict
from api.tourism.reviews.ratings import Rating
from api.tourism.reviews.records import STARS_AT_MOST, Fault, Review, Subject, SubjectKind
from api.tourism.reviews.repository import REVIEWS
from tests.conftest import NOW

PLACE = Subject(SubjectKind.PLACE, "P1")
_MODERATORS = frozenset({Grant(Role.MODERATOR, PROVINCE)})
LAN, TUA = Caller("lan", grants=_MODERATORS), Caller("tua", grants=_MODERATORS)
MAI, SUNG = Caller("mai"), Caller("sung")
_KEYS = count(1)


def a_key() -> str:
    return f"key-of-somebody-acting-{next(_KEYS)}"


def of_stars(stars: int, *photos: str) -> NewContent:
    return NewContent(stars, f"{stars} stars", "en", "2026-04", photos, None)


async def write(services: Services, author: Caller, stars: int, *photos: str) -> Review:
    content = of_stars(stars, *photos)
    return await services.tourism.reviews.writing.write(author, PLACE, content, a_key())


async def decide(
    services: Services,
    moderator: Caller,
    review: Review,
    fault: Fault | None = None,
    *,
    takes_down: bool = False,
) -> str:
    """Decide on what was seen and tell how that went."""
    verdict = Verdict(review.id, review.submitted.number, fault, "why", takes_down=takes_down)
    try:
        await services.tourism.reviews.moderating.decide(moderator, verdict, a_key())
    except ModerationConflict:
        return "conflict"
    return "refused" if fault else "approved"


async def kept_rating(services: Services) -> tuple[int, ...]:
    (rating,) = await services.tourism.reviews.reading.ratings([PLACE])
    return rating.histogram


async def scanned_rating(store: Store) -> tuple[int, ...]:
    """Count what is shown, review by review."""
    shown = [
        review["shown"]["stars"] for review in await store[REVIEWS].find({}) if review["shown"]
    ]
    return Rating(tuple(shown.count(stars + 1) for stars in range(STARS_AT_MOST))).histogram


async def an_account(services: Services, caller: Caller) -> None:
    """Let a caller have an account, and agree to photos."""
    accounts = AccountRepository(services.store, services.sealer)
    await accounts.add(Account(caller.person(), "en", Profile(), frozenset(), NOW))
    version = current_texts(ConsentPurpose.PHOTOS)["en"].version
    given = GivenConsent(ConsentPurpose.PHOTOS, version, "en", None, dependant_agrees=False)
    await services.accounts.consents.give(caller, given, a_key())


async def a_photo_of(services: Services, caller: Caller) -> str:
    """Put a photo there, as if it had been uploaded, and return its id."""
    upload = Upload(1_000, "image/jpeg", NOW)
    media = Media(
        new_id(), caller.person(), MediaKind.PHOTO, MediaState.READY, upload, NOW, NOW, run="1"
    )
    await MediaRepository(services.store).add(media)
    return media.id
