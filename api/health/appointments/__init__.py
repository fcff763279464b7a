"""Appointments: held, booked, moved and cancelled."""
