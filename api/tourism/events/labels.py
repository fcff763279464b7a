"""The words people read for kinds and statuses of events; msgids, translated when shown."""

from collections.abc import Mapping

from api.kit.errors import N_
from api.tourism.events.lunar_calendar import EarthlyBranch
from api.tourism.events.records import EventKind, EventStatus

EVENT_KIND_LABELS: Mapping[EventKind, str] = {
    EventKind.FESTIVAL: N_("Festival"),
    EventKind.CEREMONY: N_("Ceremony"),
    EventKind.FAIR: N_("Fair"),
    EventKind.SPORT: N_("Sports event"),
    EventKind.PERFORMANCE: N_("Performance"),
    EventKind.EXHIBITION: N_("Exhibition"),
    EventKind.OTHER: N_("Other event"),
}

EVENT_STATUS_LABELS: Mapping[EventStatus, str] = {
    EventStatus.SCHEDULED: N_("Takes place"),
    EventStatus.POSTPONED: N_("Postponed"),
    EventStatus.CANCELLED: N_("Cancelled"),
    EventStatus.MOVED: N_("Moved to another day or place"),
}

BRANCH_LABELS: Mapping[EarthlyBranch, str] = {
    EarthlyBranch.RAT: N_("Rat (Tý)"),
    EarthlyBranch.OX: N_("Ox (Sửu)"),
    EarthlyBranch.TIGER: N_("Tiger (Dần)"),
    EarthlyBranch.CAT: N_("Cat (Mão)"),
    EarthlyBranch.DRAGON: N_("Dragon (Thìn)"),
    EarthlyBranch.SNAKE: N_("Snake (Tỵ)"),
    EarthlyBranch.HORSE: N_("Horse (Ngọ)"),
    EarthlyBranch.GOAT: N_("Goat (Mùi)"),
    EarthlyBranch.MONKEY: N_("Monkey (Thân)"),
    EarthlyBranch.ROOSTER: N_("Rooster (Dậu)"),
    EarthlyBranch.DOG: N_("Dog (Tuất)"),
    EarthlyBranch.PIG: N_("Pig (Hợi)"),
}

RULE_LUNAR = N_("Every year on day {day} of lunar month {month}")
RULE_LUNAR_DAYS = N_("Every year from day {day} of lunar month {month}")
RULE_ANIMAL = N_("Every year on the first day of the {animal} in lunar month {month}")
RULE_YEARLY = N_("Every year from {date}")
RULE_WEEKLY = N_("Every week: {weekdays}")
RULE_WEEKLY_IN_SEASON = N_("Every week from {first} to {last}: {weekdays}")

DAY_ABOUT = N_("About {date}; the exact days are announced later")
DAYS_CERTAIN = N_("{first} to {last}")
DAYS_ABOUT = N_("About {first} to {last}; the exact days are announced later")
