"""Pupils' cards and attendance."""

from __future__ import annotations

PHRASES: dict[str, str] = {}
