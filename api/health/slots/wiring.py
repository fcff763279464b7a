"""Builds what has to do with facilities, schedules and places."""

from api.health.directory.repository import HEALTH_PRACTITIONERS, HEALTH_SERVICES
from api.health.schedules.repository import HEALTH_SCHEDULES
from api.health.schedules.session_repository import HEALTH_SESSIONS
from api.health.slots.repository import HEALTH_SLOTS

PLACE_COLLECTIONS = (
    HEALTH_SERVICES,
    HEALTH_PRACTITIONERS,
    HEALTH_SCHEDULES,
    HEALTH_SESSIONS,
    HEALTH_SLOTS,
)
