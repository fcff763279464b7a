"""Builds what has to do with appointments: holding, booking, moving and cancelling them."""

from api.health.appointments.repository import HEALTH_APPOINTMENTS

BOOKING_COLLECTIONS = (HEALTH_APPOINTMENTS,)
