"""The job that sends SMS: some minutes after an extreme warning, to whoever opened it on no device of theirs."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog

from api.accounts.people.repository import AccountRepository
from api.accounts.sign_in.addresses import Address
from api.accounts.sign_in.errors import TooManyCodes
from api.accounts.sign_in.send_caps import SendCaps
from api.accounts.sign_in.ways_in import WayKind, WaysIn
from api.alerts.actual_alert import ActualAlert
from api.alerts.bulletins import Bulletin, Communes
from api.alerts.by_sms.spending import AllowanceUsedUp, SmsSpending
from api.alerts.by_sms.wishes import SmsWishes
from api.alerts.cap_message import Severity
from api.alerts.notices import quieted_id, warning
from api.alerts.open_alerts import OpenAlerts
from api.alerts.repository import AlertRepository
from api.alerts.threads import first_thread
from api.kit.clock import Clock
from api.kit.ids import derived_id
from api.kit.jobs import Handler, Jobs
from api.kit.store import Store
from api.kit.transactions import transact
from notifications.device_repository import DeviceRepository
from notifications.notice import Notice, Text
from notifications.receipts import Receipts
from notifications.shortening import shortened
from notifications.sms_length import sms_segments
from notifications.text_message import Channel, TextMessage
from notifications.texts import Texts

SEND_SMS = "alerts.send_sms"
SEGMENTS_AT_MOST = 3
"""Of one SMS: what stands first is what to do, and each segment costs as much again."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class People:
    """Where a person's language, number, devices and openings are found."""

    accounts: AccountRepository
    ways: WaysIn
    devices: DeviceRepository
    receipts: Receipts


class SmsJobs:
    """`after`: how long people have to open a warning on a device."""

    def __init__(
        self,
        store: Store,
        alerts: AlertRepository,
        open_alerts: OpenAlerts,
        communes: Communes,
        wishes: SmsWishes,
        people: People,
        spending: SmsSpending,
        caps: SendCaps,
        texts: Texts,
        jobs: Jobs,
        clock: Clock,
        after: timedelta,
    ) -> None:
        self._store = store
        self._alerts = alerts
        self._open_alerts = open_alerts
        self._communes = communes
        self._wishes = wishes
        self._people = people
        self._spending = spending
        self._caps = caps
        self._texts = texts
        self._jobs = jobs
        self._clock = clock
        self._after = after

    def handlers(self) -> dict[str, Handler]:
        """Return the handler of each kind of job, for the worker."""
        return {SEND_SMS: self.send}

    async def ask(self, payload: Mapping[str, Any]) -> None:
        """Ask for the SMS of a bulletin that phones have just been told of, if it is extreme."""
        alert_id, number = payload["alert_id"], int(payload["number"])
        found = await self._in_force(alert_id, number)
        if found is not None:
            await self._jobs.enqueue(
                SEND_SMS,
                {"alert_id": alert_id, "number": number},
                id=derived_id(SEND_SMS, alert_id, str(number)),
                run_at=self._clock() + self._after,
            )

    async def send(self, payload: Mapping[str, Any]) -> None:
        """Queue an SMS for everybody who has to be told so, each once, however often this runs."""
        found = await self._in_force(payload["alert_id"], int(payload["number"]))
        if found is None:
            log.info("warning over, no SMS sent", alert=payload["alert_id"])
            return
        notice, bulletin = found
        homes = await asyncio.to_thread(bulletin.reach.homes, self._communes)
        await self._spending.begin(notice.id, notice.expires_at)
        opened = await self._people.receipts.of(notice.id)
        opened |= await self._people.receipts.of(quieted_id(notice.id))
        held_back: set[str] = set()
        async for person_id in self._wishes.persons_of(homes):
            if not await self._is_heard(notice, person_id, opened):
                is_told = await self._told(notice, person_id)
                held_back.update(() if is_told else (person_id,))
        await self._spending.note_held_back(notice.id, len(held_back))
        log.info("warning told by SMS", notice=notice.id, held_back=len(held_back))

    async def _in_force(self, alert_id: str, number: int) -> tuple[Notice, Bulletin] | None:
        """Return the bulletin and its notice, while it is extreme and nothing has ended it."""
        record, now = await self._alerts.get(alert_id), self._clock()
        if record is None or record.warned_at is None or record.has_ended(now):
            return None
        bulletin = (await self._open_alerts.open(record)).bulletins[number]
        is_extreme = bulletin.severity is Severity.EXTREME and not bulletin.is_all_clear
        if not is_extreme or not bulletin.is_in_force(now):
            return None
        return warning(
            ActualAlert(record), number, bulletin, first_thread(record, number)
        ), bulletin

    async def _is_heard(self, notice: Notice, person_id: str, opened: frozenset[str]) -> bool:
        """Tell whether the person opened it on a device, or has an SMS already."""
        devices = await self._people.devices.linked(person_id)
        if any(device.id in opened for device in devices):
            return True
        return await self._spending.is_told(notice.id, person_id)

    async def _told(self, notice: Notice, person_id: str) -> bool:
        """Queue the SMS; False when caps forbid it. Whoever has no number is told by nobody here."""
        message = await self._message(notice, person_id)
        if message is None:
            return True
        try:
            await transact(self._store, lambda: self._queue(notice, person_id, message))
        except (TooManyCodes, AllowanceUsedUp):
            return False
        return True

    async def _queue(self, notice: Notice, person_id: str, message: TextMessage) -> None:
        segments = sms_segments(message.body)
        if await self._spending.spend(notice.id, person_id, segments, notice.expires_at):
            await self._caps.count_notice(Address(Channel.SMS, message.to), self._clock())
            await self._texts.queue(message)

    async def _message(self, notice: Notice, person_id: str) -> TextMessage | None:
        account = await self._people.accounts.get(person_id)
        ways = await self._people.ways.of_person(person_id)
        numbers = [way.value for _, way in ways if way.kind is WayKind.PHONE]
        if account is None or account.is_leaving or not numbers:
            return None
        language, text = notice.text_for(account.language)
        return TextMessage(
            id=derived_id("warning by sms", notice.id, person_id),
            channel=Channel.SMS,
            to=numbers[0],
            subject="",
            body=sms_of(text),
            language=language,
            expires_at=notice.expires_at,
            person_id=person_id,
        )


def sms_of(text: Text) -> str:
    """Return the title and as much of the body as SEGMENTS_AT_MOST hold, cut between words."""
    whole = f"{text.title}\n{text.body}"
    fitting, too_many = 0, len(whole.encode()) + 1
    while too_many - fitting > 1:
        tried = (fitting + too_many) // 2
        if sms_segments(shortened(whole, tried)) <= SEGMENTS_AT_MOST:
            fitting = tried
        else:
            too_many = tried
    return shortened(whole, fitting)
