"""Asks for the alarms before a certificate expires."""

from datetime import datetime, timedelta

from api.kit.ids import derived_id
from api.kit.jobs import Jobs

EXPIRY_ALARM = "alerts.certificate_expiry"
DAYS_BEFORE = (30, 7, 1)


async def plan_expiry_alarms(
    jobs: Jobs, certificate_id: str, not_after: datetime, now: datetime
) -> None:
    """Ask for an alarm at each of DAYS_BEFORE; of those that are past already, the last one now.

    Joins the open transaction.
    """
    at = {days: not_after - timedelta(days=days) for days in DAYS_BEFORE}
    late = min((days for days in DAYS_BEFORE if at[days] <= now), default=None)
    for days in DAYS_BEFORE:
        if at[days] > now or days == late:
            await jobs.enqueue(
                EXPIRY_ALARM,
                {"certificate": certificate_id, "days": days},
                id=derived_id(EXPIRY_ALARM, certificate_id, str(days)),
                run_at=max(at[days], now),
            )
