"""Places: what they are, what is near, markets, trips, the guide, and beds."""

from __future__ import annotations

from dialogue.task import Task
from dialogue.tasks.places.find_nearby import FindNearby
from dialogue.tasks.places.guide import Guide
from dialogue.tasks.places.lodging import TellOfLodging
from dialogue.tasks.places.market_day import TellMarketDays
from dialogue.tasks.places.place_info import TellAboutPlace
from dialogue.tasks.places.plan_trip import PlanTrip
from dialogue.tasks.places.where_am_i import WhereAmI

PLACES: tuple[Task, ...] = (
    TellAboutPlace(),
    FindNearby(),
    TellMarketDays(),
    PlanTrip(),
    Guide(),
    TellOfLodging(),
    WhereAmI(),
)
