"""How guardians wish to be told: a wish for each kind of news, and the languages they read, in order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum, auto

from api.kit.store import CollectionSpec, Document, Index, Store
from locales import language_of

NOTICE_WISHES = CollectionSpec("school_notice_wishes", (Index(("person_id",)),))
LANGUAGES_AT_MOST = 5


class News(StrEnum):
    ARRIVAL = auto()
    LEAVING = auto()
    ABSENCE = auto()
    """Unexplained, and what corrects it."""
    MEALS = auto()
    LIBRARY = auto()


class Wish(StrEnum):
    NOW = auto()
    DAILY = auto()
    """In one message in the evening."""
    NEVER = auto()


DEFAULTS: Mapping[News, Wish] = {
    News.ARRIVAL: Wish.NOW,
    News.LEAVING: Wish.NOW,
    News.ABSENCE: Wish.NOW,
    News.MEALS: Wish.NEVER,
    News.LIBRARY: Wish.DAILY,
}


@dataclass(frozen=True, slots=True)
class NoticeWishes:
    """`languages`: BCP 47 tags, the best first; empty: as each phone is set."""

    wishes: Mapping[News, Wish] = field(default_factory=lambda: dict(DEFAULTS))
    languages: tuple[str, ...] = ()

    def wish(self, news: News) -> Wish:
        return self.wishes.get(news, DEFAULTS[news])

    @property
    def language(self) -> str | None:
        """The first of her languages that we speak: of hmn, vi, en it is vi. None: the phone's."""
        return next((ours for tag in self.languages if (ours := language_of(tag))), None)


class NoticeWishRepository:
    """All queries on wishes, one document for each guardianship."""

    def __init__(self, store: Store) -> None:
        self._wishes = store[NOTICE_WISHES]

    async def of(self, guardianship_id: str) -> NoticeWishes:
        document = await self._wishes.get(guardianship_id)
        return _wishes(document) if document else NoticeWishes()

    async def put(
        self,
        guardianship_id: str,
        person_id: str,
        wishes: Mapping[News, Wish],
        languages: Sequence[str],
    ) -> None:
        await self._wishes.upsert(
            {
                "_id": guardianship_id,
                "person_id": person_id,
                "wishes": {news.value: wish.value for news, wish in wishes.items()},
                "languages": list(languages),
            }
        )

    async def remove_of_person(self, person_id: str) -> None:
        await self._wishes.delete_many({"person_id": person_id})

    async def remove(self, guardianship_id: str) -> None:
        await self._wishes.delete_one({"_id": guardianship_id})


def _wishes(document: Document) -> NoticeWishes:
    wishes: dict[str, str] = document["wishes"]
    return NoticeWishes(
        {News(news): Wish(wish) for news, wish in wishes.items()}, tuple(document["languages"])
    )
