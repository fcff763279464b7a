"""Guardians are told of arrival, leaving and absence: once, in their language, and as they wish."""

from datetime import date, timedelta

import pytest

from api.accounts.privacy.purposes import ConsentPurpose
from api.credentials.scans.records import ScanPurpose
from api.kit.jobs import JOBS
from api.students.errors import PupilNotFound
from api.students.guardians.guardianship import GUARDIANSHIPS
from api.students.notices.preferences import News, Wish
from api.students.notices.telling import DAY_NEWS, Telling
from api.students.notices.wishing import LanguagesNotUnderstood
from notifications.fan_outs import FAN_OUTS
from notifications.outbox import OUTBOX
from tests.accounts.families import caller_of, withdraw
from tests.students.school import a_clerk, a_guardian
from tests.students.school_days import MONDAY, SchoolDay, a_phone, at

EXIT = ScanPurpose.EXIT
CAME = "Your child in class 2A came to school at 6:55\u202fAM."
ABSENT = (
    "Your child in class 2A has not come to school today, and we do not know why."
    " Please write to the school in the app, or call it."
)


async def test_arrival_and_leaving_are_told_each_once(school: SchoolDay) -> None:
    school.is_now("06:55")
    await school.scan("lan", id="one-and-the-same-scan")
    await school.scan("lan", id="one-and-the-same-scan")
    school.is_now("06:57")
    await school.scan("lan")
    await school.work()
    school.is_now("11:35")
    await school.scan("lan", EXIT)
    school.is_now("11:36")
    await school.scan("lan", EXIT)
    await school.work()

    assert await school.told() == [CAME, "Your child in class 2A left school at 11:35\u202fAM."]


async def test_no_notice_names_the_pupil(school: SchoolDay) -> None:
    school.is_now("07:10")
    await school.scan("lan")
    await school.work()

    kept = str(await school.services.store[FAN_OUTS].find({}))
    kept += str(await school.services.store[JOBS].find({}))
    assert "came late to school, at 7:10\u202fAM" in (await school.told())[0]
    for secret in ("Lan", "2411000001", "2018-03-05"):
        assert secret not in kept


async def test_absence_is_told_and_corrected_once(school: SchoolDay) -> None:
    school.is_now("07:30")
    await school.work()
    school.is_now("09:00")
    await school.scanned_at("lan", at("06:55"))
    await school.scanned_at("lan", at("06:56"))
    await school.work()

    assert await school.told() == [
        ABSENT,
        "Correction: your child in class 2A did come to school, at 6:55\u202fAM.",
    ]


async def test_a_scan_that_comes_before_the_absence_is_told_stops_it(school: SchoolDay) -> None:
    school.is_now("07:30")
    services = school.services
    # The bell's job has run, and the job that tells has not.
    await services.students.missing.handlers()["students.miss"](
        {"school": "s07", "day": "2026-05-04", "shift": "morning", "missed_at": at("07:30")}
    )
    await school.scanned_at("lan", at("06:55"))
    await school.work()

    assert await school.told() == [CAME]


async def test_lateness_that_was_none_is_corrected_once(school: SchoolDay) -> None:
    school.is_now("07:10")
    await school.scan("lan")
    await school.work()
    school.is_now("07:20")
    await school.scanned_at("lan", at("06:54"))
    await school.scanned_at("lan", at("06:53"))
    await school.work()

    assert await school.told() == [
        "Your child in class 2A came late to school, at 7:10\u202fAM.",
        "Correction: your child in class 2A was not late, and came at 6:54\u202fAM.",
    ]


async def test_what_is_explained_is_not_told(school: SchoolDay) -> None:
    attendance = school.services.students.attendance
    await attendance.explain(
        school.mother, school.pupils["lan"], MONDAY, MONDAY, "Ốm", "key-of-an-explanation-01"
    )
    school.is_now("07:30")
    await school.work()

    assert await school.told() == []


async def test_old_news_is_no_news(school: SchoolDay) -> None:
    tuesday = MONDAY + timedelta(days=1)
    school.is_now("06:00", tuesday)
    await school.scanned_at("lan", at("06:55"))
    await school.work()

    assert await school.told() == []
    assert await school.state("lan") == "PRESENT"


async def test_only_her_guardians_are_told_and_each_of_them(school: SchoolDay) -> None:
    services, client = school.services, school.client
    clerk = await a_clerk(client, services, address="second.clerk@example.com")
    father = await a_guardian(client, services, clerk, school.pupils["lan"], "father@example.com")
    await a_phone(client, father, "ko")
    await a_phone(client, father, "ja")
    school.is_now("06:55")
    await school.scan("lan")
    await school.scan("bao")
    await school.work()

    batches = await services.store[OUTBOX].find({})
    assert sorted(len(it["device_ids"]) for it in batches) == [1, 2]
    (told,) = set(await school.told("ko"))
    assert told == "2A반 자녀가 오전 6:55에 등교했습니다."


async def test_of_hmn_vi_en_she_reads_vietnamese_whatever_her_phone_is_set_to(
    school: SchoolDay,
) -> None:
    wishing = school.services.students.wishing
    await wishing.put(school.mother, school.pupils["lan"], {}, ["hmn", "vi", "en"])
    school.is_now("07:10")
    await school.scan("lan")
    await school.work()

    assert await school.told("en") == ["Con bạn (lớp 2A) đã đến trường muộn, lúc 07:10."]


@pytest.mark.parametrize("languages", [["x"], ["vi"] * 6, ["vi\n"], ["<script>"]])
async def test_languages_that_are_none_are_refused(school: SchoolDay, languages: list[str]) -> None:
    wishing, lan = school.services.students.wishing, school.pupils["lan"]

    with pytest.raises(LanguagesNotUnderstood):
        await wishing.put(school.mother, lan, {}, languages)

    assert (await wishing.of(school.mother, lan)).languages == ()


async def test_never_is_never_and_the_rest_stays(school: SchoolDay) -> None:
    wishing, lan = school.services.students.wishing, school.pupils["lan"]
    await wishing.put(school.mother, lan, {News.ARRIVAL: Wish.NEVER}, [])
    school.is_now("06:55")
    await school.scan("lan")
    school.is_now("11:35")
    await school.scan("lan", EXIT)
    await school.work()

    assert await school.told() == ["Your child in class 2A left school at 11:35\u202fAM."]


async def test_the_day_is_told_in_the_evening_in_one_message(school: SchoolDay) -> None:
    wishing, lan = school.services.students.wishing, school.pupils["lan"]
    daily = {News.ARRIVAL: Wish.DAILY, News.LEAVING: Wish.DAILY}
    await wishing.put(school.mother, lan, daily, [])
    school.is_now("06:55")
    await school.scan("lan")
    school.is_now("11:35")
    await school.scan("lan", EXIT)
    school.is_now("18:29")
    await school.work()
    before = await school.told()
    school.is_now("18:30")
    await school.work()

    assert before == []
    assert await school.told() == [f"{CAME}\nYour child in class 2A left school at 11:35\u202fAM."]
    school.is_now("18:40")
    await school.scanned_at("lan", at("16:00"), EXIT)
    await school.work()
    assert len(await school.told()) == 1  # it is told with the next day


async def test_wishes_are_each_guardian_s_own(school: SchoolDay) -> None:
    wishing = school.services.students.wishing

    with pytest.raises(PupilNotFound):
        await wishing.of(school.office, school.pupils["lan"])
    with pytest.raises(PupilNotFound):
        await wishing.put(school.mother, school.pupils["bao"], {}, [])


async def test_who_has_withdrawn_the_consent_is_told_nothing_more_not_even_what_waits(
    school: SchoolDay,
) -> None:
    school.is_now("06:55")
    await school.scan("lan")
    (row,) = await school.services.store[GUARDIANSHIPS].find({})
    school.clock.now = at("16:30", date(2026, 5, 1))  # while her session lasts
    await withdraw(
        school.services,
        school.mother_person,
        ConsentPurpose.STUDENT_RECORD,
        row["dependant_id"],
    )
    school.is_now("06:56")
    await school.work()

    assert await school.told() == []
    day = await school.day("lan")
    assert day is not None
    assert day.arrived_at == at("12:00")  # nobody follows her: the minute is forgotten


async def test_a_job_that_runs_twice_tells_once(school: SchoolDay) -> None:
    school.is_now("06:55")
    await school.scan("lan")
    (job,) = await school.services.store[JOBS].find({"kind": "students.tell"})
    telling: Telling = school.services.students.telling

    for _ in range(2):
        await telling.handlers()["students.tell"](job["payload"])

    assert await school.told() == [CAME]


async def test_a_guardian_without_a_phone_is_told_nowhere(school: SchoolDay) -> None:
    devices = school.services.accounts.device_links
    caller = school.mother
    (device,) = await devices.of(caller)
    await devices.unlink(caller, device.id)
    school.is_now("06:55")
    await school.scan("lan")
    await school.work()

    assert await school.told() == []
    assert await school.services.store[DAY_NEWS].count({}) == 0
    assert (await caller_of(school.services, school.mother_person)).person_id in (
        None,
        caller.person_id,
    )
