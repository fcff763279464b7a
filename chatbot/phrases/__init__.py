"""Every sentence the bot says, as an English msgid; locales/ holds the other languages.

Keys that begin with `utter_` are replies, `line_` ones stand under a reply, `link_` ones are the titles of links,
`choice_` and `title_` ones those of choices, `part_` ones are fields of others. Fields in braces are named by whoever
says the phrase.
"""

from phrases import (
    cards,
    conditions,
    emergencies,
    health,
    people,
    places,
    reports,
    school,
    talk,
)

_GROUPS = (talk, emergencies, places, conditions, health, cards, school, reports, people)

PHRASES: dict[str, str] = {}
for _group in _GROUPS:
    for _key, _phrase in _group.PHRASES.items():
        if PHRASES.setdefault(_key, _phrase) is not _phrase:
            raise ValueError(f"{_key} is said in two groups")
