"""What a trekker does with trips: plans, checks in, extends, closes. And what the rescue desk reads of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from api.accounts.caller import Caller
from api.accounts.sign_in.addresses import address_of
from api.accounts.sign_in.errors import InvalidAddress
from api.kit.clock import Clock
from api.kit.geo import Position
from api.kit.idempotency import Idempotency
from api.kit.ids import new_id
from api.kit.store import Store
from api.kit.transactions import transact
from api.safety.desks import RescueDesks
from api.safety.errors import (
    ContactsNotAsked,
    InvalidContacts,
    InvalidDueTime,
    InvalidGrace,
    InvalidPeople,
    InvalidRoute,
    TooManyTrips,
    TripEnded,
    TripNotFound,
)
from api.safety.plain_words import plain_words
from api.safety.sos.raising import Communes
from api.safety.sos.righting import righted
from api.safety.tracks import TrackPoint, Tracks
from api.safety.trips.alarms import TripAlarms
from api.safety.trips.records import Contact, Trip, TripContent, TripState
from api.safety.trips.repository import TripRepository
from api.safety.trips.texts import Word
from api.tourism.trails.line import Line
from notifications.text_message import Channel

TITLE_CHARACTERS_AT_MOST, NAME_CHARACTERS_AT_MOST = 60, 40
CONTACTS_AT_MOST, POINTS_AT_MOST, PEOPLE_AT_MOST = 3, 200, 60
DUE_AFTER_AT_LEAST, DUE_AFTER_AT_MOST = timedelta(minutes=30), timedelta(days=30)
GRACE_AT_LEAST, GRACE_AT_MOST = 15, 24 * 60
OPEN_TRIPS_AT_MOST = 3


class Trails(Protocol):
    """The lines of trails, None for one that there is not: TrailService, in the product."""

    async def lines(self, trail_ids: Sequence[str]) -> list[Line | None]: ...


@dataclass(frozen=True, slots=True, repr=False)
class NewTrip:
    """A plan as it came. `contacts_agreed`: the trekker has asked them."""

    title: str
    called: str
    trail_id: str | None
    points: tuple[Position, ...]
    people: int
    names: tuple[str, ...]
    contacts: tuple[tuple[str, str], ...]
    contacts_agreed: bool
    due_at: datetime
    grace_minutes: int
    language: str

    def asked(self) -> dict[str, Any]:
        """Return what makes two requests the same."""
        return {
            "title": self.title,
            "called": self.called,
            "trail": self.trail_id,
            "points": [[it.latitude, it.longitude] for it in self.points],
            "people": self.people,
            "names": list(self.names),
            "contacts": [list(one) for one in self.contacts],
            "due": self.due_at.isoformat(),
            "grace": self.grace_minutes,
        }


class TripService:
    def __init__(
        self,
        store: Store,
        trips: TripRepository,
        tracks: Tracks,
        alarms: TripAlarms,
        trails: Trails,
        communes: Communes,
        desks: RescueDesks,
        idempotency: Idempotency,
        clock: Clock,
    ) -> None:
        self._store = store
        self._trips = trips
        self._tracks = tracks
        self._alarms = alarms
        self._trails = trails
        self._communes = communes
        self._desks = desks
        self._idempotency = idempotency
        self._clock = clock

    async def plan(self, caller: Caller, new: NewTrip, key: str) -> Trip:
        """Keep a plan and set its clock.

        Raises NotSignedIn, InvalidText, InvalidDueTime, InvalidGrace, InvalidRoute, InvalidContacts,
        ContactsNotAsked, InvalidPeople, TooManyTrips and IdempotencyProblem.
        """
        person_id = caller.person()

        async def work() -> dict[str, Any]:
            now = self._clock()
            content = await self._content(new)
            due_at = _due(new.due_at, now)
            if await self._trips.count_open(person_id) >= OPEN_TRIPS_AT_MOST:
                raise TooManyTrips(most=OPEN_TRIPS_AT_MOST)
            trip = Trip(
                id=new_id(),
                person_id=person_id,
                state=TripState.OPEN,
                people=new.people,
                planned_at=now,
                due_at=due_at,
                grace_minutes=new.grace_minutes,
                commune_code=self._communes.at(content.route[-1]),
                content=content,
            )
            await self._trips.add(trip)
            await self._alarms.begin(trip)
            return {"trip": trip.id}

        result = await self._idempotency.once(person_id, "planTrek", key, new.asked(), work)
        return await self._own(person_id, result["trip"])

    async def of(self, caller: Caller) -> list[Trip]:
        """Return the caller's trips, the newest first. Raises NotSignedIn."""
        return await self._trips.of(caller.person())

    async def check_in(self, caller: Caller, trip_id: str, point: TrackPoint, key: str) -> Trip:
        """Keep where the caller is. Raises as `close` does, and IdempotencyProblem."""
        person_id = caller.person()
        await self._own(person_id, trip_id)

        async def work() -> dict[str, Any]:
            now = self._clock()
            right = righted(point, now)
            commune_code = self._communes.at(right.position)
            changed = await self._trips.checked_in(trip_id, commune_code, now)
            if changed is None:
                raise TripEnded
            await self._tracks.put(trip_id, changed.points - 1, right)
            return {}

        asked = {"trip": trip_id, "point": point.packed()}
        await self._idempotency.once(person_id, "checkInTrek", key, asked, work)
        return await self._own(person_id, trip_id)

    async def extend(self, caller: Caller, trip_id: str, due_at: datetime, key: str) -> Trip:
        """Let it take longer; contacts who were told are told that too.

        Raises as `close` does, InvalidDueTime and IdempotencyProblem.
        """
        person_id = caller.person()
        await self._own(person_id, trip_id)

        async def work() -> dict[str, Any]:
            before = await self._own(person_id, trip_id)
            now = self._clock()
            trip = await self._trips.extend(before, _due(due_at, now), now)
            if trip is None:
                raise TripEnded
            await self._alarms.begin(trip)
            if trip.has_alarmed:
                await self._alarms.tell_contacts(trip, Word.LATER)
            return {}

        asked = {"trip": trip_id, "due": due_at.isoformat()}
        await self._idempotency.once(person_id, "extendTrek", key, asked, work)
        return await self._own(person_id, trip_id)

    async def close(self, caller: Caller, trip_id: str) -> Trip:
        """Say that the caller is back; contacts who were told are told that too. Twice is once.

        Raises NotSignedIn, TripNotFound.
        """
        person_id = caller.person()
        await self._own(person_id, trip_id)

        async def work() -> None:
            trip = await self._trips.close(trip_id, self._clock())
            if trip is not None and trip.has_alarmed:
                await self._alarms.tell_contacts(trip, Word.BACK)

        await transact(self._store, work)
        return await self._own(person_id, trip_id)

    async def overdue(self, caller: Caller, desk_id: str) -> list[tuple[Trip, list[TrackPoint]]]:
        """Return the overdue trips of a desk with their check-ins; the reading is audited.

        Raises NotSignedIn, NotAllowed.
        """
        desk = self._desks.of(caller, desk_id)
        trips = await self._trips.overdue(desk.commune_code)
        await self._desks.audit.append(desk.entry("trips.list", desk.id, {"trips": len(trips)}))
        return [(trip, await self._tracks.of(trip.id)) for trip in trips]

    async def _content(self, new: NewTrip) -> TripContent:
        if not 1 <= new.people <= PEOPLE_AT_MOST or len(new.names) > PEOPLE_AT_MOST:
            raise InvalidPeople(most=PEOPLE_AT_MOST)
        if not GRACE_AT_LEAST <= new.grace_minutes <= GRACE_AT_MOST:
            raise InvalidGrace(least=GRACE_AT_LEAST, most=GRACE_AT_MOST)
        if not new.contacts_agreed:
            raise ContactsNotAsked
        return TripContent(
            title=plain_words(new.title, "title", TITLE_CHARACTERS_AT_MOST),
            called=plain_words(new.called, "called", NAME_CHARACTERS_AT_MOST),
            trail_id=new.trail_id,
            route=await self._route(new),
            names=tuple(plain_words(name, "names", NAME_CHARACTERS_AT_MOST) for name in new.names),
            contacts=_contacts(new.contacts),
            language=new.language,
        )

    async def _route(self, new: NewTrip) -> tuple[Position, ...]:
        """Return positions along the way, evenly taken from a trail."""
        if new.trail_id is None:
            if not 1 <= len(new.points) <= POINTS_AT_MOST:
                raise InvalidRoute(most=POINTS_AT_MOST)
            return new.points
        (line,) = await self._trails.lines([new.trail_id])
        if line is None or new.points:
            raise InvalidRoute(most=POINTS_AT_MOST)
        step = max(1, -(-len(line.points) // (POINTS_AT_MOST - 1)))
        taken = [*line.points[::step], line.points[-1]]
        return tuple(Position(point.latitude, point.longitude) for point in taken)

    async def _own(self, person_id: str, trip_id: str) -> Trip:
        trip = await self._trips.get(trip_id)
        if trip is None or trip.person_id != person_id:
            raise TripNotFound
        return trip


def _due(due_at: datetime, now: datetime) -> datetime:
    is_sound = due_at.tzinfo and now + DUE_AFTER_AT_LEAST <= due_at <= now + DUE_AFTER_AT_MOST
    if not is_sound:
        minutes = int(DUE_AFTER_AT_LEAST.total_seconds() // 60)
        raise InvalidDueTime(least=minutes, most=DUE_AFTER_AT_MOST.days)
    return due_at.astimezone(UTC)


def _contacts(given: Sequence[tuple[str, str]]) -> tuple[Contact, ...]:
    if not 1 <= len(given) <= CONTACTS_AT_MOST:
        raise InvalidContacts(most=CONTACTS_AT_MOST)
    found: dict[str, Contact] = {}
    for name, number in given:
        try:
            address = address_of(number)
        except InvalidAddress as error:
            raise InvalidContacts(most=CONTACTS_AT_MOST) from error
        if address.channel is not Channel.SMS or address.value in found:
            raise InvalidContacts(most=CONTACTS_AT_MOST)
        words = plain_words(name, "contacts", NAME_CHARACTERS_AT_MOST)
        found[address.value] = Contact(words, address.value)
    return tuple(found.values())
