"""Gate scans make attendance, in whatever order they come; whoever has not come is missed after the bell."""

import asyncio
import itertools
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.credentials.scans.records import Fault, ScanPurpose
from api.credentials.scans.refusals import UseRefused
from api.kit.ids import new_id
from api.kit.store import WriteConflict
from api.students.attendance.attendance_day import AttendanceDay, AttendanceState, Told
from api.students.attendance.book import AttendanceBook
from api.students.attendance.errors import (
    ArrivalNotUnderstood,
    NoSchoolDays,
    NoteNotUnderstood,
    PeriodNotUnderstood,
)
from api.students.attendance.repository import ATTENDANCE, AttendanceRepository
from api.students.calendar.school_calendar import Bells, SchoolCalendar, Shift
from api.students.errors import PupilNotFound
from api.students.notices import texts
from api.students.notices.preferences import News
from api.students.pupils.repository import PupilRepository
from tests.accounts.people import new_key
from tests.accounts.staff import noted
from tests.students.school_days import MONDAY, SchoolDay, at

ENTRY, EXIT = ScanPurpose.ENTRY, ScanPurpose.EXIT
TUESDAY = MONDAY + timedelta(days=1)


async def test_in_time_late_left_and_missing(school: SchoolDay) -> None:
    school.is_now("06:55")
    await school.scan("lan")
    school.is_now("07:06")
    await school.scan("bao")
    in_time, late, expected = [await school.state(name) for name in ("lan", "bao", "mai")]
    school.is_now("11:31")
    await school.scan("lan", EXIT)
    school.is_now("13:31")
    await school.work()

    assert (in_time, late, expected) == ("PRESENT", "LATE", "NOTHING")
    assert [await school.state(name) for name in ("lan", "bao", "mai")] == [
        "LEFT",
        "LATE",
        "ABSENT",
    ]


async def test_exactly_when_lateness_ends_is_in_time(school: SchoolDay) -> None:
    school.is_now("07:05")
    await school.scan("lan")

    assert await school.state("lan") == "PRESENT"


async def test_nobody_is_missed_before_half_an_hour_after_the_bell(school: SchoolDay) -> None:
    school.is_now("07:29")
    await school.work()
    before = await school.state("lan")
    school.is_now("07:30")
    await school.work()

    assert (before, await school.state("lan")) == ("NOTHING", "ABSENT")
    assert await school.state("mai") == "NOTHING"  # of the afternoon


async def test_nobody_is_missed_on_a_day_without_school(school: SchoolDay) -> None:
    assert await school.services.store[ATTENDANCE].count({}) == 0  # since Friday the 1st

    school.is_now("00:10", date(2026, 5, 9))
    for day in range(5, 10):
        school.is_now("00:10", date(2026, 5, day))
        await school.work()
        school.is_now("23:00", date(2026, 5, day))
        await school.work()
    school.is_now("23:00", date(2026, 5, 10))
    await school.work()

    days = await school.services.store[ATTENDANCE].find({"pupil_id": school.pupils["lan"]})
    # Monday's job ran late; Saturday the 9th is made up for, Sunday the 10th is free.
    assert sorted(it["day"] for it in days) == [f"2026-05-0{day}" for day in range(4, 10)]


async def test_whoever_has_no_card_that_works_is_not_missed(school: SchoolDay) -> None:
    await school.services.students.cards.report_lost(school.mother, school.pupils["lan"])
    school.is_now("07:30")
    await school.work()

    assert [await school.state(name) for name in ("lan", "bao")] == ["NOTHING", "ABSENT"]


async def test_a_bell_that_was_moved_misses_by_its_new_time_only(school: SchoolDay) -> None:
    calendars = school.services.students.calendars
    kept = await calendars.of("s07", 2025)
    assert kept is not None
    moved = replace(kept, bells={Shift.MORNING: Bells(time(8), time(11, 30))})
    await calendars.put(school.office, moved, kept.version, new_key())

    school.is_now("07:30")
    await school.work()
    by_the_old_bell = await school.state("lan")
    school.is_now("08:30")
    await school.work()

    assert (by_the_old_bell, await school.state("lan")) == ("NOTHING", "ABSENT")


async def test_a_note_before_excuses_and_a_note_afterwards_does_too(school: SchoolDay) -> None:
    attendance = school.services.students.attendance
    lan, bao = school.pupils["lan"], school.pupils["bao"]
    await attendance.explain(school.mother, lan, MONDAY, TUESDAY, "Sốt  nhẹ", new_key())
    school.is_now("07:30")
    await school.work()
    missed = await school.state("bao")
    await attendance.explain(school.office, bao, MONDAY, MONDAY, "Gia đình báo", new_key())

    assert [await school.state("lan", day) for day in (MONDAY, TUESDAY)] == ["EXCUSED"] * 2
    assert (missed, await school.state("bao")) == ("ABSENT", "EXCUSED")
    (told,) = await attendance.of_pupil(school.mother, lan, MONDAY, MONDAY)
    assert told.note == "Sốt nhẹ"
    assert "Sốt" not in str(await school.services.store[ATTENDANCE].find({}))


async def test_a_note_counts_for_school_days_only(school: SchoolDay) -> None:
    attendance, lan = school.services.students.attendance, school.pupils["lan"]
    friday, next_monday = date(2026, 5, 15), date(2026, 5, 18)

    days = await attendance.explain(school.mother, lan, friday, next_monday, "Về quê", new_key())

    assert [it.day for it in days] == [friday, next_monday]


@pytest.mark.parametrize(
    ("starts", "ends", "note", "problem"),
    [
        (TUESDAY, MONDAY, "Ốm", PeriodNotUnderstood),
        (MONDAY, MONDAY + timedelta(days=31), "Ốm", PeriodNotUnderstood),
        (date(2026, 5, 16), date(2026, 5, 17), "Ốm", NoSchoolDays),
        (date(2025, 10, 1), date(2025, 10, 3), "Ốm", NoSchoolDays),
        (MONDAY, MONDAY, "  ", NoteNotUnderstood),
        (MONDAY, MONDAY, "O" * 301, NoteNotUnderstood),
        (MONDAY, MONDAY, "a\u202eb", NoteNotUnderstood),
    ],
)
async def test_a_note_that_cannot_be_is_refused(
    school: SchoolDay, starts: date, ends: date, note: str, problem: type[Exception]
) -> None:
    attendance = school.services.students.attendance

    with pytest.raises(problem):
        await attendance.explain(school.mother, school.pupils["lan"], starts, ends, note, new_key())

    assert await school.services.store[ATTENDANCE].count({}) == 0


async def test_another_s_pupil_is_neither_seen_nor_explained(school: SchoolDay) -> None:
    attendance, bao = school.services.students.attendance, school.pupils["bao"]

    with pytest.raises(PupilNotFound):
        await attendance.of_pupil(school.mother, bao, MONDAY, MONDAY)
    with pytest.raises(PupilNotFound):
        await attendance.explain(school.mother, bao, MONDAY, MONDAY, "Ốm", new_key())

    assert await school.services.store[ATTENDANCE].count({}) == 0


async def test_that_the_office_read_a_pupil_s_days_is_noted_and_that_her_guardian_did_is_not(
    school: SchoolDay,
) -> None:
    attendance, lan = school.services.students.attendance, school.pupils["lan"]

    await attendance.of_pupil(school.mother, lan, MONDAY, MONDAY)
    await attendance.of_pupil(school.office, lan, MONDAY, MONDAY)

    (entry,) = await noted(school.services, "attendance.read")
    assert (entry.actor, entry.subject) == (school.office.person(), lan)


async def test_the_office_notes_who_came_without_a_card(school: SchoolDay) -> None:
    attendance, lan = school.services.students.attendance, school.pupils["lan"]
    school.is_now("08:00")

    arrived = await attendance.note_arrival(school.office, lan, at("06:58"), new_key())

    assert arrived.state is AttendanceState.PRESENT
    of_no_zone = at("06:58").replace(tzinfo=None)
    for wrong in (at("08:01"), at("06:58", MONDAY - timedelta(days=8)), of_no_zone):
        with pytest.raises(ArrivalNotUnderstood):
            await attendance.note_arrival(school.office, lan, wrong, new_key())
    with pytest.raises(PupilNotFound):
        await attendance.note_arrival(school.mother, lan, at("06:58"), new_key())


async def test_scans_that_come_late_correct_what_was_noted(school: SchoolDay) -> None:
    school.is_now("07:30")
    await school.work()
    missed = await school.state("lan")
    school.is_now("10:00")
    await school.scanned_at("lan", at("09:00"))
    late = await school.state("lan")
    await school.scanned_at("lan", at("06:50"))

    assert (missed, late, await school.state("lan")) == ("ABSENT", "LATE", "PRESENT")
    day = await school.day("lan")
    assert day is not None
    assert (day.arrived_at, day.last_entry) == (at("06:50"), at("09:00"))


async def test_the_same_scans_in_any_order_make_the_same_day(school: SchoolDay) -> None:
    school.is_now("18:00")
    scans = [("06:50", ENTRY), ("11:00", EXIT), ("13:00", ENTRY), ("16:30", EXIT)]
    days: set[tuple[object, ...]] = set()
    for order in itertools.permutations(scans):
        for clock_time, purpose in order:
            await school.scanned_at("lan", at(clock_time), purpose)
        day = await school.day("lan")
        assert day is not None
        days.add((day.arrived_at, day.last_entry, day.last_exit, await school.state("lan")))
        await school.services.store[ATTENDANCE].delete_many({})

    assert days == {(at("06:50"), at("13:00"), at("16:30"), "LEFT")}


async def test_a_scan_of_a_lost_card_makes_nobody_present(school: SchoolDay) -> None:
    school.is_now("07:00")
    await school.services.students.cards.report_lost(school.mother, school.pupils["lan"])
    school.is_now("08:00")

    scan = await school.scanned_at("lan", at("07:30"))

    assert Fault.SUSPENDED in scan.faults
    assert await school.state("lan") == "NOTHING"


async def test_who_has_left_is_refused_though_the_card_is_not_revoked_yet(
    school: SchoolDay,
) -> None:
    pupils = PupilRepository(school.services.store, school.services.sealer)
    lan = await pupils.get(school.pupils["lan"])
    assert lan is not None
    assert await pupils.replace(replace(lan, left_on=MONDAY)) is not None
    school.is_now("07:00")

    with pytest.raises(UseRefused):
        await school.scan("lan")
    late = await school.scanned_at("lan", at("06:59"))

    assert late.faults == (Fault.NOT_HONOURED,)
    assert await school.state("lan") == "NOTHING"


async def always(*_: object) -> bool:
    return True


async def the_bell_and_a_late_scan(school: SchoolDay) -> None:
    """Let the job that misses pupils meet a scan that comes late."""
    school.is_now("07:30")
    await asyncio.gather(school.work(), school.scanned_at("lan", at("06:55")))
    await school.work()


async def test_of_the_bell_and_a_late_scan_at_once_the_pupil_is_present(
    school: SchoolDay,
) -> None:
    await the_bell_and_a_late_scan(school)

    assert await school.state("lan") == "PRESENT"
    told = await school.told()
    # Told that she is missing only if that is corrected, and told once that she came. The clock
    # stands still: nothing says which of two notices was queued first.
    assert len(told) in (1, 2)
    assert len(told) == 1 or [("Correction" in it) for it in told].count(True) == 1


async def test_control_a_miss_that_looks_before_it_writes_overlooks_the_scan(
    school: SchoolDay, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The guard is that `missed` is one conditional write: with a look and a write it is told wrongly."""
    real = AttendanceRepository.missed

    async def without_condition(
        self: AttendanceRepository, pupil: object, shift: Shift, day: date, now: datetime
    ) -> AttendanceDay | None:
        noted = await real(self, pupil, shift, day, now)  # type: ignore[arg-type] # handed on
        return noted or await self.get(pupil.id, day)  # type: ignore[attr-defined] # a pupil

    monkeypatch.setattr(AttendanceRepository, "missed", without_condition)
    monkeypatch.setattr(AttendanceBook, "is_still_so", always)
    school.is_now("06:55")
    await school.scan("lan")
    school.is_now("07:30")
    await school.work()

    assert any("has not come" in body for body in await school.told())


async def test_two_scans_at_once_tell_once(school: SchoolDay) -> None:
    school.is_now("06:58")

    results = await asyncio.gather(school.scan("lan"), school.scan("lan"), return_exceptions=True)
    await school.work()

    assert not any(isinstance(it, WriteConflict) for it in results)
    assert await school.told() == ["Your child in class 2A came to school at 6:58\u202fAM."]


async def test_control_without_what_guards_each_of_two_scans_tells(
    school: SchoolDay, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both guards off: the mark on the day, and the job's id that is made of what it tells."""

    def another_id(*_: str) -> str:
        return new_id()

    def always_new(*_: object) -> tuple[Told, str, News]:
        return Told.ARRIVED, texts.ARRIVED, News.ARRIVAL

    monkeypatch.setattr(AttendanceRepository, "tell", always)
    monkeypatch.setattr("api.students.notices.telling.derived_id", another_id)
    monkeypatch.setattr("api.students.attendance.book._new_in", always_new)
    school.is_now("06:58")

    await asyncio.gather(school.scan("lan"), school.scan("lan"))
    await school.work()

    assert len(await school.told()) == 2


_TIMES = st.datetimes(datetime(2026, 5, 4, 6), datetime(2026, 5, 4, 18))  # noqa: DTZ001
_CALENDAR = SchoolCalendar("s07", 2025, (), frozenset({0}), (), frozenset(), {}, late_after=5)


@given(st.lists(st.tuples(_TIMES, st.booleans()), min_size=1, max_size=6))
def test_a_day_is_left_only_by_a_last_exit(scans: list[tuple[datetime, bool]]) -> None:
    entries = [moment for moment, is_entry in scans if is_entry]
    exits = [moment for moment, is_entry in scans if not is_entry]
    day = AttendanceDay(
        "pupil",
        "s07",
        "class",
        Shift.MORNING,
        MONDAY,
        arrived_at=min(entries, default=None),
        last_entry=max(entries, default=None),
        last_exit=max(exits, default=None),
    )

    state = day.state(_CALENDAR)

    has_left = bool(exits) and (not entries or max(exits) > max(entries))
    assert (state is AttendanceState.LEFT) == has_left
    assert state in (AttendanceState.LEFT, AttendanceState.PRESENT)
