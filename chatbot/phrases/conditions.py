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
    "title_weather_warning": N_("See the warnings in force"),
    "title_road_traffic": N_("See how the roads are"),
    "utter_roads_unreachable": N_(
        "I cannot reach the reports on roads right now. This does not mean that the roads are open: look out for signs"
        " and slides, and in danger call 112."
    ),
    "utter_road_events_on_road": N_("Reported on {road} ({time}):"),
    "utter_road_events_near_place": N_("Reported on roads around {place} ({time}):"),
    "utter_road_events_between": N_(
        "Reported on any roads between {start} and {end}, also off your way ({time}):"
    ),
    "utter_road_events_here": N_("Reported on roads around you ({time}):"),
    "utter_road_events_in_province": N_("Reported on roads of the province ({time}):"),
    "utter_no_road_event_on_road": N_("Nothing is reported on {road} ({time})."),
    "utter_no_road_event_near_place": N_("Nothing is reported on roads around {place} ({time})."),
    "utter_no_road_event_between": N_(
        "Nothing is reported on roads between {start} and {end} ({time})."
    ),
    "utter_no_road_event_here": N_("Nothing is reported on roads around you ({time})."),
    "utter_no_road_event_in_province": N_(
        "Nothing is reported on any road of the province ({time})."
    ),
    "part_known_of_day": N_("for {day}; as known on {time}"),
    "part_your_position": N_("your position"),
    "line_road_event": N_("⚠ {road}: {event}"),
    "line_road_event_unnamed": N_("⚠ Road without a number: {event}"),
    "line_road_closed": N_("⚠ {road}: closed"),
    "line_road_part_closed": N_("⚠ {road}: closed in part"),
    "line_road_source": N_("Source: {source}. Since {since} ({age})."),
    "line_road_source_planned": N_("Source: {source}. Planned from {since}."),
    "line_road_expected_until": N_("Expected until {time}."),
    "line_roads_only_reported": N_(
        "I know only what was reported: a road can be blocked before anybody says so. I have no figures on traffic"
        " jams."
    ),
    "title_air_river": N_("Check air, rivers and parking"),
    "utter_conditions_unreachable": N_(
        "I cannot reach the measuring stations right now, so I do not know how the air and the rivers are. Stay away"
        " from rising water; in danger call 112."
    ),
    "utter_conditions_where": N_(
        "For which place? Name a place or a commune, or share your position."
    ),
    "utter_conditions_at_place": N_("What the stations near {place} say:"),
    "utter_conditions_here": N_("What the stations near you say:"),
    "line_weather_station": N_("Weather: {name}, {distance} away. Source: {source}."),
    "line_river_station": N_("River: {name}, {distance} away. Source: {source}."),
    "line_air_station": N_("Air: {name}, {distance} away. Source: {source}."),
    "line_no_weather_station": N_("Weather: no station is near."),
    "line_no_river_station": N_("River: no station is near, so its level is not known."),
    "line_no_air_station": N_("Air: no station is near, so its quality is not known."),
    "line_temperature": N_("• Temperature: {value} °C ({age})"),
    "line_rainfall": N_("• Rain in an hour: {value} mm ({age})"),
    "line_humidity": N_("• Humidity: {value} % ({age})"),
    "line_wind": N_("• Wind: {value} m/s ({age})"),
    "line_water_level": N_("• Water level: {value} m ({age})"),
    "line_water_flow": N_("• Flow: {value} m³/s ({age})"),
    "line_air_index": N_("• Air quality index (VN_AQI): {value} ({age})"),
    "line_pm25": N_("• Fine dust PM2.5: {value} µg/m³ ({age})"),
    "line_pm10": N_("• Dust PM10: {value} µg/m³ ({age})"),
    "line_alarm_1": N_("• Flood alarm 1 is at {metres} m."),
    "line_alarm_2": N_("• Flood alarm 2 is at {metres} m."),
    "line_alarm_3": N_("• Flood alarm 3 is at {metres} m."),
    "line_no_alarm_levels": N_("• I know no flood alarm levels of this station."),
    "line_stale": N_("• Not known right now: the last value is too old ({age})."),
    "line_never_measured": N_("• Not known right now: the station has sent no value."),
    "line_no_car_park": N_("Parking: no car park that counts its spaces is near."),
    "line_car_park_free": N_(
        "Parking: {name}, {distance} away: {free} spaces free ({age}). Source: {source}."
    ),
    "line_car_park_of": N_(
        "Parking: {name}, {distance} away: {free} of {spaces} spaces free ({age}). Source: {source}."
    ),
    "line_car_park_unknown": N_(
        "Parking: {name}, {distance} away: how many spaces are free is not known right now. Source: {source}."
    ),
}
