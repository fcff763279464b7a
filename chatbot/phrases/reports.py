"""Reports to the authorities, ratings, things lost and found."""

from __future__ import annotations

PHRASES: dict[str, str] = {}
