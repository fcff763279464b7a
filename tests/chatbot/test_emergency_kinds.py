"""The one table of emergencies: whom to call, what is taken first, and what the rescue desk sees."""

import pytest
from dialogue.emergency_kinds import kind_of, links_of, sos_of, whom_to_call
from dialogue.titles import worded
from phrases import PHRASES


@pytest.mark.parametrize(
    ("kind", "phrase", "number", "sos"),
    [
        ("suicide", "utter_emergency_suicide", "115", "MEDICAL"),
        ("fire", "utter_emergency_114", "114", "FIRE"),
        ("rescue", "utter_emergency_112", "112", "LOST"),
        ("trapped", "utter_emergency_114", "114", "TRAPPED"),
        ("medical", "utter_emergency_115", "115", "MEDICAL"),
        ("police", "utter_emergency_113", "113", "VIOLENCE"),
        (None, "utter_emergency", "112", "OTHER"),
        ("of_tomorrow", "utter_emergency", "112", "OTHER"),
    ],
)
def test_a_kind_has_its_number_and_its_sos(
    kind: str | None, phrase: str, number: str, sos: str
) -> None:
    said = whom_to_call(kind)

    assert (said.phrase, said.links[0]["url"], sos_of(kind)) == (phrase, f"tel:{number}", sos)
    assert PHRASES[phrase].startswith(f"{number}:")


def test_every_number_can_be_called_whatever_the_kind() -> None:
    numbers = [one["url"] for one in links_of("fire")]

    assert numbers == ["tel:114", "tel:112", "tel:113", "tel:115"]


def test_who_wants_to_die_can_call_who_listens_to_the_young_as_well() -> None:
    titles = [worded(one, "en") for one in links_of("suicide")[:2]]

    assert titles == ["Call 115, ambulance", "Call 111, the helpline for children"]


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        (["police", "medical", "trapped", "rescue", "fire", "suicide"], "suicide"),
        (["police", "medical", "trapped", "rescue", "fire"], "fire"),
        (["police", "medical", "trapped", "rescue"], "rescue"),
        (["police", "medical", "trapped"], "trapped"),
        (["police", "medical"], "medical"),
        (["police"], "police"),
        (["any_certain"], None),
    ],
)
def test_of_several_kinds_the_first_is_taken(told: list[str], kind: str | None) -> None:
    assert kind_of(told, None) == kind


@pytest.mark.parametrize(
    ("told", "kind"),
    [(["fire"], "medical"), (["any_certain"], "medical"), (["fire_certain"], "fire")],
)
def test_only_certain_words_tell_another_kind_than_before(told: list[str], kind: str) -> None:
    assert kind_of(told, "medical") == kind
