from collections.abc import Callable

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.guide.tours import guiding
from api.guide.tours.guiding import guide
from api.guide.tours.library import shipped_tours
from api.guide.tours.records import Stop
from api.guide.tours.whereabouts import Whereabouts
from api.kit.geo import Position
from tests.conftest import send
from tests.guide.tours.walks import Fix, recorded, walked

SA_PA = shipped_tours().tours["sa-pa-town"]
ORDER = [stop.id for stop in SA_PA.stops]


def told_on(fixes: list[Fix]) -> list[tuple[str, Fix]]:
    """Walk, add each story to what was heard, and return the stories with the fix that told them."""
    heard: list[str] = []
    told: list[tuple[str, Fix]] = []
    for fix in fixes:
        where = Whereabouts(Position(fix.latitude, fix.longitude), fix.accuracy)
        guidance = guide(SA_PA, where, frozenset(heard))
        if guidance.told:
            heard.append(guidance.told.id)
            told.append((guidance.told.id, fix))
    return told


def test_the_walk_is_the_one_that_is_made() -> None:
    assert recorded() == list(walked(SA_PA))


def test_each_story_is_told_once_in_order_and_none_in_the_noise() -> None:
    fixes = recorded()

    told = told_on(fixes)

    assert len([fix for fix in fixes if fix.is_noise]) > 25
    assert [stop for stop, _ in told] == ORDER
    assert [fix for _, fix in told if fix.is_noise] == []


def test_without_a_look_at_accuracy_the_noise_tells_stories(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The control: whoever takes a fix for the truth tells stories where nobody stands."""
    exactly: Callable[[Whereabouts, Stop], float] = Whereabouts.likelihood_in

    def as_if_exact(self: Whereabouts, stop: Stop) -> float:
        return exactly(Whereabouts(self.position, 0.1), stop)

    monkeypatch.setattr(Whereabouts, "likelihood_in", as_if_exact)
    monkeypatch.setattr(guiding, "POOR_ACCURACY_METRES", 1_000.0)

    told = told_on(recorded())

    assert [fix for _, fix in told if fix.is_noise]
    assert [stop for stop, _ in told] != ORDER


def test_nothing_is_certain_enough_at_half_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guiding, "LEAST_LIKELIHOOD", 1.01)

    assert told_on(recorded()) == []


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 10_000))
def test_other_walks_too_tell_each_story_once_in_order(seed: int) -> None:
    told = told_on(list(walked(SA_PA, seed)))

    assert [stop for stop, _ in told] == ORDER
    assert not any(fix.is_noise for _, fix in told)


async def test_the_walk_over_the_contract(client: httpx.AsyncClient) -> None:
    heard: list[str] = []
    states: list[str] = []

    for fix in recorded()[::4]:
        answer = await send(
            client,
            "guide/GuideAt",
            {
                "tour": "sa-pa-town",
                "position": {"latitude": fix.latitude, "longitude": fix.longitude},
                "accuracy": fix.accuracy,
                "heard": heard,
            },
        )
        guidance = answer["guideAt"]
        states.append(guidance["state"])
        if guidance["tell"]:
            heard.append(guidance["tell"]["id"])

    assert heard == ORDER
    assert states[-1] == "FINISHED"
    assert set(states) == {"ON_THE_WAY", "TELLING", "UNCERTAIN", "FINISHED"}
