"""The one transaction in which a message becomes part of the product, or does not."""

from datetime import datetime

from api.alerts.errors import ConflictingMessage
from api.alerts.fan_out import CHANGES, FAN_OUT, FAN_OUT_CANCELLATION, WITHDRAW_REPLACED
from api.alerts.intake import Arrival, Delivery, Imported, delivery_of, is_for_somebody
from api.alerts.repository import AlertRecord, AlertRepository
from api.alerts.signatures.verifying import SignatureState
from api.kit.clock import Clock
from api.kit.events import Events
from api.kit.ids import derived_id
from api.kit.jobs import Jobs
from api.kit.store import DuplicateKey, Store
from api.kit.transactions import transact


class Acceptance:
    """Stores a message, ends what it ends, and asks for the jobs that tell the phones: all or nothing."""

    def __init__(
        self, store: Store, alerts: AlertRepository, jobs: Jobs, events: Events, clock: Clock
    ) -> None:
        self._store = store
        self._alerts = alerts
        self._jobs = jobs
        self._events = events
        self._clock = clock

    async def accept(self, arrival: Arrival) -> Imported:
        """Return the answer once the message is durable.

        The same message again is answered and changes nothing. Raises ConflictingMessage.
        """
        try:
            return await transact(self._store, lambda: self._step(arrival))
        except DuplicateKey:
            # Another process was faster by a moment: now its message is there to compare with.
            return await transact(self._store, lambda: self._step(arrival))

    async def _step(self, arrival: Arrival) -> Imported:
        alert_id = arrival.message.id
        await self._alerts.take_turn([alert_id, *arrival.references])
        kept = await self._alerts.get(alert_id)
        if kept is not None:
            return await self._replay(kept, arrival)
        record = await self._added(arrival)
        ended = await self._end_referenced(record)
        await self._ask_for_jobs(record, arrival)
        await self._publish(record, ended)
        return self._answer(record, arrival, ended, arrival.stored.signature)

    async def _replay(self, kept: AlertRecord, arrival: Arrival) -> Imported:
        stored = await self._alerts.message(kept.id)
        if stored is None or not stored.says_the_same_as(arrival.stored):
            raise ConflictingMessage(element="identifier")
        return self._answer(kept, arrival, [], stored.signature, is_replay=True)

    async def _added(self, arrival: Arrival) -> AlertRecord:
        """Store the message, ended already where what replaces it came first."""
        record = arrival.record(await self._thread(arrival))
        await self._alerts.add(record, arrival.stored)
        for ender in await self._alerts.enders_of(record):
            record = await self._alerts.end(record.id, ender) or record
        return record

    async def _thread(self, arrival: Arrival) -> str:
        """Return the thread of the first message in the chain, as far as the chain is known."""
        if not arrival.references:
            return arrival.message.id
        known = await self._alerts.get_many(arrival.references)
        if not known:
            return arrival.references[0]
        return min(known.values(), key=lambda record: record.sent).thread

    async def _end_referenced(self, ender: AlertRecord) -> list[AlertRecord]:
        ended = [await self._alerts.end(alert_id, ender) for alert_id in ender.references]
        return [record for record in ended if record is not None]

    async def _ask_for_jobs(self, record: AlertRecord, arrival: Arrival) -> None:
        now = self._clock()
        delivery = delivery_of(record, arrival.bulletins, now)
        if delivery is Delivery.TAKES_BACK:
            await self._ask(FAN_OUT_CANCELLATION, record)
        if record.warns and record.references:
            await self._ask(WITHDRAW_REPLACED, record, run_at=max(record.effective_at, now))
        if delivery is Delivery.WARNS:
            await self._ask_for_fan_outs(record, arrival, now)

    async def _ask_for_fan_outs(self, record: AlertRecord, arrival: Arrival, now: datetime) -> None:
        for number, bulletin in enumerate(arrival.bulletins):
            if not is_for_somebody(record, bulletin) or bulletin.expires <= now:
                continue
            await self._jobs.enqueue(
                FAN_OUT,
                {
                    "alert_id": record.id,
                    "number": number,
                    "takes_effect_later": bulletin.effective > now,
                },
                id=derived_id(FAN_OUT, record.id, str(number)),
                run_at=max(bulletin.effective, now),
            )

    async def _ask(self, kind: str, record: AlertRecord, run_at: datetime | None = None) -> None:
        await self._jobs.enqueue(
            kind, {"alert_id": record.id}, id=derived_id(kind, record.id), run_at=run_at
        )

    async def _publish(self, record: AlertRecord, ended: list[AlertRecord]) -> None:
        now = self._clock()
        changed = [one.id for one in ended if one.warns and one.has_ended(now)]
        if record.is_active(now):
            changed.append(record.id)
        for alert_id in changed:
            await self._events.publish(CHANGES, {"alert_id": alert_id})

    def _answer(
        self,
        record: AlertRecord,
        arrival: Arrival,
        ended: list[AlertRecord],
        signature: SignatureState,
        *,
        is_replay: bool = False,
    ) -> Imported:
        return Imported(
            id=record.id,
            identifier=record.identifier,
            sender=record.sender,
            sent=record.sent,
            delivery=delivery_of(record, arrival.bulletins, self._clock()),
            is_replay=is_replay,
            ended=tuple(one.id for one in ended),
            foreign_references=arrival.foreign_references,
            signature=signature,
        )
