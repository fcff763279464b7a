"""How sure is sure: the numbers that decide between going on, asking back, and saying that it was not understood.

Set on the validation split (docs/bot.md), not on the test messages.
"""

SURE = 0.45
"""A task begins, or interrupts another, from this confidence on."""

CLEAR = 0.8
"""A question that is asked in an emergency is answered from this confidence on, below the numbers."""

POSSIBLE = 0.12
"""Below it an intent is not even offered in "Did you mean"."""

UNCLEAR_AT_MOST = 2
"""So many messages in a row are asked back; then a person is offered."""

NO_TASK = frozenset(
    {
        "affirm",
        "deny",
        "stop",
        "inform",
        "repeat",
        "change_language",
        "nlu_fallback",
    }
)
"""Intents that only mean something in what is going on."""

SMALL_TALK = {
    "greet": "utter_greet",
    "help": "utter_help",
    "thanks": "utter_thanks",
    "who_are_you": "utter_who_are_you",
    "abuse": "utter_abuse",
    "out_of_scope": "utter_out_of_scope",
}
"""Intents that a phrase alone answers."""

ABOUT_ALONE = {
    "report_code": "track_report",
    "facility": "find_doctor",
    "specialty": "find_doctor",
    "card": "card_where",
    "road": "road_traffic",
    "category": "find_nearby",
    "place": "place_info",
    "commune": "place_info",
}
"""What somebody wants who says a name and nothing else, out of the blue: the first kind that is named counts."""
