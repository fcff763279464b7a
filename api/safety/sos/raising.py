"""What whoever is in danger does: calls for help, says where they are now, takes it back.

No call is refused for how many there were, for a clock that is wrong, or for words that are too long: what is
around the position is put right, and a second call while one is open goes into that one.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import isfinite
from typing import Any, Protocol

from api.accounts.caller import Caller
from api.kit.clock import Clock
from api.kit.events import Events
from api.kit.geo import Position
from api.kit.idempotency import Idempotency
from api.kit.ids import new_id
from api.kit.sealing import Sealer
from api.kit.store import DuplicateKey, Store
from api.kit.transactions import transact
from api.safety.askers import Asker, Askers, ShownDevice
from api.safety.errors import InvalidSosCode, SosEnded, SosNotFound
from api.safety.sos.compact import CompactSos, is_code
from api.safety.sos.records import OPEN, Sos, SosContent, SosKind, SosState, SosStep
from api.safety.sos.repository import SosRepository
from api.safety.sos.telling import CHANGES, SosTelling
from api.safety.tracks import TrackPoint, Tracks

NOTE_CHARACTERS_AT_MOST = 500
ACCURACY_METRES_AT_MOST = 1_000_000.0
_CLOCK_MAY_BE_AHEAD = timedelta(minutes=2)
_CLOCK_MAY_BE_BEHIND = timedelta(days=2)


class Communes(Protocol):
    """Which commune a position is in: CommuneIndex, in the product."""

    def at(self, position: Position) -> str | None: ...


@dataclass(frozen=True, slots=True, repr=False)
class NewSos:
    """`code`: made by the app, the same in its SMS."""

    code: str
    kind: SosKind
    point: TrackPoint
    note: str | None

    def asked(self) -> dict[str, Any]:
        """Return what makes two requests the same."""
        return {
            "code": self.code,
            "kind": self.kind.value,
            "point": self.point.packed(),
            "note": self.note,
        }


@dataclass(frozen=True, slots=True)
class _Arrival:
    """A call as it came in. `key`: of whoever's call it is while it is open."""

    new: NewSos
    key: str
    raiser: str | None
    number: str | None


class SosRaising:
    def __init__(
        self,
        store: Store,
        sealer: Sealer,
        sos: SosRepository,
        tracks: Tracks,
        askers: Askers,
        communes: Communes,
        telling: SosTelling,
        events: Events,
        idempotency: Idempotency,
        clock: Clock,
    ) -> None:
        self._store = store
        self._sealer = sealer
        self._sos = sos
        self._tracks = tracks
        self._askers = askers
        self._communes = communes
        self._telling = telling
        self._events = events
        self._idempotency = idempotency
        self._clock = clock

    async def raise_sos(
        self, caller: Caller, device: ShownDevice | None, new: NewSos, key: str
    ) -> Sos:
        """Take a call in, or into the one of the caller's that is open.

        Raises NotSignedIn, DeviceNotFound, InvalidSosCode and IdempotencyProblem.
        """
        if not is_code(new.code):
            raise InvalidSosCode
        asker = await self._askers.of(caller, device)

        async def work() -> dict[str, Any]:
            arrival = _Arrival(new, asker.key, asker.key, None)
            return {"sos": (await self._arrived(arrival)).id}

        result = await self._idempotency.once(asker.key, "raiseSos", key, new.asked(), work)
        return await self._own(asker, result["sos"])

    async def by_sms(self, compact: CompactSos, number: str) -> Sos:
        """Take in what a telephone number sent by SMS: a second time, and beside data, it is the same call."""
        new = NewSos(compact.code, compact.kind, compact.point, compact.note)
        open_key = f"sms:{self._sealer.digest('sos number', number)}"
        arrival = _Arrival(new, open_key, None, number)
        return await transact(self._store, lambda: self._arrived(arrival))

    async def mine(self, caller: Caller, device: ShownDevice | None, sos_id: str) -> Sos:
        """Return a call of the caller's. Raises NotSignedIn, DeviceNotFound, SosNotFound."""
        return await self._own(await self._askers.of(caller, device), sos_id)

    async def add_position(
        self,
        caller: Caller,
        device: ShownDevice | None,
        sos_id: str,
        point: TrackPoint,
        key: str,
    ) -> Sos:
        """Add where the caller is now. Raises as `mine` does, SosEnded and IdempotencyProblem."""
        asker = await self._askers.of(caller, device)
        await self._own(asker, sos_id)

        async def work() -> dict[str, Any]:
            sos = await self._own(asker, sos_id)
            await self._pointed(sos, self._right(point), None)
            return {}

        asked = {"sos": sos_id, "point": point.packed()}
        await self._idempotency.once(asker.key, "addSosPosition", key, asked, work)
        return await self._own(asker, sos_id)

    async def take_back(self, caller: Caller, device: ShownDevice | None, sos_id: str) -> Sos:
        """Cancel it while it is fresh; afterwards tell the desk that the caller says to be safe.

        The second is no end: somebody else may hold the phone. Raises as `mine` does, and SosEnded.
        """
        asker = await self._askers.of(caller, device)

        async def work() -> None:
            sos = await self._own(asker, sos_id)
            if sos.state is SosState.CANCELLED or (sos.says_safe_at and sos.state in OPEN):
                return
            if not await self._cancelled(sos):
                await self._says_safe(sos)

        await transact(self._store, work)
        return await self._own(asker, sos_id)

    async def _cancelled(self, sos: Sos) -> bool:
        now = self._clock()
        if not sos.is_fresh(now):
            return False
        step = SosStep(SosState.CANCELLED, now, None)
        fields = {"state": step.state.value, "state_since": now, "open_key": sos.id}
        if await self._sos.change(sos.id, {SosState.RAISED}, fields, step=step) is None:
            return False
        await self._telling.ended(sos, now)
        await self._events.publish(CHANGES, {"sos_id": sos.id})
        return True

    async def _says_safe(self, sos: Sos) -> None:
        fields = {"says_safe_at": self._clock()}
        if await self._sos.change(sos.id, OPEN, fields, guard={"says_safe_at": None}) is None:
            raise SosEnded
        await self._events.publish(CHANGES, {"sos_id": sos.id})

    async def _arrived(self, arrival: _Arrival) -> Sos:
        new = replace(arrival.new, point=self._right(arrival.new.point), note=_note(arrival.new))
        arrival = replace(arrival, new=new)
        known = await self._sos.open_of(arrival.key) or await self._of_the_other_way(arrival)
        if known is not None:
            return await self._folded(known, arrival)
        try:
            return await self._added(arrival)
        except DuplicateKey:
            # Another call of the same people came in between.
            known = await self._sos.open_of(arrival.key)
            if known is None:
                raise
            return await self._folded(known, arrival)

    async def _of_the_other_way(self, arrival: _Arrival) -> Sos | None:
        """Return the call of this code that came by SMS when this came by data, or the other way round."""
        found = await self._sos.coded(arrival.new.code)
        if arrival.raiser is None:
            return next(iter(found), None)
        nobody_s = [sos for sos in found if sos.raiser is None and sos.state in OPEN]
        return next(iter(nobody_s), None)

    async def _folded(self, sos: Sos, arrival: _Arrival) -> Sos:
        """Put what is new of a repeated call into the one that is known; an ended one stays as it is."""
        if sos.state not in OPEN:
            return sos
        if sos.raiser is None and arrival.raiser is not None:
            claim = {"raiser": arrival.raiser, "open_key": arrival.key}
            await self._sos.change(sos.id, OPEN, claim, guard={"raiser": None})
        last = sos.content.point.captured_at if sos.content else None
        note, number = arrival.new.note, arrival.number
        is_known = last is not None and arrival.new.point.captured_at <= last
        said = SosContent(arrival.new.point, note, number)
        if is_known and sos.content is not None and _adds_nothing(sos.content, said):
            return sos
        return await self._pointed(sos, arrival.new.point, said)

    async def _pointed(self, sos: Sos, point: TrackPoint, said: SosContent | None) -> Sos:
        """Add a point to the track; the newest one by the phone's clock is where the caller is."""
        known = sos.content
        newest = point
        if known is not None and known.point.captured_at > point.captured_at:
            newest = known.point
        note = (said.note if said else None) or (known.note if known else None)
        number = (said.number if said else None) or (known.number if known else None)
        content = SosContent(newest, note, number)
        fields = {
            "content": self._sos.sealed(sos.id, content),
            "commune_code": self._communes.at(newest.position),
        }
        # Only while nothing came in between: what is not the newest must not take its place.
        changed = await self._sos.change(
            sos.id, OPEN, fields, guard={"points": sos.points}, points=1
        )
        if changed is None:
            return await self._pointed_again(sos, point, said)
        await self._tracks.put(sos.id, changed.points - 1, point)
        await self._events.publish(CHANGES, {"sos_id": sos.id})
        return changed

    async def _pointed_again(self, sos: Sos, point: TrackPoint, said: SosContent | None) -> Sos:
        current = await self._sos.get(sos.id)
        if current is None or current.state not in OPEN:
            raise SosEnded
        return await self._pointed(current, point, said)

    async def _added(self, arrival: _Arrival) -> Sos:
        new, now = arrival.new, self._clock()
        sos = Sos(
            id=new_id(),
            code=new.code,
            raiser=arrival.raiser,
            kind=new.kind,
            commune_code=self._communes.at(new.point.position),
            content=SosContent(new.point, new.note, arrival.number),
            state=SosState.RAISED,
            raised_at=now,
            state_since=now,
            steps=(SosStep(SosState.RAISED, now, None),),
            is_by_sms=arrival.number is not None,
        )
        await self._sos.add(sos, arrival.key)
        await self._tracks.put(sos.id, 0, new.point)
        await self._telling.raised(sos)
        await self._events.publish(CHANGES, {"sos_id": sos.id})
        return sos

    async def _own(self, asker: Asker, sos_id: str) -> Sos:
        sos = await self._sos.get(sos_id)
        if sos is None or sos.raiser != asker.key:
            raise SosNotFound
        return sos

    def _right(self, point: TrackPoint) -> TrackPoint:
        """Return the point with what a phone in trouble may have got wrong put right."""
        return righted(point, self._clock())


def righted(point: TrackPoint, now: datetime) -> TrackPoint:
    """Return the point with accuracy, battery and time within what can be."""
    accuracy, battery, at = point.accuracy_metres, point.battery_percent, point.captured_at
    is_measured = isfinite(accuracy) and accuracy >= 0
    is_timed = now - _CLOCK_MAY_BE_BEHIND <= at <= now + _CLOCK_MAY_BE_AHEAD
    return replace(
        point,
        accuracy_metres=min(accuracy, ACCURACY_METRES_AT_MOST)
        if is_measured
        else ACCURACY_METRES_AT_MOST,
        battery_percent=battery if battery is None or 0 <= battery <= 100 else None,
        captured_at=at if is_timed else now,
    )


def _note(new: NewSos) -> str | None:
    """Return the words as far as they can be kept: no surrogates, no NUL, not too long."""
    text = (new.note or "").replace("\x00", " ").encode(errors="ignore").decode().strip()
    return text[:NOTE_CHARACTERS_AT_MOST] or None


def _adds_nothing(known: SosContent, said: SosContent) -> bool:
    is_note_known = said.note is None or known.note is not None
    is_number_known = said.number is None or known.number == said.number
    return is_note_known and is_number_known
