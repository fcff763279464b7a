"""How uses are judged: limits, windows, late reports, and that the order of reports changes nothing."""

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.kit.formats import VIETNAM_TIME
from api.tourist_cards.terms import CalendarDays, RollingHours
from api.tourist_cards.usage import Fault, PassUse, judged
from tests.tourist_cards.cards import (
    CABLE_CAR,
    CAVE,
    GATE_KINDS,
    MUSEUM,
    NINE,
    ride,
    terms,
    use,
    visits,
)

BOUGHT = NINE - timedelta(days=3)


def test_a_rolling_pass_ends_so_many_hours_after_its_first_use() -> None:
    usage = judged(terms(ride(), validity=RollingHours(24)), BOUGHT, [use(1)])

    assert (usage.first_use, usage.ends_at) == (NINE, NINE + timedelta(hours=24))


def test_a_calendar_pass_ends_at_midnight_in_vietnam() -> None:
    late = use(1, hours=14.5)

    usage = judged(terms(ride(), validity=CalendarDays(2)), BOUGHT, [late])

    assert usage.ends_at == datetime(2026, 5, 3, tzinfo=VIETNAM_TIME)


@pytest.mark.parametrize(("hours", "fault"), [(23.99, None), (24, Fault.OVER)])
def test_the_end_itself_is_outside(hours: float, fault: Fault | None) -> None:
    uses = [use(1), use(2, hours=hours)]

    usage = judged(terms(ride(), validity=RollingHours(24)), BOUGHT, uses)

    assert usage.fault_of("scan-002") is fault


@pytest.mark.parametrize(("days", "fault"), [(729, None), (730, Fault.WAITED_TOO_LONG)])
def test_a_pass_waits_two_years(days: int, fault: Fault | None) -> None:
    usage = judged(terms(ride()), NINE, [use(1, days=days)])

    assert usage.fault_of("scan-001") is fault


def test_a_pass_that_waited_too_long_is_begun_by_no_late_scan() -> None:
    usage = judged(terms(ride()), NINE, [use(1, days=731), use(2, days=731, hours=1)])

    assert set(usage.faults().values()) == {Fault.WAITED_TOO_LONG}
    assert (len(usage.faults()), usage.first_use, usage.ends_at) == (2, None, None)


def test_a_place_that_no_entitlement_names_is_not_covered_and_does_not_start_the_pass() -> None:
    usage = judged(terms(ride()), BOUGHT, [use(1, MUSEUM)])

    assert usage.faults() == {"scan-001": Fault.NOT_COVERED}
    assert usage.first_use is None


def test_a_second_entitlement_takes_over_where_the_first_is_used_up() -> None:
    one_of_two, museum = visits(CAVE, MUSEUM, uses=1), replace(visits(MUSEUM), id="museum")

    usage = judged(terms(one_of_two, museum), BOUGHT, [use(1, CAVE), use(2, MUSEUM, hours=1)])

    assert [it.entitlement for it in usage.judged] == [one_of_two, museum]
    assert usage.faults() == {}


@pytest.mark.parametrize(
    ("limits", "hours", "fault"),
    [
        ({"uses": 1}, 1, Fault.USED_UP),
        ({"uses": 2}, 1, None),
        ({"uses_per_day": 1}, 1, Fault.USED_UP_TODAY),
        ({"uses_per_day": 1}, 15, None),  # past midnight in Vietnam
        ({"uses_per_place": 1}, 30, Fault.USED_UP_HERE),
        ({"minutes_between": 30}, 0.49, Fault.TOO_SOON),
        ({"minutes_between": 30}, 0.5, None),
    ],
)
def test_each_limit_has_a_fault_of_its_own(
    limits: dict[str, int], hours: float, fault: Fault | None
) -> None:
    usage = judged(terms(ride(**limits)), BOUGHT, [use(1), use(2, hours=hours)])

    assert usage.fault_of("scan-002") is fault


def test_a_late_report_of_an_earlier_use_shifts_the_end_and_shows_the_later_use_to_be_too_much() -> (
    None
):
    terms_of_a_day = terms(ride(uses=1), validity=RollingHours(24))
    known = judged(terms_of_a_day, BOUGHT, [use(2)])

    late = judged(terms_of_a_day, BOUGHT, [use(2), use(1, hours=-5)])

    assert known.faults() == {}
    assert late.ends_at == NINE + timedelta(hours=19)
    assert late.faults() == {"scan-002": Fault.USED_UP}


USES = st.lists(
    st.builds(
        use,
        st.integers(1, 999),
        st.sampled_from([CABLE_CAR, CAVE, MUSEUM, None]),
        minutes=st.integers(0, 5_000),
    ),
    max_size=12,
    unique_by=lambda it: it.id,
)
LIMITED = terms(
    visits(CAVE, MUSEUM, uses=3, uses_per_place=2), ride(uses=4, uses_per_day=2, minutes_between=15)
)


@given(st.data())
def test_the_order_of_reports_changes_nothing(data: st.DataObject) -> None:
    uses = data.draw(USES)

    shuffled = data.draw(st.permutations(uses))

    assert judged(LIMITED, BOUGHT, shuffled) == judged(LIMITED, BOUGHT, uses)


@given(USES)
def test_good_uses_never_exceed_a_limit(uses: list[PassUse]) -> None:
    usage = judged(LIMITED, BOUGHT, uses)

    good = [it for it in usage.judged if it.fault is None]
    drawn = Counter(it.entitlement.id for it in good if it.entitlement)
    here = Counter(it.use.place_id for it in good if it.use.place_id != CABLE_CAR)
    rides = Counter(
        it.use.at.astimezone(VIETNAM_TIME).date() for it in good if it.use.place_id == CABLE_CAR
    )
    assert drawn["sights"] <= 3
    assert drawn["cable-car"] <= 4
    assert max(here.values(), default=0) <= 2
    assert max(rides.values(), default=0) <= 2
    assert all(usage.ends_at and it.use.at < usage.ends_at for it in good)


@given(USES)
def test_what_is_within_its_limits_has_no_fault(uses: list[PassUse]) -> None:
    unlimited = terms(visits(CAVE, MUSEUM), ride(), validity=RollingHours(240))
    covered = [it for it in uses if it.place_id]

    assert judged(unlimited, BOUGHT, covered).faults() == {}


def test_kinds_decide_what_a_gate_may_draw_on() -> None:
    asked = PassUse("scan-001", NINE, CABLE_CAR, GATE_KINDS - {ride().kind})

    assert judged(terms(ride()), BOUGHT, [asked]).faults() == {"scan-001": Fault.NOT_COVERED}
