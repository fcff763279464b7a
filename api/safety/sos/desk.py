"""What the people at a rescue desk do with calls for help. Each call names the state that they saw."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any

from api.accounts.caller import Caller
from api.kit.clock import Clock
from api.kit.events import Events
from api.kit.geo import Position, distance_metres
from api.kit.idempotency import Idempotency
from api.safety.askers import ShownDevice
from api.safety.desks import RescueDesk, RescueDesks
from api.safety.errors import SosChanged, SosNotFound
from api.safety.sos.raising import SosRaising
from api.safety.sos.records import OPEN, Sos, SosOutcome, SosState, SosStep
from api.safety.sos.repository import SosRepository, position_of
from api.safety.sos.telling import CHANGES, SosTelling
from api.safety.tracks import TrackPoint, Tracks

ETA_MINUTES_AT_MOST = 24 * 60


@dataclass(frozen=True, slots=True)
class SeenSos:
    """Which call somebody at which desk saw in which state."""

    desk_id: str
    sos_id: str
    state: SosState


@dataclass(frozen=True, slots=True)
class _Move:
    name: str
    target: SosState
    sources: frozenset[SosState]


_ACKNOWLEDGE = _Move("acknowledgeSos", SosState.ACKNOWLEDGED, frozenset({SosState.RAISED}))
_RESPOND = _Move("respondToSos", SosState.RESPONDING, OPEN)
_END = _Move("endSos", SosState.ENDED, OPEN)


@dataclass(frozen=True, slots=True)
class DeskList:
    """What is at a desk. `false_alarms`: how many there were so far; nobody is refused for them."""

    calls: tuple[Sos, ...]
    false_alarms: int


class SosDesk:
    def __init__(
        self,
        sos: SosRepository,
        tracks: Tracks,
        desks: RescueDesks,
        telling: SosTelling,
        events: Events,
        idempotency: Idempotency,
        clock: Clock,
    ) -> None:
        self._sos = sos
        self._tracks = tracks
        self._desks = desks
        self._telling = telling
        self._events = events
        self._idempotency = idempotency
        self._clock = clock

    async def listed(
        self, caller: Caller, desk_id: str, near: Position | None, *, with_ended: bool
    ) -> DeskList:
        """Return what a desk has, the nearest to `near` first, else the newest; the reading is audited.

        Raises NotSignedIn, NotAllowed.
        """
        desk = self._desks.of(caller, desk_id)
        states = frozenset(SosState) if with_ended else OPEN
        found = await self._sos.listed(states, desk.commune_code)
        if near is not None:
            found.sort(key=lambda sos: _metres(near, sos))
        await self._desks.audit.append(desk.entry("sos.list", desk.id, {"calls": len(found)}))
        false_alarms = await self._sos.count_false_alarms(desk.commune_code)
        return DeskList(tuple(found), false_alarms)

    async def changes(self, caller: Caller, desk_id: str) -> AsyncGenerator[Sos]:
        """Yield what is open at a desk, then each call whenever something changes in it, new ones too.

        Before each the right is looked at again; the first showing of each is audited. Raises as `listed` does.
        """
        desk = self._desks.of(caller, desk_id)
        async with self._events.listening(CHANGES) as payloads:
            shown: set[str] = set()
            for sos in (await self.listed(caller, desk_id, None, with_ended=False)).calls:
                shown.add(sos.id)
                yield sos
            async for payload in payloads:
                await self._desks.hold(desk)
                changed = await self._sos.get(payload["sos_id"])
                if changed is None or not desk.sees(changed.communes):
                    continue
                if changed.id not in shown:
                    shown.add(changed.id)
                    await self._desks.audit.append(desk.entry("sos.follow", changed.id, {}))
                yield changed

    async def track(self, caller: Caller, desk_id: str, sos_id: str) -> list[TrackPoint]:
        """Return where whoever called has been, the first point first; the reading is audited.

        Raises NotSignedIn, NotAllowed, SosNotFound.
        """
        desk = self._desks.of(caller, desk_id)
        sos = await self._at(desk, sos_id)
        await self._desks.audit.append(desk.entry("sos.track", sos.id, {}))
        return await self._tracks.of(sos.id)

    async def acknowledge(self, caller: Caller, seen: SeenSos, key: str) -> Sos:
        """Say that the call was seen: whoever called sees it. Raises as `end` does."""
        return await self._moved(caller, seen, _ACKNOWLEDGE, key, {})

    async def respond(
        self, caller: Caller, seen: SeenSos, eta_minutes: int | None, key: str
    ) -> Sos:
        """Say that help is on its way, in how many minutes. Raises as `end` does."""
        is_sound = eta_minutes is not None and 0 <= eta_minutes <= ETA_MINUTES_AT_MOST
        return await self._moved(
            caller, seen, _RESPOND, key, {"eta_minutes": eta_minutes if is_sound else None}
        )

    async def end(self, caller: Caller, seen: SeenSos, outcome: SosOutcome, key: str) -> Sos:
        """End it.

        Raises NotSignedIn, NotAllowed, SosNotFound, SosChanged and IdempotencyProblem.
        """
        fields = {"outcome": outcome.value, "open_key": seen.sos_id}
        return await self._moved(caller, seen, _END, key, fields)

    async def _moved(
        self, caller: Caller, seen: SeenSos, move: _Move, key: str, fields: dict[str, Any]
    ) -> Sos:
        desk = self._desks.of(caller, seen.desk_id)
        await self._at(desk, seen.sos_id)

        async def work() -> dict[str, Any]:
            await self._desks.hold(desk)
            sos = await self._at(desk, seen.sos_id)
            if seen.state not in move.sources:
                raise SosChanged
            await self._write(desk, sos, seen.state, move, fields)
            return {}

        asked = {"desk": seen.desk_id, "sos": seen.sos_id, "state": seen.state.value, **fields}
        await self._idempotency.once(desk.person_id, move.name, key, asked, work)
        return await self._at(desk, seen.sos_id)

    async def _write(
        self, desk: RescueDesk, sos: Sos, seen: SosState, move: _Move, fields: dict[str, Any]
    ) -> None:
        now = self._clock()
        step = SosStep(move.target, now, desk.person_id)
        state = {"state": move.target.value, "state_since": now}
        if await self._sos.change(sos.id, {seen}, {**fields, **state}, step=step) is None:
            raise SosChanged
        if move.target not in OPEN:
            await self._telling.ended(sos, now)
        await self._events.publish(CHANGES, {"sos_id": sos.id})
        details = {"from": seen.name, "to": move.target.name}
        await self._desks.audit.append(desk.entry(f"sos.{move.target}", sos.id, details))

    async def _at(self, desk: RescueDesk, sos_id: str) -> Sos:
        sos = await self._sos.get(sos_id)
        if sos is None or not desk.sees(sos.communes):
            raise SosNotFound
        return sos


async def changes_of(
    raising: SosRaising, events: Events, caller: Caller, device: ShownDevice | None, sos_id: str
) -> AsyncGenerator[Sos]:
    """Yield a call of the caller's as it is now, and each time that it changes. Raises as `mine` does."""
    await raising.mine(caller, device, sos_id)
    async with events.listening(CHANGES) as payloads:
        # Once more: what changed until now was told to nobody.
        last = await raising.mine(caller, device, sos_id)
        yield last
        async for payload in payloads:
            if payload["sos_id"] != last.id:
                continue
            sos = await raising.mine(caller, device, sos_id)
            if sos != last:
                last = sos
                yield sos


def _metres(near: Position, sos: Sos) -> float:
    position = position_of(sos)
    return distance_metres(near, position) if position else float("inf")
