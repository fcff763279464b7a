"""A roster from the dry run to the pupils: applied by its digest, again and again, or not at all."""

import asyncio
import hashlib

import httpx
import pytest

from api.context import Services
from api.kit.jobs import JOBS
from api.students.pupils.pupil import Pupil
from api.students.pupils.repository import PUPILS, PupilRepository
from api.students.roster.applying import RosterApplying
from api.students.roster.repository import ROSTER_PIECES, ROSTERS, RosterRepository
from tests.accounts.exporting import run_jobs
from tests.accounts.people import Answer, new_key, signed_in
from tests.accounts.staff import noted
from tests.conftest import MovableClock
from tests.students.school import (
    BAO,
    ELSEWHERE,
    HEADER,
    LAN,
    MAI,
    SCHOOL,
    YEAR,
    a_clerk,
    apply,
    ask,
    check,
    class_id_of,
    csv_of,
    enrolled,
    faults,
    pupils_at,
    refused,
    told,
)

LAN_TOLD = ("Nguyễn Thị Lan", "2A", True)
BAO_TOLD = ("Lò Văn Bảo", "2A", True)


async def test_a_dry_run_tells_what_would_be_and_changes_nobody(
    client: httpx.AsyncClient, services: Services, clock: MovableClock
) -> None:
    clerk = await a_clerk(client, services)
    await enrolled(client, services, clerk, clock, LAN, BAO, MAI)
    content = csv_of(
        LAN.replace("2A", "2B"), BAO.replace("Bảo", "Bão"), "2411000009,Vàng A Páo,01/02/2018,2B"
    )
    before = await told(services)

    reply = await check(client, clerk, content)

    assert reply.status_code == 200
    body = reply.json()
    assert body["digest"] == hashlib.sha256(content).hexdigest()
    assert body["would"] == {
        "NEW": 1, "MOVED": 1, "CORRECTED": 1, "LEFT": 0, "RETURNED": 0, "SAME": 0,
    }  # fmt: skip
    assert (body["rows"], body["missing"], body["faultCount"], body["year"]) == (3, 1, 0, YEAR)
    assert await told(services) == before


async def test_each_bad_row_is_named_in_both_languages(
    client: httpx.AsyncClient, services: Services
) -> None:
    clerk = await a_clerk(client, services)

    reply = await check(client, clerk, csv_of(LAN, "24110,,1/1/2018,2A"), language="ko")

    assert faults(reply) == [(3, "Họ và tên", "EMPTY")]
    assert reply.json()["faults"][0]["messages"] == {
        "vi": "Ô này trống, mà không được để trống.",
        "en": "This cell is empty, and must not be.",
    }


async def test_a_file_that_is_refused_says_so_in_both_languages(
    client: httpx.AsyncClient, services: Services
) -> None:
    clerk = await a_clerk(client, services)

    reply = await check(client, clerk, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", language="fr")

    assert (reply.status_code, reply.json()["code"]) == (422, "OLD_WORKBOOK")
    assert sorted(reply.json()["messages"]) == ["en", "vi"]
    assert reply.headers["content-language"] == "fr"


async def test_a_roster_without_pupils_is_refused_and_not_kept(
    client: httpx.AsyncClient, services: Services
) -> None:
    clerk = await a_clerk(client, services)

    reply = await check(client, clerk, csv_of(), language="vi")

    assert (reply.status_code, reply.json()["code"]) == (422, "NO_ROWS")
    assert await services.store[ROSTERS].count({}) == 0


async def test_a_checked_roster_is_applied_by_its_digest(
    client: httpx.AsyncClient, services: Services, clock: MovableClock
) -> None:
    clerk = await a_clerk(client, services)
    checked = (await check(client, clerk, csv_of(LAN, BAO))).json()

    asked = await apply(client, clerk, checked["digest"])
    await run_jobs(services, clock)

    assert asked["roster"]["state"] == "APPLYING"
    assert await told(services) == {"2411000001": LAN_TOLD, "2411000002": BAO_TOLD}
    variables = {"schoolId": SCHOOL, "year": YEAR, "digest": checked["digest"]}
    roster = await ask(client, "Roster", variables, clerk)
    assert (roster["state"], roster["appliedRows"]) == ("APPLIED", 2)
    assert await services.store[ROSTER_PIECES].count({}) == 0
    (entry,) = await noted(services, "school.roster")
    assert entry.details == {"digest": checked["digest"], "rows": 2, "whole": False}


async def test_the_same_file_again_changes_nobody(
    client: httpx.AsyncClient, services: Services, clock: MovableClock
) -> None:
    clerk = await a_clerk(client, services)
    await enrolled(client, services, clerk, clock, LAN, BAO)
    before = await services.store[PUPILS].find({})

    await enrolled(client, services, clerk, clock, LAN, BAO)

    assert await services.store[PUPILS].find({}) == before


async def test_a_pupil_moves_is_corrected_leaves_and_comes_back(
    client: httpx.AsyncClient, services: Services, clock: MovableClock
) -> None:
    clerk = await a_clerk(client, services)
    await enrolled(client, services, clerk, clock, LAN, BAO)
    ids = {number: pupil.id for number, pupil in (await pupils_at(services)).items()}

    moved = LAN.replace("2A", "2C").replace("Lan", "Lan Anh")
    left = f"{BAO},04/05/2026"
    await enrolled(client, services, clerk, clock, f"{moved},", left, header=f"{HEADER},Left on")
    seen = await told(services)
    await enrolled(client, services, clerk, clock, BAO)

    assert seen == {
        "2411000001": ("Nguyễn Thị Lan Anh", "2C", True),
        "2411000002": ("Lò Văn Bảo", "2A", False),
    }
    assert (await told(services))["2411000002"] == BAO_TOLD
    after = await pupils_at(services)
    assert {number: pupil.id for number, pupil in after.items()} == ids


async def test_whoever_is_missing_has_left_only_where_the_file_is_the_whole_school(
    client: httpx.AsyncClient, services: Services, clock: MovableClock
) -> None:
    clerk = await a_clerk(client, services)
    await enrolled(client, services, clerk, clock, LAN, BAO)

    await enrolled(client, services, clerk, clock, LAN)
    in_part = await told(services)
    await enrolled(client, services, clerk, clock, f"{LAN} ", whole=True)

    assert in_part == {"2411000001": LAN_TOLD, "2411000002": BAO_TOLD}
    assert await told(services) == {
        "2411000001": LAN_TOLD,
        "2411000002": ("Lò Văn Bảo", "2A", False),
    }
    bao = (await pupils_at(services))["2411000002"]
    assert bao.left_on == clock().date()


async def test_one_school_s_numbers_are_no_other_school_s(
    client: httpx.AsyncClient, services: Services, clock: MovableClock
) -> None:
    clerk = await a_clerk(client, services)
    other = await a_clerk(client, services, ELSEWHERE, "elsewhere@example.com")
    await enrolled(client, services, clerk, clock, LAN)

    await enrolled(client, services, other, clock, BAO, school=ELSEWHERE, whole=True)

    assert await told(services) == {"2411000001": LAN_TOLD}
    assert await told(services, ELSEWHERE) == {"2411000002": BAO_TOLD}


async def test_a_roster_with_faults_cannot_be_applied(
    client: httpx.AsyncClient, services: Services
) -> None:
    clerk = await a_clerk(client, services)
    checked = (await check(client, clerk, csv_of(LAN, "x,,,"))).json()

    result = await apply(client, clerk, checked["digest"])

    assert (result["code"], result["field"]) == ("ROSTER_REFUSED", "digest")
    assert await services.store[PUPILS].count({}) == 0
    assert await services.store[JOBS].count({}) == 0


async def test_of_two_rosters_that_were_checked_side_by_side_the_second_is_checked_again(
    client: httpx.AsyncClient, services: Services, clock: MovableClock
) -> None:
    clerk = await a_clerk(client, services)
    first = (await check(client, clerk, csv_of(LAN))).json()["digest"]
    second = (await check(client, clerk, csv_of(BAO))).json()["digest"]

    begun = await apply(client, clerk, first)
    meanwhile = await apply(client, clerk, second)
    while_running = await check(client, clerk, csv_of(BAO))
    await run_jobs(services, clock)
    afterwards = await apply(client, clerk, second)

    assert begun["__typename"] == "ApplyRosterSuccess"
    assert (meanwhile["code"], meanwhile["retryAfter"]) == ("ROSTER_RUNNING", 5)
    assert (while_running.status_code, while_running.json()["code"]) == (409, "ROSTER_RUNNING")
    assert afterwards["code"] == "ROSTER_CHANGED"
    assert await told(services) == {"2411000001": LAN_TOLD}


async def begin_both(
    client: httpx.AsyncClient, services: Services, clock: MovableClock
) -> list[Answer]:
    """Let two clerks apply two whole rosters at the same moment."""
    clerk = await a_clerk(client, services)
    other = await a_clerk(client, services, address="other.clerk@example.com")
    first = (await check(client, clerk, csv_of(LAN))).json()["digest"]
    second = (await check(client, other, csv_of(BAO))).json()["digest"]
    results: list[Answer] = await asyncio.gather(
        *(
            apply(client, each, digest, whole=True)
            for each, digest in ((clerk, first), (other, second))
        )
    )
    await run_jobs(services, clock)
    return results


async def test_of_two_clerks_at_once_one_applies_a_roster(
    client: httpx.AsyncClient, services: Services, clock: MovableClock
) -> None:
    results = await begin_both(client, services, clock)

    kinds = sorted(result["__typename"] for result in results)
    assert kinds == ["ApplyRosterSuccess", "StudentError"]
    assert len(await told(services)) == 1


async def test_control_without_turns_both_apply_and_drive_each_other_s_pupils_out(
    client: httpx.AsyncClient,
    services: Services,
    clock: MovableClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def no_turn(*_: object) -> bool:
        return True

    monkeypatch.setattr(RosterRepository, "take_turn", no_turn)

    await begin_both(client, services, clock)

    assert len(await told(services)) == 2


async def test_a_replay_answers_the_same_and_another_request_is_refused(
    client: httpx.AsyncClient, services: Services, clock: MovableClock
) -> None:
    clerk = await a_clerk(client, services)
    digest = (await check(client, clerk, csv_of(LAN))).json()["digest"]
    key = new_key()

    first = await apply(client, clerk, digest, key=key)
    await run_jobs(services, clock)
    again = await apply(client, clerk, digest, key=key)
    other = await apply(client, clerk, digest, key=key, whole=True)

    assert first["roster"]["digest"] == again["roster"]["digest"] == digest
    assert other["code"] == "IDEMPOTENCY_KEY_REUSED"


class _Killed(BaseException):
    pass


async def test_a_killed_job_goes_on_behind_its_last_step(
    client: httpx.AsyncClient,
    services: Services,
    clock: MovableClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clerk = await a_clerk(client, services)
    rows = [f"24{number:08},Vàng A Páo,01/02/2018,2A" for number in range(600)]
    digest = (await check(client, clerk, csv_of(*rows))).json()["digest"]
    await apply(client, clerk, digest)
    real, calls = PupilRepository.add, 0

    async def add_until_killed(self: PupilRepository, pupil: Pupil) -> None:
        nonlocal calls
        calls += 1
        if calls == 300:
            raise _Killed
        await real(self, pupil)

    with monkeypatch.context() as patched:
        patched.setattr(PupilRepository, "add", add_until_killed)
        with pytest.raises(_Killed):
            await run_jobs(services, clock)
    of_whole_steps = await services.store[PUPILS].count({})
    clock.advance(minutes=1)
    await run_jobs(services, clock)

    assert of_whole_steps == 250
    assert await services.store[PUPILS].count({}) == 600


async def test_numbers_names_and_birth_dates_are_sealed(
    client: httpx.AsyncClient, services: Services, clock: MovableClock
) -> None:
    clerk = await a_clerk(client, services)
    await check(client, clerk, csv_of(LAN))
    kept = str(await services.store[ROSTER_PIECES].find({}))
    await enrolled(client, services, clerk, clock, LAN)

    kept += str(await services.store[PUPILS].find({})) + str(await services.store[ROSTERS].find({}))

    for secret in ("2411000001", "Thị", " Lan", "2018-03-05"):
        assert secret not in kept


async def test_only_the_school_s_own_office_sends_and_reads(
    client: httpx.AsyncClient, services: Services, clock: MovableClock
) -> None:
    clerk = await a_clerk(client, services)
    await enrolled(client, services, clerk, clock, LAN)
    digest = (await check(client, clerk, csv_of(BAO))).json()["digest"]
    other = await a_clerk(client, services, ELSEWHERE, "elsewhere@example.com")
    stranger = await signed_in(client, services, "stranger@example.com")

    nobody = await check(client, None, csv_of(BAO))
    for person in (other, stranger):
        reply = await check(client, person, csv_of(BAO))
        assert (reply.status_code, reply.json()["code"]) == (403, "NOT_ALLOWED")
        assert (await apply(client, person, digest))["code"] == "NOT_ALLOWED"
        of_class = {"schoolId": SCHOOL, "classId": class_id_of("2A")}
        assert await refused(client, "Pupils", of_class, person) == "NOT_ALLOWED"
        pupil_id = (await pupils_at(services))["2411000001"].id
        assert await refused(client, "Pupil", {"id": pupil_id}, person) == "NOT_FOUND"
    # A class of another school under the own school's name is empty.
    through_own = {"schoolId": ELSEWHERE, "classId": class_id_of("2A")}
    assert (await ask(client, "Pupils", through_own, other))["edges"] == []
    assert (nobody.status_code, nobody.json()["code"]) == (401, "NOT_SIGNED_IN")


async def test_the_office_reads_classes_and_pupils_and_it_is_noted(
    client: httpx.AsyncClient, services: Services, clock: MovableClock
) -> None:
    clerk = await a_clerk(client, services)
    await enrolled(
        client, services, clerk, clock, f"{LAN},Sáng", f"{MAI},Chiều", header=f"{HEADER},Buổi"
    )

    classes = (await ask(client, "SchoolClasses", {"schoolId": SCHOOL}, clerk))["classes"]
    variables = {"schoolId": SCHOOL, "classId": classes[0]["id"]}
    page = await ask(client, "Pupils", variables, clerk)

    assert [(it["name"], it["shift"]) for it in classes] == [("2A", "MORNING"), ("3B", "AFTERNOON")]
    assert [edge["node"]["name"] for edge in page["edges"]] == ["Nguyễn Thị Lan"]
    (entry,) = await noted(services, "pupils.read")
    assert (entry.scope, entry.details) == ("school:s07", {"found": 1})


async def test_a_clerk_whose_role_was_taken_back_applies_nothing(
    client: httpx.AsyncClient, services: Services, clock: MovableClock
) -> None:
    clerk = await a_clerk(client, services)
    digest = (await check(client, clerk, csv_of(LAN))).json()["digest"]
    caller = await services.accounts.sessions.caller_of(clerk.tokens["accessToken"])
    from tests.accounts.families import grant

    await grant(services, clerk)
    applying: RosterApplying = services.students.applying

    with pytest.raises(Exception, match="not allowed"):
        await applying.apply(caller, SCHOOL, YEAR, digest, new_key(), is_whole=False)

    assert await services.store[JOBS].count({}) == 0


async def test_a_year_out_of_reach_and_an_unknown_school_are_refused(
    client: httpx.AsyncClient, services: Services
) -> None:
    clerk = await a_clerk(client, services)

    reply = await check(client, clerk, csv_of(LAN), year=YEAR + 2)

    assert (reply.status_code, reply.json()["code"]) == (422, "INVALID_PERIOD")
    assert await refused(client, "SchoolClasses", {"schoolId": "NO SUCH"}, clerk) == "NOT_FOUND"
