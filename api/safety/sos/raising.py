"""What whoever is in danger does: calls for help, says where they are now, takes it back.

No call is refused for how many there were, for a clock that is wrong, or for words that are too long: what is
around the position is put right, and a second call while one is open goes into that one.
"""

from dataclasses import dataclass, replace
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
from api.safety.sos.righting import is_nowhere, readable, righted
from api.safety.sos.telling import CHANGES, SosTelling
from api.safety.tracks import TrackPoint, Tracks


class Communes(Protocol):
    """Which commune a position is in: CommuneIndex, in the product."""

    def at(self, position: Position) -> str | None: ...


@dataclass(frozen=True, slots=True, repr=False)
class NewSos:
    """`code`: made by the app, the same in its SMS. `point`: None when the phone does not know where it is."""

    code: str
    kind: SosKind
    point: TrackPoint | None
    note: str | None

    def asked(self) -> dict[str, Any]:
        """Return what makes two requests the same."""
        return {
            "code": self.code,
            "kind": self.kind.value,
            "point": self.point and self.point.packed(),
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
        new = replace(new, code=new.code.strip().upper())
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
            right = righted(point, self._clock())
            if not is_nowhere(right):
                await self._said(sos, SosContent(right, None, None))
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
        point = arrival.new.point and righted(arrival.new.point, self._clock())
        if point is not None and is_nowhere(point):
            point = None
        new = replace(arrival.new, point=point, note=readable(arrival.new.note))
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
        said = SosContent(arrival.new.point, arrival.new.note, arrival.number)
        if sos.content is not None and _adds_nothing(sos.content, said):
            return sos
        return await self._said(sos, said)

    async def _said(self, sos: Sos, said: SosContent) -> Sos:
        """Put what a phone told into a call that is open; the newest point, by the phone's clock, is where it is."""
        content = _joined(sos.content, said)
        position = content.point.position if content.point else None
        commune_code = self._communes.at(position) if position else None
        fields = {
            "content": self._sos.sealed(sos.id, content),
            "commune_code": commune_code,
            "heard_at": self._clock(),
        }
        # Only while nothing came in between: what is not the newest must not take its place.
        changed = await self._sos.change(
            sos.id,
            OPEN,
            fields,
            guard={"points": sos.points},
            points=1 if said.point else 0,
            commune_code=commune_code,
        )
        if changed is None:
            return await self._said_again(sos, said)
        if said.point is not None:
            await self._tracks.put(sos.id, changed.points - 1, said.point)
        if commune_code is not None and commune_code not in sos.communes:
            await self._telling.entered(changed, commune_code)
        await self._events.publish(CHANGES, {"sos_id": sos.id})
        return changed

    async def _said_again(self, sos: Sos, said: SosContent) -> Sos:
        current = await self._sos.get(sos.id)
        if current is None or current.state not in OPEN:
            raise SosEnded
        return await self._said(current, said)

    async def _added(self, arrival: _Arrival) -> Sos:
        new, now = arrival.new, self._clock()
        commune_code = self._communes.at(new.point.position) if new.point else None
        sos = Sos(
            id=new_id(),
            code=new.code,
            raiser=arrival.raiser,
            kind=new.kind,
            commune_code=commune_code,
            communes=(commune_code,) if commune_code else (),
            content=SosContent(new.point, new.note, arrival.number),
            state=SosState.RAISED,
            raised_at=now,
            heard_at=now,
            state_since=now,
            steps=(SosStep(SosState.RAISED, now, None),),
            points=1 if new.point else 0,
            is_by_sms=arrival.number is not None,
        )
        await self._sos.add(sos, arrival.key)
        if new.point is not None:
            await self._tracks.put(sos.id, 0, new.point)
        await self._telling.raised(sos)
        await self._events.publish(CHANGES, {"sos_id": sos.id})
        return sos

    async def _own(self, asker: Asker, sos_id: str) -> Sos:
        sos = await self._sos.get(sos_id)
        if sos is None or sos.raiser != asker.key:
            raise SosNotFound
        return sos


def _joined(known: SosContent | None, said: SosContent) -> SosContent:
    if known is None:
        return said
    points = [point for point in (known.point, said.point) if point is not None]
    newest = max(reversed(points), key=lambda point: point.captured_at, default=None)
    return SosContent(newest, said.note or known.note, said.number or known.number)


def _adds_nothing(known: SosContent, said: SosContent) -> bool:
    """Tell whether it is a call that comes again: no newer point, no words or number where there were none."""
    is_point_known = said.point is None or (
        known.point is not None and said.point.captured_at <= known.point.captured_at
    )
    is_note_known = said.note is None or known.note is not None
    is_number_known = said.number is None or known.number == said.number
    return is_point_known and is_note_known and is_number_known
