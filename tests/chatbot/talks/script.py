"""The words that dialogues are written in: says, taps, hears, and what happens to the phone meanwhile."""

from collections.abc import Callable

from tests.chatbot.talks.talker import SA_PA, Talker

Step = Callable[[Talker], object]


def says(*texts: str) -> Step:
    """Say something, or several things one after the other."""
    return lambda talker: talker.says(*texts)


def taps(number: int) -> Step:
    """Tap a choice of the last answer, 1 the first."""
    return lambda talker: talker.taps(number)


def hears(*parts: str) -> Step:
    """Expect each of these in the last answer, in this order."""
    return lambda talker: talker.hears(*parts)


def hears_nothing_of(*parts: str) -> Step:
    return lambda talker: talker.hears_nothing_of(*parts)


def begins_with(start: str) -> Step:
    """Expect the very first words of the last answer: in an emergency, the number."""

    def check(talker: Talker) -> None:
        assert talker.text.startswith(start), talker.text

    return check


def may(*steps: str) -> Step:
    """Expect what the app is asked to offer."""

    def check(talker: Talker) -> None:
        assert talker.steps == list(steps), talker.steps

    return check


def calls(number: str) -> Step:
    """Expect the first link to be that of a number to call."""

    def check(talker: Talker) -> None:
        assert talker.links[0] == f"tel:{number}", talker.links

    return check


def shares_position(talker: Talker) -> None:
    """From now on the phone tells with each message that it is in Sa Pa."""
    talker.position = SA_PA


def play(talker: Talker, steps: tuple[Step, ...]) -> None:
    for step in steps:
        step(talker)
