"""Tourist cards and the wallet."""

from __future__ import annotations

PHRASES: dict[str, str] = {}
