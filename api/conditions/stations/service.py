"""Stations: who may add and retire them, and which there are; free of HTTP and GraphQL."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from api.accounts.caller import PROVINCE, Caller, Grant, Role
from api.conditions.errors import StationKnown, StationNotFound
from api.conditions.stations.repository import StationRepository
from api.conditions.stations.station import STATION_ID, Station
from api.kit.audit_log import AuditEntry, AuditLog
from api.kit.clock import Clock
from api.kit.idempotency import Idempotency
from api.kit.pages import Listing, Page, checked_first
from api.kit.store import DuplicateKey

_BY_ID = Listing("conditions.stations", (str,))
_RIGHT = str(Grant(Role.ADMINISTRATOR, PROVINCE))
Work = Callable[[], Awaitable[dict[str, Any]]]

COMMAND = "command line"
"""Who acts where nobody is signed in."""


class StationService:
    def __init__(
        self,
        stations: StationRepository,
        idempotency: Idempotency,
        audit: AuditLog,
        clock: Clock,
    ) -> None:
        self._stations = stations
        self._idempotency = idempotency
        self._audit = audit
        self._clock = clock

    async def in_use(self) -> dict[str, Station]:
        """Return the stations that are not retired, by id."""
        return {key: it for key, it in (await self._stations.all()).items() if not it.retired_at}

    async def station(self, station_id: str) -> Station | None:
        """Return a station, also one that is retired."""
        is_id = STATION_ID.fullmatch(station_id) is not None
        return await self._stations.get(station_id) if is_id else None

    async def page(self, first: int, after: str | None) -> Page[Station]:
        """Return the stations in use, by id. Raises InvalidPageSize, InvalidCursor."""
        start = _BY_ID.values(after)
        known = sorted((await self.in_use()).items())
        rest = [it for key, it in known if start is None or key > start[0]]
        found = rest[: checked_first(first) + 1]
        return _BY_ID.page(found, first=first, after=after, values=lambda it: (it.id,))

    async def add(self, station: Station, actor: str = COMMAND) -> Station:
        """Keep a new station. Raises StationKnown."""
        if self._stations.is_shipped(station.id):
            raise StationKnown
        try:
            await self._stations.add(station)
        except DuplicateKey as error:
            raise StationKnown from error
        await self._note(actor, "station.add", station)
        return station

    async def retire(self, station_id: str, actor: str = COMMAND) -> Station:
        """Take a station out of use; twice keeps the first time. Raises StationNotFound."""
        known = await self.station(station_id)
        if known is None:
            raise StationNotFound
        if known.retired_at is not None:
            return known
        retired = replace(known, retired_at=self._clock())
        await self._stations.put(retired)
        await self._note(actor, "station.retire", retired)
        return retired

    async def added_by(self, caller: Caller, station: Station, key: str) -> Station:
        """Add as an administrator. Raises NotSignedIn, NotAllowed, StationKnown, IdempotencyProblem."""
        person_id = caller.require(Role.ADMINISTRATOR, PROVINCE)

        async def work() -> dict[str, Any]:
            return {"station": (await self.add(station, person_id)).id}

        return await self._once(person_id, "addStation", key, {"id": station.id}, work)

    async def retired_by(self, caller: Caller, station_id: str, key: str) -> Station:
        """Retire as an administrator. Raises NotSignedIn, NotAllowed, StationNotFound, IdempotencyProblem."""
        person_id = caller.require(Role.ADMINISTRATOR, PROVINCE)

        async def work() -> dict[str, Any]:
            return {"station": (await self.retire(station_id, person_id)).id}

        return await self._once(person_id, "retireStation", key, {"id": station_id}, work)

    async def _once(
        self, person_id: str, operation: str, key: str, asked: dict[str, Any], work: Work
    ) -> Station:
        result = await self._idempotency.once(person_id, operation, key, asked, work)
        found = await self.station(result["station"])
        if found is None:
            raise StationNotFound
        return found

    async def _note(self, actor: str, action: str, station: Station) -> None:
        details = {"kind": station.kind.name}
        await self._audit.append(AuditEntry(actor, action, station.id, _RIGHT, details))
