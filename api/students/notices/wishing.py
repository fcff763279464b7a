"""A guardian says how she wishes to be told of a pupil."""

import re
from collections.abc import Mapping, Sequence

from api.accounts.caller import Caller
from api.kit.errors import N_
from api.kit.store import Store
from api.kit.transactions import transact
from api.students.errors import PupilNotFound, StudentErrorCode, StudentProblem
from api.students.guardians.access import PupilAccess
from api.students.guardians.guardianship import Guardianship
from api.students.notices.preferences import (
    DEFAULTS,
    LANGUAGES_AT_MOST,
    News,
    NoticeWishes,
    NoticeWishRepository,
    Wish,
)

_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")


class LanguagesNotUnderstood(StudentProblem):
    code = StudentErrorCode.INVALID_PREFERENCES
    field = "languages"
    message = N_("Name at most {most} languages by their BCP 47 tags, such as hmn, vi, en.")


class NoticeWishing:
    def __init__(self, store: Store, access: PupilAccess, wishes: NoticeWishRepository) -> None:
        self._store = store
        self._access = access
        self._wishes = wishes

    async def of(self, caller: Caller, pupil_id: str) -> NoticeWishes:
        """Return how the caller is told of a pupil. Raises NotSignedIn, PupilNotFound."""
        return await self._wishes.of((await self._own(caller, pupil_id)).id)

    async def put(
        self,
        caller: Caller,
        pupil_id: str,
        wishes: Mapping[News, Wish],
        languages: Sequence[str],
    ) -> NoticeWishes:
        """Keep what the caller wishes; what is left out is as at first.

        Raises NotSignedIn, PupilNotFound, LanguagesNotUnderstood.
        """
        person_id = caller.person()
        one = await self._own(caller, pupil_id)
        if len(languages) > LANGUAGES_AT_MOST or not all(map(_TAG.fullmatch, languages)):
            raise LanguagesNotUnderstood(most=LANGUAGES_AT_MOST)

        async def work() -> None:
            await self._access.hold_guardian(person_id, pupil_id)
            await self._wishes.put(one.id, person_id, {**DEFAULTS, **wishes}, languages)

        await transact(self._store, work)
        return await self._wishes.of(one.id)

    async def _own(self, caller: Caller, pupil_id: str) -> Guardianship:
        """Return by what the caller follows the pupil. Raises NotSignedIn, PupilNotFound."""
        person_id = caller.person()
        for one in await self._access.followers(pupil_id):
            if one.person_id == person_id:
                return one
        raise PupilNotFound
