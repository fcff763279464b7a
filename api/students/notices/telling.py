"""Tells the guardians of a pupil: at once, in the evening, or not at all, as each of them wishes.

News are asked for in the transaction that makes them, as a job for each guardian: none is lost, and by
the job's and the notice's ids none is told twice. What is no longer so when its turn comes is not told.
"""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, Protocol

from api.kit.clock import Clock
from api.kit.formats import VIETNAM_TIME, day_in_vietnam
from api.kit.ids import derived_id
from api.kit.jobs import Handler, Jobs
from api.kit.store import CollectionSpec, DuplicateKey, Index, Store
from api.kit.transactions import transact
from api.students.guardians.access import PupilAccess
from api.students.guardians.guardianship import GuardianRepository, Guardianship
from api.students.notices.preferences import News, NoticeWishRepository, Wish
from api.students.notices.texts import Sentence, day_texts, texts_of
from notifications.notice import Notice, Priority, Text
from notifications.service import Notifications

TELL = "students.tell"
TELL_DAY = "students.tell_day"
EVENING = time(18, 30, tzinfo=VIETNAM_TIME)
_WORTH_TELLING = timedelta(hours=12)
"""What is older is no news: it stands in the app."""

DAY_NEWS = CollectionSpec(
    "school_day_news",
    (
        Index(("guardianship_id", "day")),
        Index(("pupil_id",)),
        Index(("kept_until",), expire_after_seconds=0),
    ),
)


class StillSo(Protocol):
    """Knows whether news that was asked for is still true when it is told, and notes that it is."""

    async def is_still_so(self, pupil_id: str, day: date, message: str) -> bool:
        """Answer within the open transaction, in which it is told if so."""
        ...


class Telling:
    """`still_so` may be set once, by whoever knows: attendance is built on this."""

    def __init__(
        self,
        store: Store,
        guardians: GuardianRepository,
        access: PupilAccess,
        wishes: NoticeWishRepository,
        notifications: Notifications,
        jobs: Jobs,
        clock: Clock,
    ) -> None:
        self._store = store
        self._news = store[DAY_NEWS]
        self._guardians = guardians
        self._access = access
        self._wishes = wishes
        self._notifications = notifications
        self._jobs = jobs
        self._clock = clock
        self._still_so: StillSo | None = None

    def ask(self, still_so: StillSo) -> None:
        self._still_so = still_so

    def handlers(self) -> dict[str, Handler]:
        return {TELL: self._tell, TELL_DAY: self._tell_day}

    async def news(
        self, pupil_id: str, news: News, sentence: Sentence, at: datetime, key: str
    ) -> None:
        """Ask for guardians to be told of what happened `at` a moment; joins the open transaction.

        `key` names it: the same news again is told no more.
        """
        now = self._clock()
        if now - at > _WORTH_TELLING:
            return
        day = day_in_vietnam(at)
        for one in await self._access.followers(pupil_id):
            wish = (await self._wishes.of(one.id)).wish(news)
            if wish is Wish.NOW:
                await self._ask_now(one, sentence, day, key)
            elif wish is Wish.DAILY:
                await self._ask_daily(one, sentence, at, key)

    async def erase_pupil(self, pupil_id: str) -> None:
        await self._news.delete_many({"pupil_id": pupil_id})

    async def forget(self, guardianship_id: str) -> None:
        """Drop the wishes and what waits for the evening; joins the open transaction."""
        await self._news.delete_many({"guardianship_id": guardianship_id})
        await self._wishes.remove(guardianship_id)

    async def _ask_now(self, one: Guardianship, sentence: Sentence, day: date, key: str) -> None:
        payload = {
            "guardianship": one.id,
            "pupil": one.pupil_id,
            "day": day.isoformat(),
            "key": key,
            **_fields(sentence),
        }
        await self._jobs.enqueue(TELL, payload, id=derived_id(TELL, one.id, key))

    async def _ask_daily(
        self, one: Guardianship, sentence: Sentence, at: datetime, key: str
    ) -> None:
        evening = _evening(self._clock())
        day = day_in_vietnam(evening)
        document = {
            "_id": derived_id("day news", one.id, key),
            "guardianship_id": one.id,
            "pupil_id": one.pupil_id,
            "day": day.isoformat(),
            "happened_at": at,
            **_fields(sentence),
            "kept_until": evening + timedelta(days=7),
        }
        try:
            await self._news.insert(document)
        except DuplicateKey:
            return
        payload = {"guardianship": one.id, "day": day.isoformat()}
        job_id = derived_id(TELL_DAY, one.id, day.isoformat())
        await self._jobs.enqueue(TELL_DAY, payload, id=job_id, run_at=evening)

    async def _tell(self, payload: Mapping[str, Any]) -> None:
        sentence, day = _sentence(payload), date.fromisoformat(payload["day"])

        async def work() -> None:
            one = await self._following(payload["guardianship"])
            if one is None or not await self._is_so(one.pupil_id, day, sentence.message):
                return
            language = (await self._wishes.of(one.id)).language
            notice_id = derived_id("school notice", one.id, payload["key"])
            await self._send(one, notice_id, texts_of(sentence, language), "school")

        # One step: what a gate tells meanwhile comes before it, and stops it, or after, and corrects it.
        await transact(self._store, work)

    async def _tell_day(self, payload: Mapping[str, Any]) -> None:
        async def work() -> None:
            one = await self._following(payload["guardianship"])
            told = await self._of_day(one, payload["day"]) if one else []
            if one is not None and told:
                language = (await self._wishes.of(one.id)).language
                notice_id = derived_id("school day notice", one.id, payload["day"])
                await self._send(one, notice_id, day_texts(told, language), "schoolDay")

        await transact(self._store, work)

    async def _of_day(self, one: Guardianship, day: str) -> list[Sentence]:
        found = await self._news.find(
            {"guardianship_id": one.id, "day": day}, sort=[("happened_at", 1)]
        )
        return [
            _sentence(news)
            for news in found
            if await self._is_so(one.pupil_id, date.fromisoformat(day), news["message"])
        ]

    async def _send(
        self, one: Guardianship, notice_id: str, texts: Mapping[str, Text], kind: str
    ) -> None:
        notice = Notice(
            id=notice_id,
            thread=notice_id,
            texts=texts,
            priority=Priority.NORMAL,
            overrides_quiet_hours=False,
            expires_at=self._clock() + _WORTH_TELLING,
            data={"type": kind, "pupilId": one.pupil_id},
        )
        await self._notifications.tell(notice, one.person_id)

    async def _following(self, guardianship_id: str) -> Guardianship | None:
        """Return the guardianship while it counts; the guardian may have gone meanwhile."""
        one = await self._guardians.get(guardianship_id)
        if one is None:
            return None
        followers = await self._access.followers(one.pupil_id)
        return one if any(each.id == one.id for each in followers) else None

    async def _is_so(self, pupil_id: str, day: date, message: str) -> bool:
        return self._still_so is None or await self._still_so.is_still_so(pupil_id, day, message)


def _evening(now: datetime) -> datetime:
    """Return the next moment at which the day is told."""
    today = day_in_vietnam(now)
    evening = datetime.combine(today, EVENING)
    return evening if evening > now else evening + timedelta(days=1)


def _fields(sentence: Sentence) -> dict[str, Any]:
    return {
        "message": sentence.message,
        "school_class": sentence.school_class,
        "at": sentence.at,
        "dong": sentence.dong,
    }


def _sentence(fields: Mapping[str, Any]) -> Sentence:
    return Sentence(fields["message"], fields["school_class"], fields["at"], fields["dong"])
