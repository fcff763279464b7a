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
    "line_open_now": N_("Now: {opening}"),
    "line_open_at": N_("{time}: {opening}"),
    "part_opening_unknown": N_("opening hours not known"),
    "utter_way": N_("The way to {place}:"),
    "line_way_from_here": N_("From where you are: {distance} as the crow flies"),
    "line_way_from": N_("From {place}: {distance} as the crow flies"),
    "line_way_by_map": N_(
        "I have no bus times and cannot lead you there: the link below opens your map, which can."
    ),
    "line_position_accuracy": N_(
        "Its position on the map may be {distance} off: enough for a visit, not for rescue."
    ),
    "link_map": N_("Map: {name}"),
    "utter_near_place": N_("Near {place}:"),
    "title_where_am_i": N_("Where I am"),
    "utter_where_you_are": N_("You are here: {commune}."),
    "utter_where_outside": N_(
        "The position that your phone shared is not in {province}, so I do not know the place."
    ),
    "utter_where_share": N_(
        "I do not know where you are. Share your position, and I tell you the commune and what is near."
    ),
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
    "utter_market_yes": N_("Yes: {market} meets on {day}."),
    "utter_market_no": N_("No: {market} does not meet on {day}."),
    "utter_market_no_range": N_("No: {market} does not meet from {first} to {last}."),
    "utter_market_unknown": N_("I do not know on which days {place} meets."),
    "line_check_market": N_(
        "Days can shift before holidays and in bad weather: ask before a long way."
    ),
    "title_place_info": N_("Learn about a place"),
    "title_find_nearby": N_("Find sights nearby"),
    "title_market_day": N_("See which market meets when"),
    "utter_first_days_only": N_(
        "I have named the first days only. Ask me about a single day to hear of the others."
    ),
    "title_plan_trip": N_("Plan a trip"),
    "utter_trip_which_day": N_("On which day does your trip begin?"),
    "choice_today": N_("Today"),
    "choice_tomorrow": N_("Tomorrow"),
    "choice_weekend": N_("This weekend"),
    "utter_trip_day_past": N_("That day is over. A trip can begin today at the earliest."),
    "utter_trip_day_far": N_("That is too far ahead: I plan trips for the coming year only."),
    "utter_trip_too_long": N_("I plan trips of one day to {most} days."),
    "utter_trip_how_long": N_("How many hours do you have?"),
    "choice_whole_day": N_("The whole day, ten hours"),
    "choice_half_day": N_("Half a day, four hours"),
    "utter_trip_hours_bounds": N_("A day of a trip takes from {least} to {most} hours."),
    "utter_trip_from_where": N_(
        "Where do you start from? Write the name of a commune, a ward or a place."
    ),
    "choice_from_here": N_("From where I am"),
    "choice_from_sa_pa": N_("From Sa Pa"),
    "choice_from_lao_cai": N_("From Lào Cai ward"),
    "utter_trip_interests": N_("What do you like to see most?"),
    "choice_interest_all": N_("A bit of everything"),
    "choice_interest_markets": N_("Markets"),
    "choice_interest_villages": N_("Villages"),
    "choice_interest_temples": N_("Temples and churches"),
    "choice_interest_history": N_("History"),
    "choice_interest_landscapes": N_("Views and landscapes"),
    "choice_interest_nature": N_("Nature"),
    "choice_interest_hiking": N_("Hiking"),
    "choice_interest_hot_springs": N_("Hot springs"),
    "choice_interest_adventure": N_("Adventure"),
    "utter_trip_read_back": N_("Shall I plan this trip?"),
    "line_trip_starts": N_("Start: {time}"),
    "line_trip_ends": N_("End: {time}"),
    "line_trip_from": N_("Starting from: {place}"),
    "line_trip_from_here": N_("Starting from: where you are"),
    "line_trip_to": N_("Ending at: {place}"),
    "line_trip_interest": N_("You like: {interest}"),
    "line_trip_all_alike": N_("You like a bit of everything."),
    "line_trip_must": N_("To see in any case: {place}"),
    "line_trip_children": N_("Children come along: shorter days and more rests."),
    "line_trip_budget": N_("Money for entrance fees: {amount}"),
    "line_trip_car": N_(
        "Travel times are those of a car. In the app you can also plan on foot, by motorbike or with a wheelchair."
    ),
    "line_trip_position_lost": N_("Your position is not shared any more."),
    "utter_trip": N_("Here is your plan."),
    "utter_trip_slow": N_(
        "I have no plan yet: it takes longer than I can wait here. Say yes, and I try once more, or use the planner of"
        " the app, which can wait."
    ),
    "utter_trip_not_all": N_("Not everything you want to see is possible:"),
    "utter_trip_nearest": N_("This plan comes nearest to it."),
    "line_trip_day": N_("{day}:"),
    "line_trip_day_empty": N_("Nothing can be visited on this day."),
    "line_trip_visit": N_("• {start} to {end}: {place}"),
    "line_trip_meal": N_("• {start} to {end}: time to eat"),
    "line_trip_way": N_("• {start} to {end}: on the way, by {roads}"),
    "line_trip_kept_nowhere": N_(
        "Ask me about roads and warnings before you leave. I do not keep this plan: the planner of the app can."
    ),
    "title_guide": N_("Hear the guide"),
    "utter_story": N_("The story of {name}:"),
    "utter_no_story": N_("No tour tells a story of {name} yet. What is known of it:"),
    "utter_guide_here": N_("The guide says where you stand:"),
    "line_next_stop": N_("Next stop: {name}, {distance} as the crow flies"),
    "line_story_of_tour": N_("This story belongs to the tour: {tour}"),
    "line_on_tour": N_("Tour: {tour}"),
    "line_spoken_by_machine": N_("A machine speaks the recording."),
    "link_listen": N_("Listen"),
    "utter_tours": N_("Tours with stories to hear on foot:"),
    "utter_no_tours": N_("I know of no tour with stories yet."),
    "line_tour": N_("• {name}: {minutes} minutes on foot"),
    "line_tour_distance": N_("• {name}: {minutes} minutes on foot, {distance} away"),
    "line_tours_how": N_(
        "Name one by its number to see its stops, or share your position on the way to hear the story of where you"
        " stand."
    ),
    "utter_tour": N_("The tour {name}, {minutes} minutes on foot without pauses:"),
    "line_tour_stop": N_("• {name}"),
    "line_pack": N_(
        "For places without signal there is a pack to download in the app. It holds no warnings and no closures: those"
        " need a network."
    ),
    "line_pack_size": N_(
        "For places without signal there is a pack of {size} to download in the app. It holds no warnings and no"
        " closures: those need a network."
    ),
    "title_lodging": N_("Look for a place to stay"),
    "utter_no_lodging": N_(
        "I have no list of beds, so I do not know prices or free rooms, and I cannot book a room."
    ),
    "line_lodging_ask": N_(
        "Please ask the house itself or your booking service, and check the price before you pay."
    ),
    "line_lodging_can_do": N_(
        "What I can do: find sights near the place where you stay, plan days that begin there, and tell you of roads"
        " and warnings on the way."
    ),
    "utter_lodging_places": N_(
        "Houses on my list of places; their prices and free rooms I do not know:"
    ),
}
