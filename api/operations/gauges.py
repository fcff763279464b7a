"""The live state as figures: read every 15 seconds by each worker that is scraped."""

import asyncio
from collections.abc import Iterator
from time import time

import structlog
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from typing_extensions import override

from api.kit.store import StoreError
from api.operations.live_state import LiveState
from api.operations.service import Operations
from notifications.outcomes import Outcome
from notifications.pacing import pause

EVERY_SECONDS = 15.0
_NUMBERS = {
    "laocai_jobs_due": "Jobs that are due and that nobody has begun.",
    "laocai_jobs_oldest_seconds": "For how long the oldest of them has been due.",
    "laocai_jobs_leased": "Jobs in the hands of a worker.",
    "laocai_jobs_parked": "Jobs given up after many tries: for a person to look at.",
    "laocai_alerts_active": "Alerts in force.",
    "laocai_sensors_in_use": "Stations in use.",
    "laocai_sensors_silent": "Of these, those without a value that still says how things are.",
    "laocai_bot_up": "1 when the bot answers.",
    "laocai_state_read_at_seconds": "When this was read from the store, in Unix time.",
}
log = structlog.get_logger()


class StateCollector(Collector):
    """Tells what was read last, and nothing before the first reading."""

    def __init__(self) -> None:
        self._state: LiveState | None = None
        self._read_at = 0.0

    def keep(self, state: LiveState) -> None:
        self._state, self._read_at = state, time()

    def describe(self) -> Iterator[Metric]:
        return iter(())  # no name is told before there is a value

    @override
    def collect(self) -> Iterator[Metric]:
        state = self._state
        if state is None:
            return
        yield from _numbers(state, self._read_at)
        yield from _lanes(state)
        yield from _funnels(state)
        yield from _feeds(state)
        yield _overdue(state)
        yield _certificates(state)
        yield from _sms_caps(state)


def _numbers(state: LiveState, read_at: float) -> Iterator[Metric]:
    values = (
        state.jobs.due,
        state.jobs.oldest_seconds,
        state.jobs.leased,
        state.jobs.parked,
        state.active_alerts,
        state.sensors.in_use,
        len(state.sensors.silent),
        state.bot_is_there,
        read_at,
    )
    for (name, words), value in zip(_NUMBERS.items(), values, strict=True):
        yield GaugeMetricFamily(name, words, value=float(value))


def _lanes(state: LiveState) -> Iterator[Metric]:
    depth = GaugeMetricFamily(
        "laocai_outbox_depth",
        "What should have gone out by now: batches of up to 1,000 devices, or texts.",
        labels=["lane"],
    )
    oldest = GaugeMetricFamily(
        "laocai_outbox_oldest_seconds", "Since when the oldest of it waits.", labels=["lane"]
    )
    leased = GaugeMetricFamily(
        "laocai_outbox_leased", "What of it is in the hands of a worker.", labels=["lane"]
    )
    for lane in state.lanes:
        depth.add_metric([lane.name.name], lane.waiting.depth)
        oldest.add_metric([lane.name.name], lane.waiting.oldest_seconds)
        leased.add_metric([lane.name.name], lane.waiting.leased)
    yield from (depth, oldest, leased)


def _funnels(state: LiveState) -> Iterator[Metric]:
    devices = GaugeMetricFamily(
        "laocai_alert_devices",
        "Of an active alert: devices by what became of it on them, and on how many it was opened.",
        labels=["alert", "state"],
    )
    people = GaugeMetricFamily(
        "laocai_alert_people", "What people answered to an alert.", labels=["alert", "answer"]
    )
    for funnel in state.funnels:
        for outcome in Outcome:
            count = funnel.by_outcome.get(outcome, 0)
            devices.add_metric([funnel.alert_id, outcome.value], count)
        devices.add_metric([funnel.alert_id, "opened"], funnel.opened)
        people.add_metric([funnel.alert_id, "safe"], funnel.safe)
        people.add_metric([funnel.alert_id, "need_help"], funnel.need_help)
    yield from (devices, people)


def _feeds(state: LiveState) -> Iterator[Metric]:
    failures = GaugeMetricFamily(
        "laocai_feed_failures", "Polls of a feed that failed in a row.", labels=["feed", "agency"]
    )
    succeeded = GaugeMetricFamily(
        "laocai_feed_succeeded_at_seconds",
        "When a feed was read last, in Unix time; 0: never.",
        labels=["feed", "agency"],
    )
    for feed in state.feeds:
        labels = [feed.feed_id, feed.agency_id]
        failures.add_metric(labels, feed.failures)
        succeeded.add_metric(labels, feed.succeeded_at.timestamp() if feed.succeeded_at else 0)
    yield from (failures, succeeded)


def _overdue(state: LiveState) -> Metric:
    overdue = GaugeMetricFamily(
        "laocai_reports_overdue",
        "Reports that wait longer than they may: to be accepted, answered or fixed.",
        labels=["deadline"],
    )
    overdue.add_metric(["accept"], state.overdue.accept)
    overdue.add_metric(["answer"], state.overdue.answer)
    overdue.add_metric(["fix"], state.overdue.fix)
    return overdue


def _certificates(state: LiveState) -> Metric:
    ends = GaugeMetricFamily(
        "laocai_agency_certificate_ends_at_seconds",
        "Until when a certificate that no other follows signs an agency's warnings, in Unix time.",
        labels=["certificate", "agency"],
    )
    for one in state.certificates:
        ends.add_metric([one.certificate_id, one.agency_id], one.ends_at.timestamp())
    return ends


def _sms_caps(state: LiveState) -> Iterator[Metric]:
    used = GaugeMetricFamily(
        "laocai_sms_cap_used", "SMS of this day (UTC) that count towards a cap.", labels=["cap"]
    )
    most = GaugeMetricFamily("laocai_sms_cap_most", "How many it allows.", labels=["cap"])
    for name, cap in state.sms_caps.items():
        used.add_metric([name], cap.used)
        most.add_metric([name], cap.most)
    yield from (used, most)


async def keep_telling(
    operations: Operations, registry: CollectorRegistry, stop: asyncio.Event
) -> None:
    """Read the state again and again until `stop` is set; what fails leaves the last one in place."""
    collector = StateCollector()
    registry.register(collector)
    while not stop.is_set():
        try:
            collector.keep(await operations.state())
        except StoreError as error:
            log.warning("live state not read", error=type(error).__name__)
        except Exception as error:
            # Who watches must not be what stops the worker.
            log.error("live state not read", exc_info=error)
        await pause(stop, EVERY_SECONDS)
