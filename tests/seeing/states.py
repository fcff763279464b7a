"""A live state with one of everything."""

from prometheus_client import CollectorRegistry

from api.accounts.sign_in.send_caps import UsedCap
from api.kit.jobs import WaitingJobs
from api.operations.gauges import StateCollector
from api.operations.live_state import (
    CertificateState,
    FeedState,
    Funnel,
    Lane,
    LaneName,
    LiveState,
    OverdueReports,
    RedisState,
    SensorState,
)
from notifications.outbox import Waiting
from notifications.outcomes import Outcome
from tests.conftest import NOW

A_STATE = LiveState(
    at=NOW,
    version="1.2.3",
    store_milliseconds=0.5,
    redis=RedisState.UNUSED,
    bot_is_there=True,
    lanes=tuple(Lane(name, Waiting(3, 12.5, 1)) for name in LaneName),
    jobs=WaitingJobs(due=4, oldest_seconds=9.0, leased=2, parked=1),
    active_alerts=1,
    funnels=(Funnel("an-alert", 10, {Outcome.ACCEPTED: 7, Outcome.QUEUED: 3}, 5, 2, 1),),
    feeds=(FeedState("a-feed", "an-agency", NOW, NOW, 0, None),),
    sensors=SensorState(5, ("a-station",)),
    overdue=OverdueReports(accept=1, answer=2, fix=3),
    certificates=(CertificateState("a-certificate", "an-agency", NOW),),
    sms_caps={"codes": UsedCap(10, 50)},
)


def registry_of(state: LiveState) -> CollectorRegistry:
    """Return a registry that tells this state alone."""
    registry = CollectorRegistry()
    collector = StateCollector()
    collector.keep(state)
    registry.register(collector)
    return registry
