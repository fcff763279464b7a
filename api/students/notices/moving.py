"""Tells the guardians of a pupil that she goes to another school now, which has to confirm them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import Any

from api.kit.clock import Clock
from api.kit.errors import N_
from api.kit.ids import new_id
from api.kit.jobs import Handler, Jobs
from api.kit.localized import best_language
from api.kit.store import Store
from api.kit.transactions import transact
from api.students.guardians.access import PupilAccess
from api.students.guardians.guardianship import GuardianRepository, Guardianship, GuardianState
from api.students.notices.preferences import NoticeWishRepository
from api.students.schools.school import SchoolLibrary
from locales import AVAILABLE, translator
from notifications.notice import Notice, Priority, Text
from notifications.service import Notifications

TELL_MOVE = "students.tell_move"
TITLE = N_("Another school")
HAS_TO_CONFIRM = N_(
    "Your child goes to the school {school} now. You see the school days again when this school has"
    " confirmed you as a guardian."
)
HAS_CONFIRMED = N_("Your child goes to the school {school} now.")
_WORTH_TELLING = timedelta(days=7)


class MoveTelling:
    def __init__(
        self,
        store: Store,
        guardians: GuardianRepository,
        access: PupilAccess,
        wishes: NoticeWishRepository,
        library: SchoolLibrary,
        notifications: Notifications,
        jobs: Jobs,
        clock: Clock,
    ) -> None:
        self._store = store
        self._guardians = guardians
        self._access = access
        self._wishes = wishes
        self._library = library
        self._notifications = notifications
        self._jobs = jobs
        self._clock = clock

    def handlers(self) -> dict[str, Handler]:
        return {TELL_MOVE: self._tell}

    async def moved(self, moved: Sequence[Guardianship], followed: Collection[str]) -> None:
        """Ask for guardians to be told, by the ids of those who followed; joins the open transaction.

        Who only waited to be confirmed is told nothing: the invitation may have gone to a stranger.
        """
        for one in moved:
            if one.id in followed:
                payload = {"guardianship": one.id, "pupil": one.pupil_id, "notice": new_id()}
                await self._jobs.enqueue(TELL_MOVE, payload)

    async def _tell(self, payload: Mapping[str, Any]) -> None:
        async def work() -> None:
            one = await self._guardians.get(payload["guardianship"])
            if one is None or one.pupil_id != payload["pupil"]:
                return
            if await self._access.is_agreed(one):
                await self._send(one, payload["notice"])

        await transact(self._store, work)

    async def _send(self, one: Guardianship, notice_id: str) -> None:
        language = (await self._wishes.of(one.id)).language
        notice = Notice(
            id=notice_id,
            thread=notice_id,
            texts=self._texts(one, language),
            priority=Priority.NORMAL,
            overrides_quiet_hours=False,
            expires_at=self._clock() + _WORTH_TELLING,
            data={"type": "schoolMove", "pupilId": one.pupil_id},
        )
        await self._notifications.tell(notice, one.person_id)

    def _texts(self, one: Guardianship, language: str | None) -> Mapping[str, Text]:
        waits = one.state is GuardianState.WAITING
        message = HAS_TO_CONFIRM if waits else HAS_CONFIRMED
        names = self._library.school(one.school_id).names
        texts: dict[str, Text] = {}
        for each in (language,) if language else AVAILABLE:
            translate = translator(each)
            school = names[best_language(names, each) or "vi"]
            texts[each] = Text(translate(TITLE), translate(message).format(school=school))
        return texts
