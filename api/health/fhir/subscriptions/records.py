"""A subscription, and the events that it is told of."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class SubscriptionStatus(StrEnum):
    """Of R4. ERROR: its endpoint failed for a day, and is tried no more until its system says so."""

    ACTIVE = "active"
    ERROR = "error"
    OFF = "off"


@dataclass(frozen=True, slots=True, repr=False)
class Subscription:
    """`criteria`: a search of appointments. `has_payload`: ids come along, else nothing does.

    `secret`: signs what is sent; sealed in the store. `number`: of the last event, `delivered` of the
    last one that the endpoint took. `failing_since`: of the first failure after that. `not_before`:
    the next try.
    """

    id: str
    system_id: str
    facility_id: str
    status: SubscriptionStatus
    reason: str
    criteria: str
    endpoint: str
    has_payload: bool
    ends_at: datetime | None
    secret: str
    number: int
    delivered: int
    failures: int
    failing_since: datetime | None
    not_before: datetime | None
    created_at: datetime
    changed_at: datetime
    version: int = 1


@dataclass(frozen=True, slots=True)
class SubscriptionEvent:
    """That an appointment changed. `number` counts from 1 within its subscription, without gaps."""

    subscription_id: str
    number: int
    appointment_id: str
    version: int
    is_new: bool
    at: datetime
