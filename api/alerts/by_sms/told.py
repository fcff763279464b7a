"""Who was told what by SMS: each text of a warning, and each that says it is over, once for a person."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Final

from api.kit.ids import derived_id
from api.kit.store import (
    CollectionSpec,
    Document,
    DuplicateKey,
    Index,
    Store,
    WriteConflict,
)
from notifications.text_message import TextFate
from notifications.texts import Texts

KEPT_SECONDS = 30 * 24 * 3600
"""After the warning's end, as long as its outbox."""
NEXT_LOOK_AFTER: Final = timedelta(seconds=15)
"""While a text is in the hands of a worker (`Standing.is_waiting`); as long as that lasts."""
_READ_AT_ONCE = 500

WARNING_SMS = CollectionSpec(
    "warning_sms",
    (
        Index(("notice_id", "person_id")),
        Index(("person_id",)),
        Index(("expires_at",), expire_after_seconds=KEPT_SECONDS),
    ),
)


@dataclass(frozen=True, slots=True)
class SmsTold:
    """A text that was queued for a person.

    `notice_id`: what it puts into a thread (api.alerts.shown.Put). `text_id`: one text may end several threads.
    `communes`: those whose warnings the person wanted then.
    """

    notice_id: str
    person_id: str
    text_id: str
    language: str
    communes: frozenset[str]
    expires_at: datetime

    @property
    def id(self) -> str:
        return _id(self.notice_id, self.person_id)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a person stands with some notices.

    `told`: all that was queued for them, in the notices' order. `last`: what reached them last, or may have.
    `language`: that of the first that did. `is_waiting`: some may still go out.
    """

    person_id: str
    told: tuple[SmsTold, ...] = ()
    last: SmsTold | None = None
    language: str | None = None
    is_waiting: bool = False

    def has(self, notice_id: str) -> bool:
        return any(one.notice_id == notice_id for one in self.told)


class SmsRecords:
    """All queries on them."""

    def __init__(self, store: Store, texts: Texts) -> None:
        self._told = store[WARNING_SMS]
        self._texts = texts

    async def add(self, told: SmsTold) -> bool:
        """Note that a text is queued; False when the person has that one. Joins the open transaction."""
        if await self._told.get(told.id) is not None:
            return False
        try:
            await self._told.insert(_document(told))
        except DuplicateKey as error:
            raise WriteConflict from error  # another worker's came in between: look again
        return True

    async def is_told(self, notice_id: str, person_id: str) -> bool:
        return await self._told.get(_id(notice_id, person_id)) is not None

    async def is_anybody_told(self, notice_ids: Sequence[str]) -> bool:
        return await self._told.find_one({"notice_id": {"$in": list(notice_ids)}}) is not None

    async def standings(self, notice_ids: Sequence[str]) -> AsyncGenerator[Standing]:
        """Yield everybody who was told one of these notices, which are given oldest first; each person once."""
        places = {notice_id: place for place, notice_id in enumerate(notice_ids)}
        pending: list[SmsTold] = []
        async for page in self._pages(notice_ids):
            pending += page
            # The last one's texts may go on in the next page.
            whole = [one for one in pending if one.person_id != pending[-1].person_id]
            for standing in await self._judged(whole, places):
                yield standing
            pending = pending[len(whole) :]
        for standing in await self._judged(pending, places):
            yield standing

    async def withdraw(self, notice_ids: Sequence[str]) -> None:
        """Send none of these texts any more that has not gone."""
        async for page in self._pages(notice_ids):
            await self._texts.withdraw([one.text_id for one in page])

    async def of_person(self, person_id: str) -> list[SmsTold]:
        found = await self._told.find({"person_id": person_id})
        return sorted(map(_told, found), key=lambda one: (one.expires_at, one.notice_id))

    async def erase(self, person_id: str) -> None:
        await self._told.delete_many({"person_id": person_id})

    async def _pages(self, notice_ids: Sequence[str]) -> AsyncGenerator[list[SmsTold]]:
        after: tuple[str, str] | None = None
        while found := await self._told.find(
            {"notice_id": {"$in": list(notice_ids)}},
            sort=[("person_id", 1)],
            after=after,
            limit=_READ_AT_ONCE,
        ):
            yield list(map(_told, found))
            after = (found[-1]["person_id"], found[-1]["_id"])

    async def _judged(self, told: Sequence[SmsTold], places: dict[str, int]) -> list[Standing]:
        fates = await self._texts.fates(sorted({one.text_id for one in told}))
        return [
            _standing(person_id, sorted(own, key=lambda one: places[one.notice_id]), fates)
            for person_id, own in groupby(told, key=lambda one: one.person_id)
        ]


def _standing(person_id: str, told: list[SmsTold], fates: dict[str, TextFate]) -> Standing:
    # What is no longer kept of a text was settled long ago, and then it had gone, for all that is known.
    gone = [one for one in told if fates.get(one.text_id, TextFate.GONE) is TextFate.GONE]
    return Standing(
        person_id,
        tuple(told),
        last=gone[-1] if gone else None,
        language=gone[0].language if gone else None,
        is_waiting=any(fates.get(one.text_id) is TextFate.WAITING for one in told),
    )


def _id(notice_id: str, person_id: str) -> str:
    return derived_id("warning sms", notice_id, person_id)


def _document(told: SmsTold) -> Document:
    return {
        "_id": told.id,
        "notice_id": told.notice_id,
        "person_id": told.person_id,
        "text_id": told.text_id,
        "language": told.language,
        "communes": sorted(told.communes),
        "expires_at": told.expires_at,
    }


def _told(document: Document) -> SmsTold:
    return SmsTold(
        notice_id=document["notice_id"],
        person_id=document["person_id"],
        text_id=document["text_id"],
        language=document["language"],
        communes=frozenset(document["communes"]),
        expires_at=document["expires_at"],
    )
