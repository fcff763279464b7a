"""A pupil comes late to school, and her mother's phone shows it: hmn, vi, en, so in Vietnamese."""

import uuid
from datetime import date, datetime, time, timedelta, timezone

import httpx

from demo.checks import Checks
from demo.people import done, new_key, signed_in, staff, with_phone
from demo.phone import Phone
from demo.recorder import received_by, wait_until

HANOI = timezone(timedelta(hours=7))
SCHOOL = "s07"
BORN_ON = date(2014, 3, 5)
JOB_SECONDS = 15.0
MIDNIGHT_IS_NEAR, MIDNIGHT_HAS_PASSED = time(23, 56), time(0, 1)
MIDNIGHT_SECONDS = 310.0


def late_at_school(client: httpx.Client, checks: Checks) -> None:
    """Let a school have one pupil, a gate and her mother; scan her card after the bell."""
    now = _now_away_from_midnight()
    run = uuid.uuid4().hex[:8]
    office = staff(
        client,
        "The office in Sa Pa",
        f"office-{run}",
        ("CLERK", "GATEKEEPER"),
        ("SCHOOL", SCHOOL),
    )
    mother = signed_in(client, "Mother in Sa Pa", f"mother-{run}")
    pupil_id, class_id = _enrolled(client, office, run)
    year = _calendar(office, now)
    done(
        office, "students/IssueStudentCards", {"schoolId": SCHOOL, "classId": class_id, **new_key()}
    )
    card = done(office, "students/PrintStudentCard", {"pupilId": pupil_id})["card"]
    _follow(office, mother, pupil_id)
    gate = office.ask(
        "credentials/AddGate",
        {
            "input": {
                "names": [{"language": "vi", "text": "Cổng trường"}],
                "scopeKind": "SCHOOL",
                "scopeId": SCHOOL,
                **new_key(),
            }
        },
    )["addGate"]["gate"]
    scan = {"id": uuid.uuid4().hex, "gate": gate["id"], "shown": card["token"], "purpose": "ENTRY"}
    scanned = office.send("credentials/Scan", {"input": {**scan, "isConfirmed": True}})["scan"]
    checks.expect("A pupil's printed card opens the gate of her school", "scan" in scanned)
    told = wait_until(lambda: bool(received_by(client, mother)), JOB_SECONDS)
    bodies = [push["body"] for push in received_by(client, mother)]
    print(f"\nOn the phone of {mother.owner}:\n  {bodies}")
    checks.expect(
        "Her mother, who reads hmn, vi, en, is told in Vietnamese that she came late",
        told and all("Con bạn" in body and "muộn" in body for body in bodies),
    )
    today = now.date().isoformat()
    days = mother.ask("students/Attendance", {"pupilId": pupil_id, "starts": today, "ends": today})
    checks.expect(
        f"The school year {year} has her down as late",
        [day["state"] for day in days["attendance"]["days"]] == ["LATE"],
    )


def _enrolled(client: httpx.Client, office: Phone, run: str) -> tuple[str, str]:
    """Send a roster of one pupil, apply it, and return the ids of the pupil and her class."""
    name = f"6 {run}"
    roster = f"Mã học sinh;Họ và tên;Ngày sinh;Lớp\n{run};Giàng Thị Mai;{BORN_ON:%d/%m/%Y};{name}\n"
    reply = client.post(
        f"/students/v1/schools/{SCHOOL}/rosters",
        content=roster.encode(),
        headers={"authorization": f"Bearer {office.access_token}"},
    )
    print(f"\n[{office.owner}] POST /students/v1/schools/{SCHOOL}/rosters\n  ← {reply.text[:500]}")
    checked = reply.raise_for_status().json()
    at = {"schoolId": SCHOOL, "year": checked["year"], "digest": checked["digest"]}
    done(office, "students/ApplyRoster", {**at, "isWhole": False, **new_key()})

    def is_applied() -> bool:
        return bool(office.ask("students/Roster", at)["roster"]["state"] == "APPLIED")

    wait_until(is_applied, JOB_SECONDS)
    classes = office.ask("students/SchoolClasses", {"schoolId": SCHOOL})["schoolClasses"]["classes"]
    class_id = next(str(it["id"]) for it in classes if it["name"] == name)
    pupils = office.ask("students/Pupils", {"schoolId": SCHOOL, "classId": class_id})["pupils"]
    return str(pupils["edges"][0]["node"]["id"]), class_id


def _now_away_from_midnight() -> datetime:
    """Return the time, once midnight has passed if it is near: a bell and a scan after it are of one day."""

    def is_away() -> bool:
        return MIDNIGHT_HAS_PASSED <= datetime.now(HANOI).time() < MIDNIGHT_IS_NEAR

    if not is_away():
        print("\nWaiting until midnight has passed …")
    wait_until(is_away, MIDNIGHT_SECONDS, pause=1.0)
    return datetime.now(HANOI)


def _calendar(office: Phone, now: datetime) -> int:
    """Let the bell of this morning have rung some minutes ago, whatever the time; return the school year."""
    year = now.year if now.month >= 8 else now.year - 1
    asked = {"id": SCHOOL, "year": year, "date": now.date().isoformat()}
    kept = office.ask("students/School", asked)["school"]["calendar"]
    midnight = datetime.combine(now.date(), time(), HANOI)
    bell = max(midnight, now - timedelta(minutes=20))
    calendar = {
        "schoolId": SCHOOL,
        "year": year,
        "terms": [{"starts": f"{year}-08-01", "ends": f"{year + 1}-07-31"}],
        "weekdays": ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY"],
        "extraDays": [now.date().isoformat()],
        "bells": [{"shift": "MORNING", "starts": f"{bell:%H:%M}", "ends": "23:59"}],
        "lateAfter": 0,
        "version": kept and kept["version"],
        **new_key(),
    }
    done(office, "students/SetSchoolCalendar", calendar)
    return year


def _follow(office: Phone, mother: Phone, pupil_id: str) -> None:
    """Let the mother be invited, agree for her child, be confirmed, and say what she reads."""
    with_phone(mother)
    address = mother.ask("accounts/Me", {})["me"]["addresses"][0]["value"]
    invited = done(
        office, "students/InviteGuardian", {"pupilId": pupil_id, "address": address, **new_key()}
    )
    child = {"name": "Mai", "bornOn": BORN_ON.isoformat(), "relation": "CHILD", **new_key()}
    added = mother.ask("accounts/AddDependant", {"input": child})["addDependant"]["dependant"]
    consent = {
        "purpose": "STUDENT_RECORD",
        "version": 1,
        "language": "vi",
        "dependantId": added["id"],
        "dependantAgrees": True,
        **new_key(),
    }
    mother.ask("accounts/GiveConsent", {"input": consent})
    accepted = {"id": invited["invitation"]["id"], "dependantId": added["id"], **new_key()}
    guardianship = done(mother, "students/AcceptGuardianship", accepted)["guardianship"]
    done(office, "students/ConfirmGuardianship", {"id": guardianship["id"]})
    done(
        mother, "students/SetSchoolNotices", {"pupilId": pupil_id, "languages": ["hmn", "vi", "en"]}
    )
