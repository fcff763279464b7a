"""The warnings that one goes on from: all of them, as references name them."""

from dataclasses import dataclass
from datetime import datetime

from api.alerts.cap_message import MsgType, Reference, Severity, Status
from api.alerts.composing.draft import Draft, Purpose
from api.alerts.composing.errors import (
    AlertEnded,
    AlertNotFound,
    AmbiguousReference,
    ForeignReference,
)
from api.alerts.repository import AlertRecord, AlertRepository

_SEVERITIES = tuple(Severity)
_STATUSES = {
    Purpose.ACTUAL: Status.ACTUAL,
    Purpose.EXERCISE: Status.EXERCISE,
    Purpose.TEST: Status.TEST,
}


@dataclass(frozen=True, slots=True)
class Chain:
    """The first warning and its updates, in the order in which they were sent; none for a new one."""

    alerts: tuple[AlertRecord, ...] = ()

    @property
    def head(self) -> AlertRecord | None:
        """The warning that holds."""
        return self.alerts[-1] if self.alerts else None

    @property
    def references(self) -> tuple[Reference, ...]:
        return tuple(Reference(one.sender, one.identifier, one.sent) for one in self.alerts)

    @property
    def severity(self) -> Severity:
        """The worst that was said: an update that is milder may not be in effect yet, and what it replaces holds until then."""
        rank = min((one.severity_rank for one in self.alerts), default=len(_SEVERITIES))
        return _SEVERITIES[rank] if rank < len(_SEVERITIES) else Severity.UNKNOWN


class Chains:
    def __init__(self, alerts: AlertRepository) -> None:
        self._alerts = alerts

    async def of(self, draft: Draft, sender: str, now: datetime) -> Chain:
        """Return what the draft goes on from.

        Raises AlertNotFound, ForeignReference, AmbiguousReference and AlertEnded.
        """
        if draft.follows is None:
            return Chain()
        return await self.behind(draft.follows, draft.purpose, sender, now)

    async def behind(self, alert_id: str, purpose: Purpose, sender: str, now: datetime) -> Chain:
        """Return the chain of which this warning is the latest. Raises as `of` does."""
        followed = await self._alerts.get(alert_id)
        status = _STATUSES[purpose]
        if (
            followed is None
            or followed.status is not status
            or followed.msg_type not in (MsgType.ALERT, MsgType.UPDATE)
        ):
            raise AlertNotFound
        if followed.sender != sender:
            raise ForeignReference
        if followed.cancelled_by or followed.expires_at <= now:
            raise AlertEnded
        chain = await self._alerts.of_thread(followed.thread, sender, status)
        if followed.superseded_by or _heads(chain, now) != [followed.id]:
            raise AmbiguousReference
        others = [one for one in chain if one.id != followed.id]
        return Chain((*others, followed))

    async def hold(self, chain: Chain, draft: Draft, sender: str, now: datetime) -> None:
        """Let nothing else go on from the chain until the open transaction ends.

        Raises as `of` does, also when the chain has grown since.
        """
        if not chain.alerts:
            return
        await self._alerts.take_turn([one.id for one in chain.alerts])
        again = await self.of(draft, sender, now)
        if again.references != chain.references:
            raise AmbiguousReference


def _heads(chain: list[AlertRecord], now: datetime) -> list[str]:
    """Return the warnings of a chain that nothing has replaced and that are not over."""
    return [
        one.id
        for one in chain
        if not one.superseded_by and not one.cancelled_by and one.expires_at > now
    ]
