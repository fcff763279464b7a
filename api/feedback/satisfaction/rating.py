"""Giving a rating that was asked for, and changing it for a week: the last one counts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from api.accounts.caller import Caller
from api.feedback.life.steps import Words
from api.feedback.reports.content import language_of, words_of
from api.feedback.reports.records import Reporter
from api.feedback.reports.reporters import Reporters, ShownDevice
from api.feedback.satisfaction.errors import AlreadyRated, RatingIsFinal, RatingNotFound
from api.feedback.satisfaction.offices import Offices
from api.feedback.satisfaction.reasons import reasons_of
from api.feedback.satisfaction.records import (
    CHANGEABLE_FOR,
    Grade,
    Opinion,
    RatedKind,
    Rating,
    Reason,
)
from api.feedback.satisfaction.repository import RatingRepository, newest_first
from api.feedback.satisfaction.tallies import TallyRepository
from api.feedback.satisfaction.tickets import RatingTickets
from api.kit.clock import Clock
from api.kit.idempotency import Idempotency
from api.kit.pages import Listing, Page, checked_first
from api.kit.store import Store, WriteConflict
from api.kit.transactions import transact

WORDS_CHARACTERS_AT_MOST = 500
_MINE = Listing("feedback.my_ratings", (datetime, str))


@dataclass(frozen=True, slots=True, repr=False)
class Said:
    """A rating as it was typed. `language`: BCP 47, of the words."""

    grade: Grade
    reasons: Sequence[Reason]
    words: str | None
    language: str

    def opinion(self, kind: RatedKind) -> Opinion:
        """Return what is kept of it. Raises InvalidReasons, InvalidText and InvalidLanguage."""
        words = None
        if self.words:
            text = words_of(self.words, "words", WORDS_CHARACTERS_AT_MOST)
            words = Words(text, language_of(self.language))
        return Opinion(self.grade, reasons_of(kind, self.reasons), words)

    def asked(self) -> dict[str, Any]:
        """Return what makes two requests the same."""
        reasons = [reason.value for reason in self.reasons]
        return {
            "grade": self.grade.value,
            "reasons": reasons,
            "words": self.words,
            "language": self.language,
        }


class GivingRatings:
    def __init__(
        self,
        store: Store,
        ratings: RatingRepository,
        tallies: TallyRepository,
        offices: Offices,
        reporters: Reporters,
        tickets: RatingTickets,
        idempotency: Idempotency,
        clock: Clock,
    ) -> None:
        self._store = store
        self._ratings = ratings
        self._tallies = tallies
        self._offices = offices
        self._reporters = reporters
        self._tickets = tickets
        self._idempotency = idempotency
        self._clock = clock

    async def give(
        self, caller: Caller, device: ShownDevice | None, rating_id: str, said: Said, key: str
    ) -> Rating:
        """Give a rating of the caller's, or change it.

        Raises NotSignedIn, DeviceNotFound, RatingNotFound, RatingIsFinal, OwnOffice, IdempotencyProblem
        and what `Said.opinion` raises.
        """
        rater = await self._reporters.of(caller, device)
        await self._own(rater, rating_id)

        async def work() -> dict[str, Any]:
            return {"rating": (await self._put(await self._own(rater, rating_id), said)).id}

        asked = {"rating": rating_id, **said.asked()}
        await self._idempotency.once(rater.key, "rate", key, asked, work)
        return await self._own(rater, rating_id)

    async def give_by_ticket(self, ticket: str, said: Said) -> Rating:
        """Give the rating of a ticket, whoever has it. The same grade again answers the same.

        Raises RatingNotFound, AlreadyRated, RatingIsFinal, OwnOffice and what `Said.opinion` raises.
        """

        async def work() -> Rating:
            rating = await self.of_ticket(ticket)
            if rating.opinion is None:
                return await self._put(rating, said)
            if rating.opinion != said.opinion(rating.kind):
                raise AlreadyRated(days=CHANGEABLE_FOR.days)
            return rating

        return await transact(self._store, work)

    async def of_ticket(self, ticket: str) -> Rating:
        """Return what a ticket rates. Raises RatingNotFound."""
        rating_id = self._tickets.read(ticket)
        rating = await self._ratings.get(rating_id) if rating_id else None
        if rating is None:
            raise RatingNotFound
        return rating

    async def mine(
        self, caller: Caller, device: ShownDevice | None, first: int, after: str | None
    ) -> Page[Rating]:
        """Return what the caller may rate or rated, the newest first.

        Raises NotSignedIn, DeviceNotFound, InvalidPageSize and InvalidCursor.
        """
        rater = await self._reporters.of(caller, device)
        found = await self._ratings.page_of(
            rater, self._clock(), _MINE.values(after), checked_first(first) + 1
        )
        return _MINE.page(found, first=first, after=after, values=newest_first)

    async def _own(self, rater: Reporter, rating_id: str) -> Rating:
        rating = await self._ratings.get(rating_id)
        if rating is None or rating.rater != rater:
            raise RatingNotFound
        return rating

    async def _put(self, rating: Rating, said: Said) -> Rating:
        """Write it and count it; joins the open transaction."""
        now, opinion = self._clock(), said.opinion(rating.kind)
        if now >= rating.open_until:
            raise RatingIsFinal
        person_id = rating.rater.person_id if rating.rater else None
        if person_id is not None:
            await self._offices.check_is_not_own(person_id, rating.office)
        rated_at = rating.rated_at or now
        stored = await self._ratings.put(replace(rating, opinion=opinion, rated_at=rated_at))
        if stored is None:
            raise WriteConflict
        await self._tallies.move(rating.opinion, stored)
        return stored
