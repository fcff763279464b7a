"""Places, what is near, markets, trips, the guide, lodging."""

from __future__ import annotations

from phrases.marking import N_

PHRASES: dict[str, str] = {
    "utter_place": N_("About {name}:"),
    "utter_which_place": N_("Which place do you mean? Write its name, with or without marks."),
    "utter_place_suggestions": N_("Do you mean one of these?"),
    "utter_place_unknown": N_("I have no such place on my list. Is its name written differently?"),
    "line_commune": N_("Where: {commune}"),
    "line_altitude": N_("Altitude: {metres} m"),
    "line_opening": N_("Opening: {note}"),
    "line_position_accuracy": N_(
        "Its position on the map may be {distance} off: enough for a visit, not for rescue."
    ),
    "link_map": N_("Map: {name}"),
    "utter_near_place": N_("Near {place}:"),
    "utter_near_you": N_("Near you:"),
    "utter_near_unknown": N_(
        "I do not know where you are: share your position or name a place. Somewhere in the province:"
    ),
    "utter_nothing_near_place": N_("I know nothing of that kind within {distance} of {place}."),
    "utter_nothing_near_you": N_("I know nothing of that kind within {distance} of you."),
    "utter_nothing_in_province": N_("I know nothing of that kind in the province."),
    "utter_unlisted": N_(
        "I have no list of places to eat, sleep, shop, pay or be treated. I know sights, markets, villages,"
        " temples and nature."
    ),
    "line_place": N_("• {name} ({commune})"),
    "line_place_alone": N_("• {name}"),
    "line_place_distance": N_("• {name}: {distance}"),
    "line_more": N_("There are more than these."),
    "utter_markets_on": N_("Markets on {day}:"),
    "utter_no_market_on": N_("I know of no market on {day}."),
    "utter_market_days": N_("{market} meets on {days}; next on {day}."),
    "utter_market_daily": N_("{market} meets every day."),
    "utter_market_unknown": N_("I do not know on which days {place} meets."),
    "line_check_market": N_(
        "Days can shift before holidays and in bad weather: ask before a long way."
    ),
}
