"""What is looked at: counts and ages, and nobody's things."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, auto

from api.accounts.sign_in.send_caps import UsedCap
from api.kit.jobs import WaitingJobs
from notifications.outbox import Waiting
from notifications.outcomes import Outcome


class LaneName(StrEnum):
    """A queue of what goes out: pushes by urgency, and texts by channel."""

    EXTREME = auto()
    SEVERE = auto()
    NORMAL = auto()
    SMS = auto()
    EMAIL = auto()


class RedisState(StrEnum):
    UNUSED = auto()
    """Not asked for by the settings: each process counts for itself."""
    REACHED = auto()
    AWAY = auto()


@dataclass(frozen=True, slots=True)
class Lane:
    name: LaneName
    waiting: Waiting


@dataclass(frozen=True, slots=True)
class Funnel:
    """How far an active alert has come. `safe`, `need_help`: what people answered to it."""

    alert_id: str
    devices: int
    by_outcome: Mapping[Outcome, int]
    opened: int
    safe: int
    need_help: int


@dataclass(frozen=True, slots=True)
class FeedState:
    """`failures`: polls that failed in a row; `last_error`: the code of what went wrong last."""

    feed_id: str
    agency_id: str
    polled_at: datetime | None
    succeeded_at: datetime | None
    failures: int
    last_error: str | None


@dataclass(frozen=True, slots=True)
class SensorState:
    """`silent`: of the stations in use, those without one value that still says how things are."""

    in_use: int
    silent: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OverdueReports:
    """Reports that wait for this longer than they may."""

    accept: int
    answer: int
    fix: int


@dataclass(frozen=True, slots=True)
class CertificateState:
    """With which an agency signs its warnings."""

    certificate_id: str
    agency_id: str
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class LiveState:
    """`store_milliseconds`: of a trivial read. `active_alerts`: all, of which the worst have a funnel."""

    at: datetime
    version: str
    store_milliseconds: float
    redis: RedisState
    bot_is_there: bool
    lanes: tuple[Lane, ...]
    jobs: WaitingJobs
    active_alerts: int
    funnels: tuple[Funnel, ...]
    feeds: tuple[FeedState, ...]
    sensors: SensorState
    overdue: OverdueReports
    certificates: tuple[CertificateState, ...]
    sms_caps: Mapping[str, UsedCap]
