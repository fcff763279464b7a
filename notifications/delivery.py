"""One batch on its way: who is sent what now, who waits, and when the batch is due again."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import structlog

from notifications.device_repository import FoundDevices
from notifications.devices import Device
from notifications.notice import Notice, reader_of
from notifications.outbox import Batch
from notifications.outcomes import AFTER_TRY, OPEN_OUTCOMES, WAITING_OUTCOMES, Outcome
from notifications.pacing import back_off
from notifications.senders import Answer, Message, Verdict

log = structlog.get_logger()

_OUTCOMES = {
    Verdict.ACCEPTED: Outcome.ACCEPTED,
    Verdict.REFUSED: Outcome.REFUSED,
    Verdict.UNREGISTERED: Outcome.RETIRED,
    Verdict.EXPIRED: Outcome.EXPIRED,
    Verdict.TRY_LATER: Outcome.QUEUED,
}
_REJECTIONS = frozenset({Verdict.UNREGISTERED, Verdict.REFUSED})


class Delivery:
    """The outcomes of a leased batch, from what its last worker left to what this one learns.

    `rejected`: the devices that are retired, or whose registration, or the message to it, FCM would not
    have, and how often each had been registered anew then. `unregistered`: those of them whose
    registration is dead. `unread`: those that could not be read.
    """

    def __init__(self, batch: Batch, notice: Notice, found: FoundDevices, now: datetime) -> None:
        self._batch = batch
        self._notice, self._without_sound = notice, notice.without_sound
        self._places = {device_id: place for place, device_id in enumerate(batch.device_ids)}
        self._wakes_at: list[datetime] = []
        self.unread = found.broken
        self.unregistered: dict[str, int] = {}
        self.rejected: dict[str, int] = {}
        self._reasons: dict[str, int] = {}
        self._longest_wait = timedelta()
        self.outcomes = list(batch.outcomes)
        self.messages: Sequence[Message] = [
            Message(self._as_heard_by(device, now), device)
            for device in self._to_be_sent(found, now)
        ]

    @property
    def wakes_anybody(self) -> bool:
        """Tell whether somebody is to be sent it now for whom it waited."""
        outcomes = zip(self._batch.outcomes, self.outcomes, strict=True)
        return any(before in WAITING_OUTCOMES and now is Outcome.QUEUED for before, now in outcomes)

    def report(self, message: Message, answer: Answer) -> None:
        """Note an answer (notifications.senders.Report)."""
        place = self._places[message.device.id]
        self.outcomes[place] = self._counting_tries(place, _OUTCOMES[answer.verdict])
        if answer.verdict in _REJECTIONS:
            self.rejected[message.device.id] = message.device.renewals
        if answer.verdict is Verdict.UNREGISTERED:
            self.unregistered[message.device.id] = message.device.renewals
        if answer.reason:
            self._reasons[answer.reason] = self._reasons.get(answer.reason, 0) + 1
        if answer.retry_after is not None:
            self._longest_wait = max(self._longest_wait, answer.retry_after)

    @property
    def refused(self) -> Mapping[str, int]:
        """The devices that were refused for good, and how often each had been registered anew then."""
        known = {**self._batch.refused, **self.rejected}
        return {
            device_id: renewals
            for device_id, renewals in known.items()
            if self.outcomes[self._places[device_id]] is Outcome.REFUSED
        }

    @property
    def certain(self) -> Sequence[Outcome]:
        """The outcomes before it is judged whether a registration that was rejected is still the device's.

        Such devices stay queued until then: whoever takes the batch over, or looks who was told, must
        not take them for gone.
        """
        outcomes = list(self.outcomes)
        for device_id in self.rejected:
            outcomes[self._places[device_id]] = Outcome.QUEUED
        return outcomes

    def try_again_where_changed(self, devices: Mapping[str, Device]) -> None:
        """Send it anew to devices that were registered anew while it was on its way."""
        for device_id, renewals in self.rejected.items():
            device = devices.get(device_id)
            if device and device.retired_at is None and device.renewals != renewals:
                self.outcomes[self._places[device_id]] = Outcome.QUEUED

    def due_again_at(self, now: datetime) -> datetime | None:
        """Return when to look at the batch again, or None when every outcome is final."""
        wakes_at = list(self._wakes_at)
        if Outcome.QUEUED in self.outcomes:
            wakes_at.append(now + max(back_off(self._batch.attempt), self._longest_wait))
        return min([*wakes_at, self._notice.expires_at]) if self._is_open else None

    def log_summary(self) -> None:
        """Say what came of it: counts and reasons, no device."""
        counts: dict[str, int] = {}
        for outcome in self.outcomes:
            counts[outcome.value] = counts.get(outcome.value, 0) + 1
        log.info(
            "batch handled",
            notice=self._notice.id,
            batch=self._batch.id,
            attempt=self._batch.attempt,
            reasons=self._reasons,
            **counts,
        )

    @property
    def _is_open(self) -> bool:
        return not OPEN_OUTCOMES.isdisjoint(self.outcomes)

    def _to_be_sent(self, found: FoundDevices, now: datetime) -> list[Device]:
        sendable: list[Device] = []
        for place, device_id in enumerate(self._batch.device_ids):
            if self.outcomes[place] not in OPEN_OUTCOMES:
                continue
            device, is_broken = found.devices.get(device_id), device_id in found.broken
            outcome = self._outcome_before_sending(device, now, is_broken=is_broken)
            self.outcomes[place] = self._counting_tries(place, outcome)
            if device is not None and self.outcomes[place] is Outcome.QUEUED:
                sendable.append(device)
        return sendable

    def _counting_tries(self, place: int, outcome: Outcome) -> Outcome:
        """Return the outcome, or the like of it where an earlier worker may have got the notice through."""
        before = self._batch.outcomes[place]
        was_sent = before is Outcome.QUEUED and self._batch.attempt > 1
        if was_sent or before is Outcome.DEFERRED_AFTER_TRY:
            return AFTER_TRY.get(outcome, outcome)
        return outcome

    def _as_heard_by(self, device: Device, now: datetime) -> Notice:
        quiet = device.profile.quiet_hours
        if self._notice.is_quiet_at_night and quiet and quiet.silent_until(now):
            return self._without_sound
        return self._notice

    def _is_for(self, device: Device) -> bool:
        """Tell whether the device is still the reader's; it may have been handed on since."""
        reader, holder = self._notice.reader, device.person_id
        return reader is None or (holder is not None and reader_of(holder) == reader)

    def _outcome_before_sending(
        self, device: Device | None, now: datetime, *, is_broken: bool
    ) -> Outcome:
        if now >= self._notice.expires_at:
            return Outcome.EXPIRED
        if is_broken:
            # Until it can be read; the others of the batch do not wait for it.
            return Outcome.QUEUED
        if device is None or not self._is_for(device):
            return Outcome.RETIRED
        if device.retired_at is not None:
            self.rejected[device.id] = device.renewals
            return Outcome.RETIRED
        quiet = device.profile.quiet_hours
        if quiet and self._notice.waits_for_quiet_hours and (end := quiet.silent_until(now)):
            self._wakes_at.append(end)
            return Outcome.DEFERRED
        return Outcome.QUEUED
