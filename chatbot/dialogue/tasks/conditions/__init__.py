"""Warnings, roads, air, rivers and car parks: how things are now, and who says so."""

from __future__ import annotations

from dialogue.task import Task
from dialogue.tasks.conditions.air_river import TellConditions
from dialogue.tasks.conditions.road_traffic import TellRoads
from dialogue.tasks.conditions.weather_warning import TellWarnings

CONDITIONS: tuple[Task, ...] = (TellWarnings(), TellRoads(), TellConditions())
