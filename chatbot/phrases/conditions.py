"""Warnings, roads, air and rivers."""

from __future__ import annotations

from phrases.marking import N_

PHRASES: dict[str, str] = {
    "utter_warnings_unreachable": N_(
        "I cannot reach the warnings right now. This does not mean that all is clear: in danger, get away"
        " from water and slopes and call 112."
    ),
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
    "link_warning": N_("More about this warning"),
}
