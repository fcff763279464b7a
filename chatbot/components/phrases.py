"""Every sentence the bot says, as an English msgid; locales/ holds the other languages.

Keys that begin with `utter_` are responses of Rasa's domain, `line_` ones stand under a response, `link_` ones
are the titles of links. Fields in braces are named by whoever says the phrase.
"""


def N_(message: str) -> str:  # noqa: N802 - the gettext name for "mark, translate later"
    """Mark `message` for extraction; it is translated when said, in the reader's language."""
    return message


PHRASES = {
    "utter_greet": N_(
        "Hello! Ask me about places in Lào Cai, what is near you, market days and warnings."
        " In an emergency, write what has happened."
    ),
    "utter_help": N_(
        "I can describe a place (“Fansipan”), find what is near (“waterfalls near Sa Pa”), tell market days"
        " (“which market is on Sunday?”) and the warnings in force. In an emergency call 112."
    ),
    "utter_thanks": N_("You are welcome. Have a safe journey!"),
    "utter_out_of_scope": N_(
        "Sorry, I do not know about that. I know places, markets and warnings in Lào Cai. In danger call 112."
    ),
    "utter_emergency": N_(
        "112: call search and rescue now, free, day and night.\n"
        "Ambulance 115. Fire and trapped people 114. Police 113.\n"
        "Say where you are and what has happened, and stay on the line."
    ),
    "utter_emergency_112": N_(
        "112: call search and rescue now, free, day and night.\n"
        "Move to high, firm ground if you can, away from slopes and water.\n"
        "Say where you are and how many you are. Other numbers: ambulance 115, fire 114, police 113."
    ),
    "utter_emergency_113": N_(
        "113: call the police now.\n"
        "Get to a safe place with other people if you can.\n"
        "Say where you are. Other numbers: ambulance 115, fire 114, search and rescue 112."
    ),
    "utter_emergency_114": N_(
        "114: call the fire and rescue police now.\n"
        "Stay away from smoke and danger yourself; do not go back in.\n"
        "Say where you are and who is trapped. Other numbers: ambulance 115, search and rescue 112, police 113."
    ),
    "utter_emergency_115": N_(
        "115: call an ambulance now.\n"
        "Do what the person on the phone tells you, and stay with whoever is hurt.\n"
        "Say where you are. Other numbers: search and rescue 112, fire 114, police 113."
    ),
    "link_112": N_("Call 112, search and rescue"),
    "link_113": N_("Call 113, police"),
    "link_114": N_("Call 114, fire and rescue police"),
    "link_115": N_("Call 115, ambulance"),
    "utter_unreachable": N_(
        "I cannot reach my information right now. Please ask again in a few minutes."
    ),
    "utter_warnings_unreachable": N_(
        "I cannot reach the warnings right now. This does not mean that all is clear: in danger, get away"
        " from water and slopes and call 112."
    ),
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
    "utter_warnings_for_place": N_("Warnings in force for {place}:"),
    "utter_warnings_here": N_("Warnings in force where you are:"),
    "utter_warnings_in_province": N_("Warnings in force anywhere in the province:"),
    "utter_warnings_position_unknown": N_(
        "I do not know where you are, so these are all the warnings in force in the province:"
    ),
    "utter_no_warning_for_place": N_("No warning is in force for {place} ({time})."),
    "utter_no_warning_here": N_("No warning is in force where you are ({time})."),
    "utter_no_warning_in_province": N_("No warning is in force anywhere in the province ({time})."),
    "line_no_forecast": N_(
        "I know no forecast: without a warning the weather may still turn. In danger call 112."
    ),
    "line_warning": N_("⚠ {headline}, until {time}"),
    "line_warning_open_ended": N_("⚠ {headline}"),
    "line_more": N_("There are more than these."),
    "link_warning": N_("More about this warning"),
    "utter_markets_on": N_("Markets on {day}:"),
    "utter_no_market_on": N_("I know of no market on {day}."),
    "utter_market_days": N_("{market} meets on {days}; next on {day}."),
    "utter_market_daily": N_("{market} meets every day."),
    "utter_market_unknown": N_("I do not know on which days {place} meets."),
    "line_check_market": N_(
        "Days can shift before holidays and in bad weather: ask before a long way."
    ),
}
