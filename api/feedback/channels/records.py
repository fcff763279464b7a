"""Sources, items and issues, and what is known of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum, auto

ITEMS_KEPT_FOR = timedelta(days=90)
TEXT_CHARACTERS_AT_MOST = 2_000
TITLE_CHARACTERS_AT_MOST = 300


class SourceKind(StrEnum):
    """FEED: RSS 2.0 or Atom that we ask; WEBHOOK: a system that sends."""

    FEED = auto()
    WEBHOOK = auto()


class SourceState(StrEnum):
    ACTIVE = auto()
    PAUSED = auto()


class Sentiment(StrEnum):
    NEGATIVE = auto()
    NEUTRAL = auto()
    POSITIVE = auto()


class Topic(StrEnum):
    """The categories of reports, and what is no matter for a report; values are those of categories."""

    ROAD_DAMAGE = "road-damage"
    LANDSLIDE = "landslide"
    STREET_LIGHT = "street-light"
    WASTE = "waste"
    FLOODING = "flooding"
    WATER_SUPPLY = "water-supply"
    POWER = "power"
    FALLEN_TREE = "fallen-tree"
    POLLUTION = "pollution"
    FOREST_FIRE = "forest-fire"
    TOURIST_SERVICES = "tourist-services"
    FOOD_SAFETY = "food-safety"
    WEATHER = "weather"
    HEALTH = "health"
    TOURISM = "tourism"
    TRANSPORT = "transport"
    EDUCATION = "education"
    ADMINISTRATION = "administration"
    SECURITY = "security"
    OTHER = "other"


class IssueState(StrEnum):
    """OPEN takes new items by topic and place; DISMISSED takes only the same story, and is quiet."""

    OPEN = auto()
    DISMISSED = auto()


@dataclass(frozen=True, slots=True)
class Place:
    """What an item is about. `key`: a commune's code, or of a former district a name of ours."""

    key: str
    names: Mapping[str, str]
    commune_codes: tuple[str, ...]


@dataclass(frozen=True, slots=True, repr=False)
class NewItem:
    """An item as a source gives it, cut and masked. `external_id`: what the source calls it."""

    external_id: str
    url: str | None
    title: str
    text: str
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class Understood:
    """What the rules make of an item. `sentiment`: None in a language that they have no words of."""

    language: str | None
    topic: Topic
    place: Place | None
    sentiment: Sentiment | None
    signature: tuple[int, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Item:
    """`words` (title, text, url) are sealed at rest. No author is kept."""

    id: str
    source_id: str
    issue_id: str
    words: "ItemWords"
    language: str | None
    topic: Topic
    place_key: str | None
    sentiment: Sentiment | None
    published_at: datetime
    received_at: datetime


@dataclass(frozen=True, slots=True, repr=False)
class ItemWords:
    title: str
    text: str
    url: str | None


@dataclass(frozen=True, slots=True)
class Issue:
    """`reports`: ids of reports that clerks linked; `moods`: how many items of each sentiment.

    `lead_item_id`: of the item that came first, whose title stands for all; it was published at `began_at`.
    """

    id: str
    topic: Topic
    place: Place | None
    state: IssueState
    lead_item_id: str
    began_at: datetime
    first_at: datetime
    last_at: datetime
    items: int
    moods: Mapping[str, int]
    reports: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """`chain`: which chain of polls is its own; `polls`: how many it has had.

    `failing_since` and `failure`: since when and why nothing was got; None when the last poll was good.
    """

    id: str
    name: str
    kind: SourceKind
    state: SourceState
    url: str | None
    added_at: datetime
    chain: str
    polls: int = 0
    etag: str | None = None
    last_modified: str | None = None
    heard_at: datetime | None = None
    failures: int = 0
    failing_since: datetime | None = None
    failure: str | None = None
