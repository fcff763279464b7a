"""What other systems may have of the warnings: Actual and Public ones, and the Cancels that end them."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, time, timedelta

import orjson

from api.alerts import labels
from api.alerts.open_alerts import Alert, OpenAlerts
from api.alerts.publishing.atom import PublicEntry, feed_document
from api.alerts.publishing.cap_writer import cap_document
from api.alerts.publishing.geojson import feature
from api.alerts.repository import AlertRecord, AlertRepository
from api.kit.clock import Clock
from api.kit.formats import VIETNAM_TIME
from locales import Translator

ENDED_WITHIN = timedelta(hours=24)
MESSAGES_AT_MOST = 200
_SURELY_PAST = timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class Published:
    """A document. `modified`: when what it says changed last, None when that cannot be told."""

    content: bytes
    modified: datetime | None


class PublicAlerts:
    def __init__(self, alerts: AlertRepository, open_alerts: OpenAlerts, clock: Clock) -> None:
        self._alerts = alerts
        self._open_alerts = open_alerts
        self._clock = clock

    async def feed(self, public_url: str, translate: Translator) -> Published:
        """Return the Atom feed: what is in force or ended within 24 hours, the latest change first."""
        now = self._clock()
        since = now - ENDED_WITHIN
        records = [
            *await self._alerts.in_force(since, now, MESSAGES_AT_MOST),
            *await self._alerts.cancels(since, MESSAGES_AT_MOST),
        ]
        found = [await self._entry(record, now, translate) for record in records]
        found.sort(key=lambda entry: (entry.updated, entry.record.id), reverse=True)
        # An empty feed, too, says when it was so; by the day, so that it has one tag all day.
        midnight = datetime.combine(now.astimezone(VIETNAM_TIME).date(), time(tzinfo=VIETNAM_TIME))
        updated = found[0].updated if found else midnight.astimezone(now.tzinfo)
        content = await asyncio.to_thread(feed_document, found, updated, public_url, translate)
        return Published(content, _told(updated, now))

    async def message(self, alert_id: str) -> Published | None:
        """Return a message as CAP 1.2, of any age; None for what is not public."""
        record = await self._alerts.get(alert_id)
        stored = await self._alerts.message(alert_id) if record and record.is_public else None
        if record is None or stored is None:
            return None
        content = await asyncio.to_thread(cap_document, stored.message)
        return Published(content, _told(record.received_at, self._clock()))

    async def in_force(self, translate: Translator) -> Published:
        """Return as GeoJSON the events of warnings that hold now, the worst and latest first."""
        now = self._clock()
        records = await self._alerts.in_force(now, now, MESSAGES_AT_MOST)
        alerts = [await self._open_alerts.open(one) for one in records if one.is_active(now)]
        return Published(await asyncio.to_thread(_collection, alerts, now, translate), None)

    async def _entry(
        self, record: AlertRecord, now: datetime, translate: Translator
    ) -> PublicEntry:
        bulletins = (await self._open_alerts.open(record)).bulletins
        info = bulletins[0].info_for(translate.language) if bulletins else None
        label = translate(labels.MSG_TYPES[record.msg_type])
        return PublicEntry(
            record=record,
            state=record.state(now),
            title=(info.headline or info.event) if info else label,
            summary=info.description if info else None,
            severity=bulletins[0].severity.name if bulletins else None,
            updated=_changed_at(record, now),
        )


def _told(changed_at: datetime, now: datetime) -> datetime | None:
    """Return when it changed, None within that second: dates on the web count whole ones."""
    return changed_at if changed_at + _SURELY_PAST <= now else None


def _changed_at(record: AlertRecord, now: datetime) -> datetime:
    times = (record.received_at, record.effective_at, record.ended_at, record.expires_at)
    return max(at for at in times if at is not None and (at <= now or at == record.received_at))


def _collection(alerts: list[Alert], now: datetime, translate: Translator) -> bytes:
    features = [
        feature(alert, number, bulletin, translate)
        for alert in alerts
        for number, bulletin in enumerate(alert.bulletins)
        if bulletin.is_in_force(now)
    ]
    return orjson.dumps({"type": "FeatureCollection", "features": features})
