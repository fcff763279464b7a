"""Where each relay stands with a warning: whether it was told, and whether it knows what became of it since."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, auto

from api.alerts.bulletins import Bulletin
from api.alerts.notices import cancellation_id, left_out_id, warning_id
from api.alerts.open_alerts import OpenAlerts
from api.alerts.relays.records import RelayFailure, RelayOutcome, RelayState
from api.alerts.relays.repository import RelayRepository
from api.alerts.repository import AlertRecord, AlertRepository
from api.alerts.shown import ShownChains
from api.alerts.threads import Threads
from api.kit.clock import Clock


class RelayStage(StrEnum):
    NOT_WARNED = auto()
    """The warning has not got there."""
    WARNED = auto()
    """It took the warning, and nothing has replaced or ended that."""
    END_DUE = auto()
    """It may have taken the warning, and has not taken what replaced or ended that."""
    END_TOLD = auto()


class RelayHindrance(StrEnum):
    """Why something is not there."""

    NOT_ASKED = auto()
    """It is being prepared, which takes seconds; or it is an update of no place, which leaves what was told."""
    NOT_TRIED = auto()
    BEHIND = auto()
    """It must not overtake the warning, which is on its way there."""
    IN_HAND = auto()
    """A try is under way."""
    REFUSED = auto()
    """The relay answered, with another status than 2xx; it is tried again."""
    UNREACHED = auto()
    """The relay did not answer; it is tried again."""
    OVER = auto()
    """It was over before the relay took it, and is tried no more."""
    REMOVED = auto()
    """The relay was taken out meanwhile."""


class RelayEndKind(StrEnum):
    UPDATED = auto()
    LEFT_OUT = auto()
    """By an update that does not go on with the event, or not in the relay's commune."""
    ALL_CLEAR = auto()
    CANCELLED = auto()


@dataclass(frozen=True, slots=True)
class RelayEnd:
    """What replaced or ended a warning, and what became of that at the relay."""

    kind: RelayEndKind
    outcome: RelayOutcome


@dataclass(frozen=True, slots=True)
class RelayStanding:
    """`because`: of a stage in which something is not there yet. `end`: the last that the relay took, or is to take."""

    bulletin: Bulletin
    outcome: RelayOutcome
    end: RelayEnd | None
    stage: RelayStage
    because: RelayHindrance | None


@dataclass(frozen=True, slots=True)
class _Later:
    """A message of the chain that came after, and its threads."""

    record: AlertRecord
    bulletins: Sequence[Bulletin]
    own: Threads


class RelayStandings:
    def __init__(
        self,
        alerts: AlertRepository,
        open_alerts: OpenAlerts,
        chains: ShownChains,
        relays: RelayRepository,
        clock: Clock,
    ) -> None:
        self._alerts = alerts
        self._open_alerts = open_alerts
        self._chains = chains
        self._relays = relays
        self._clock = clock

    async def of(self, alert_id: str) -> list[RelayStanding]:
        """Return it for every event of a warning, the worst first, and each relay that it was to go to."""
        record = await self._alerts.kept(alert_id)
        bulletins = (await self._open_alerts.open(record)).bulletins
        _, own = await self._chains.before(record)
        later = await self._later(record)
        present = {relay.id for relay in await self._relays.all()}
        found: list[RelayStanding] = []
        for number, bulletin in enumerate(bulletins):
            kinds = _ends_of(record, own[number], later)
            ends = await self._told(kinds)
            for outcome in await self._relays.outcomes_of([warning_id(record.id, number)]):
                end = _shown(ends.get(outcome.relay_id, ()))
                is_over = record.has_ended(min(self._clock(), bulletin.expires))
                is_present = outcome.relay_id in present
                stage, because = _judged(
                    outcome, end, self._clock(), is_over=is_over, is_present=is_present
                )
                found.append(RelayStanding(bulletin, outcome, end, stage, because))
        return found

    async def _later(self, record: AlertRecord) -> list[_Later]:
        chain = await self._alerts.of_thread(record.thread, record.sender, record.status)
        updates = await self._alerts.get_many(record.superseded_by)
        known = {one.id: one for one in (*chain, *updates.values()) if one.sent > record.sent}
        found: list[_Later] = []
        for one in sorted(known.values(), key=lambda one: one.sent):
            _, own = await self._chains.before(one)
            found.append(_Later(one, (await self._open_alerts.open(one)).bulletins, own))
        return found

    async def _told(self, kinds: Mapping[str, RelayEndKind]) -> dict[str, list[RelayEnd]]:
        """Return by relay what was asked for of these notices, which are given oldest first."""
        places = {notice_id: place for place, notice_id in enumerate(kinds)}
        outcomes = await self._relays.outcomes_of(list(kinds))
        found: dict[str, list[RelayEnd]] = {}
        for one in sorted(outcomes, key=lambda one: places[one.notice_id]):
            found.setdefault(one.relay_id, []).append(RelayEnd(kinds[one.notice_id], one))
        return found


def _ends_of(record: AlertRecord, thread: str, later: Sequence[_Later]) -> dict[str, RelayEndKind]:
    """Return the notices by which a warning may be replaced or ended in a thread, oldest first."""
    found = _cancels(record, thread)
    for one in later:
        if thread in one.own:
            number = one.own.index(thread)
            kind = RelayEndKind.UPDATED
            if one.bulletins[number].is_all_clear:
                kind = RelayEndKind.ALL_CLEAR
            found[warning_id(one.record.id, number)] = kind
        elif one.bulletins and all(bulletin.is_all_clear for bulletin in one.bulletins):
            found[warning_id(one.record.id, 0)] = RelayEndKind.ALL_CLEAR
        found[left_out_id(one.record.id, thread)] = RelayEndKind.LEFT_OUT
        found |= _cancels(one.record, thread)
    return found


def _cancels(record: AlertRecord, thread: str) -> dict[str, RelayEndKind]:
    ids = [cancellation_id(cancel, record.id, thread) for cancel in record.cancelled_by]
    return dict.fromkeys(ids, RelayEndKind.CANCELLED)


def _shown(ends: Sequence[RelayEnd]) -> RelayEnd | None:
    """Return the last that was taken, or else the last there is."""
    taken = [end for end in ends if end.outcome.state is RelayState.TAKEN]
    return next(reversed(taken or ends), None)


def _judged(
    outcome: RelayOutcome,
    end: RelayEnd | None,
    now: datetime,
    *,
    is_over: bool,
    is_present: bool,
) -> tuple[RelayStage, RelayHindrance | None]:
    if not outcome.attempts:
        return RelayStage.NOT_WARNED, _hindrance(outcome, now, is_present=is_present)
    if end is not None:
        if end.outcome.state is RelayState.TAKEN:
            return RelayStage.END_TOLD, None
        because = _hindrance(end.outcome, now, is_present=is_present)
        if because is RelayHindrance.NOT_TRIED and _is_in_hand(outcome, now):
            because = RelayHindrance.BEHIND
        return RelayStage.END_DUE, because
    if is_over:
        because = RelayHindrance.NOT_ASKED if is_present else RelayHindrance.REMOVED
        return RelayStage.END_DUE, because
    if outcome.state is RelayState.TAKEN:
        return RelayStage.WARNED, None
    return RelayStage.NOT_WARNED, _hindrance(outcome, now, is_present=is_present)


_FAILURES = {
    RelayFailure.REFUSED: RelayHindrance.REFUSED,
    RelayFailure.UNREACHED: RelayHindrance.UNREACHED,
}


def _hindrance(outcome: RelayOutcome, now: datetime, *, is_present: bool) -> RelayHindrance:
    """Return why a relay has not taken something."""
    if not is_present:
        return RelayHindrance.REMOVED
    if outcome.state is RelayState.EXPIRED:
        return RelayHindrance.OVER
    if _is_in_hand(outcome, now):
        return RelayHindrance.IN_HAND
    if outcome.failure is not None:
        return _FAILURES[outcome.failure]
    return RelayHindrance.NOT_TRIED


def _is_in_hand(outcome: RelayOutcome, now: datetime) -> bool:
    return outcome.in_hand_until is not None and outcome.in_hand_until > now
