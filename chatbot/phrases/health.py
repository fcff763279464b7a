"""Doctors, appointments, the queue."""

from __future__ import annotations

PHRASES: dict[str, str] = {}
