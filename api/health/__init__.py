"""Seeing a doctor without the queue: places at health facilities, booked from home."""
