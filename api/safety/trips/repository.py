"""All questions that the slice asks of the store about trips. Every change of state is one conditional write.

A content that does not open (its key is gone, or it is broken) is as one that was forgotten: the clock of a
trip runs on without it, for its people must be looked for all the same.
"""

from collections.abc import AsyncGenerator, Iterable, Mapping
from datetime import datetime
from typing import Any

import structlog

from api.kit.geo import Position
from api.kit.ids import is_id
from api.kit.readable import BROKEN, readable
from api.kit.resealing import seal_anew
from api.kit.sealing import SealBroken, Sealer
from api.kit.seeing import Seeing
from api.kit.store import CollectionSpec, Document, Filter, Index, Store
from api.safety.trips.meters import TripMeters
from api.safety.trips.records import AlarmStage, Contact, Trip, TripContent, TripState

TRIPS = CollectionSpec(
    "safety_trips",
    (
        Index(("trekker", "planned_at")),
        Index(("state", "stage", "due_at")),
        Index(("state", "trekker")),
        Index(("state", "said_at")),
    ),
)
log = structlog.get_logger()

LISTED_AT_MOST = 500
_READ_AT_ONCE = 100


class TripRepository:
    def __init__(self, store: Store, sealer: Sealer, meters: TripMeters | None = None) -> None:
        self._trips = store[TRIPS]
        self._sealer = sealer
        self._meters = meters or TripMeters(Seeing())

    async def add(self, trip: Trip) -> None:
        content = trip.content
        await self._trips.insert(
            {
                "_id": trip.id,
                "trekker": trip.person_id,
                "state": trip.state.value,
                "people": trip.people,
                "planned_at": trip.planned_at,
                "said_at": trip.planned_at,
                "due_at": trip.due_at,
                "grace_minutes": trip.grace_minutes,
                "commune_code": trip.commune_code,
                "content": self._sealer.seal(_packed(content), _place(trip.id))
                if content
                else None,
                "round": trip.round,
                "stage": int(trip.stage),
                "points": trip.points,
                "has_alarmed": trip.has_alarmed,
                "closed_at": trip.closed_at,
            }
        )

    async def get(self, trip_id: str) -> Trip | None:
        return self._or_none(await self._trips.get(trip_id) if is_id(trip_id) else None)

    async def get_opened(self, trip_id: str) -> Trip | None:
        """Return it, without a content only where that was forgotten. Raises SealBroken where it does not open."""
        document = await self._trips.get(trip_id)
        trip = self._or_none(document)
        if document and document["content"] and trip and trip.content is None:
            raise SealBroken
        return trip

    async def get_readable(self, trip_id: str) -> Trip | None:
        """Return it; None also where nothing of it can be read, which is logged and counted."""
        document = await self._trips.get(trip_id)
        return next(iter(self._readable([document] if document else [])), None)

    async def of(self, person_id: str) -> list[Trip]:
        """Return the trips of somebody that can be read, the newest first."""
        found = await self._trips.find({"trekker": person_id}, sort=[("planned_at", -1)])
        return self._readable(found)

    async def ids_of(self, person_id: str) -> list[str]:
        """Return which trips somebody has, also those of which nothing can be read."""
        return [one["_id"] for one in await self._trips.find({"trekker": person_id})]

    async def is_at(self, trip_id: str, round_number: int) -> bool:
        """Tell whether its clock has not begun anew since, also where nothing else can be read."""
        return await self._trips.count({"_id": trip_id, "round": round_number}) > 0

    async def count_open(self, person_id: str) -> int:
        return await self._trips.count({"trekker": person_id, "state": TripState.OPEN.value})

    async def overdue(self, commune_code: str | None) -> list[Trip]:
        """Return the open trips of which a desk was told, the longest overdue first."""
        wanted: Filter = {"state": TripState.OPEN.value, "stage": int(AlarmStage.DESK)}
        if commune_code is not None:
            wanted = {**wanted, "commune_code": commune_code}
        found = await self._trips.find(wanted, sort=[("due_at", 1)], limit=LISTED_AT_MOST)
        return self._readable(found)

    async def under_way(
        self, due_later_than: datetime, after: str | None, said_since: datetime | None
    ) -> AsyncGenerator[list[Trip]]:
        """Yield open trips due back later than that, some at a time, by trekker from behind `after`.

        With `said_since`, only those planned, extended or checked in on since then.
        """
        lately: Filter = {} if said_since is None else _said_since(said_since)
        wanted = {**open_and_due_later_than(due_later_than, after), **lately}
        place: tuple[str, str] | None = None
        while found := await self._trips.find(
            wanted, sort=[("trekker", 1)], after=place, limit=_READ_AT_ONCE
        ):
            yield self._readable(found)
            place = (found[-1]["trekker"], found[-1]["_id"])

    async def reach(self, trip_id: str, round_number: int, stage: AlarmStage) -> Trip | None:
        """Note that the clock tells them now; None when it must not, or somebody else has noted it."""
        guard = {"round": round_number, "stage": {"$lt": int(stage)}}
        alarmed = {"has_alarmed": True} if stage >= AlarmStage.CONTACTS else {}
        return await self.change(trip_id, guard, {"stage": int(stage), **alarmed})

    async def extend(self, trip: Trip, due_at: datetime, now: datetime) -> Trip | None:
        """Let the clock begin anew; None when it did meanwhile, or the trip has ended."""
        return await self.change(
            trip.id,
            {"round": trip.round},
            {"due_at": due_at, "stage": int(AlarmStage.NOBODY), "said_at": now},
            added={"round": 1},
        )

    async def close(self, trip_id: str, now: datetime) -> Trip | None:
        """Close it; None when it was closed before."""
        return await self.change(trip_id, {}, {"state": TripState.CLOSED.value, "closed_at": now})

    async def checked_in(
        self, trip_id: str, commune_code: str | None, now: datetime
    ) -> Trip | None:
        """Count a check-in; None when the trip has ended."""
        fields = {"commune_code": commune_code, "said_at": now}
        return await self.change(trip_id, {}, fields, added={"points": 1})

    async def change(
        self,
        trip_id: str,
        guard: Filter,
        fields: Mapping[str, Any],
        *,
        added: Mapping[str, int] | None = None,
    ) -> Trip | None:
        """Write in one step while the trip is open and `guard` holds; else nothing, and None."""
        wanted = {"_id": trip_id, "state": TripState.OPEN.value, **guard}
        update: dict[str, Mapping[str, Any]] = {"$set": fields}
        if added:
            update["$inc"] = added
        return self._or_none(await self._trips.update_one(wanted, update))

    async def forget(self, trip_id: str) -> None:
        """Remove what the trekker said, and who that was; the alarms of it end."""
        fields = {"content": None, "trekker": None, "state": TripState.CLOSED.value}
        await self._trips.update_one({"_id": trip_id}, {"$set": fields})

    async def seal_anew(self) -> int:
        """Seal some contents anew, as Resealed has it."""
        return await seal_anew(self._trips, self._sealer, "content", _place)

    def _or_none(self, document: Document | None) -> Trip | None:
        return self._as_far_as_it_opens(document) if document else None

    def _readable(self, documents: Iterable[Document]) -> list[Trip]:
        return readable(documents, self._counted, "trip")

    def _counted(self, document: Document) -> Trip:
        try:
            return self._as_far_as_it_opens(document)
        except BROKEN:
            self._meters.nothing_opened()
            raise

    def _as_far_as_it_opens(self, document: Document) -> Trip:
        """Return the trip, without a content that does not open."""
        try:
            return self._record(document)
        except (SealBroken, *BROKEN) as error:
            # Without what the error says: that may be of the content.
            reason = type(error).__name__
        # No more while it is handled: what breaks here would be logged with what broke there.
        rest = self._record({**document, "content": None})
        self._meters.content_not_opened()
        log.error("content of trip not opened", trip=rest.id, error=reason)
        return rest

    def _record(self, document: Document) -> Trip:
        sealed = document["content"]
        content = _content(self._sealer.open(sealed, _place(document["_id"]))) if sealed else None
        return Trip(
            id=document["_id"],
            person_id=document["trekker"],
            state=TripState(document["state"]),
            people=document["people"],
            planned_at=document["planned_at"],
            due_at=document["due_at"],
            grace_minutes=document["grace_minutes"],
            commune_code=document["commune_code"],
            content=content,
            round=document["round"],
            stage=AlarmStage(document["stage"]),
            points=document["points"],
            has_alarmed=document["has_alarmed"],
            closed_at=document["closed_at"],
        )


def open_and_due_later_than(moment: datetime, after: str | None) -> Filter:
    """Return what finds open trips that are due back then, of trekkers behind `after`."""
    wanted: Filter = {"state": TripState.OPEN.value, "due_at": {"$gt": moment}}
    return wanted if after is None else {**wanted, "trekker": {"$gt": after}}


def _said_since(moment: datetime) -> Filter:
    """Return what finds trips of which something was said since; none says when in what was kept before."""
    planned_since = {"said_at": None, "planned_at": {"$gte": moment}}
    return {"$or": [{"said_at": {"$gte": moment}}, planned_since]}


def _packed(content: TripContent) -> list[Any]:
    return [
        content.title,
        content.called,
        content.trail_id,
        [[it.latitude, it.longitude] for it in content.route],
        list(content.names),
        [[it.name, it.number] for it in content.contacts],
        content.language,
    ]


def _content(packed: list[Any]) -> TripContent:
    title, called, trail_id, route, names, contacts, language = packed
    return TripContent(
        title,
        called,
        trail_id,
        tuple(Position(latitude, longitude) for latitude, longitude in route),
        tuple(names),
        tuple(Contact(name, number) for name, number in contacts),
        language,
    )


def _place(trip_id: str) -> str:
    return f"safety_trips/{trip_id}/content"
