"""The rows of api/students: a pupil is for her own guardian and her own school, and there for nobody else."""

from collections.abc import Callable, Mapping
from typing import Any

from tests.contract.rows import EVERYBODY, SIGNED_IN, Row, Sight, Variables
from tests.contract.school_world import THERE, SchoolThings
from tests.contract.world import Actor, World
from tests.students.school import SCHOOL, YEAR
from tests.students.test_calendars import A_CALENDAR

OFFICE = frozenset({Actor.SCHOOL_CLERK})
OFFICE_THERE = frozenset({Actor.SCHOOL_CLERK_ELSEWHERE})
GUARDIAN = frozenset({Actor.OWNER})
DESK = frozenset({Actor.SCHOOL_GATEKEEPER})

Things = Callable[[SchoolThings], Mapping[str, Any]]


def _row(
    operation: str, allowed: frozenset[Actor], refusal: str, things: Things, number: int = 0
) -> Row:
    """Return a row. `number`: of its idempotency key, 0 for one that has none."""
    key = {"idempotencyKey": f"authorization-matrix-school-{number}"} if number else {}

    def variables(world: World) -> Variables:
        return {**things(world.school), **key}

    return Row(f"students/{operation}", allowed, refusal, "NOT_SIGNED_IN", variables)


def _of_a_school(
    operation: str, things: Things = lambda _: {}, number: int = 0, *, by: frozenset[Actor] = OFFICE
) -> Row:
    """Return the row of what names the school, whose office alone may."""
    return _row(operation, by, "NOT_ALLOWED", lambda it: {"schoolId": SCHOOL, **things(it)}, number)


def _of_the_pupil(
    operation: str,
    by: frozenset[Actor],
    more: Mapping[str, Any] | None = None,
    number: int = 0,
    *,
    name: str = "pupilId",
) -> Row:
    return _row(operation, by, "NOT_FOUND", lambda it: {name: it.pupil_id, **(more or {})}, number)


_MAY_DAY = {"starts": "2026-05-04", "ends": "2026-05-04"}
_ROSTER: Things = lambda it: {"year": YEAR, "digest": it.digest}  # noqa: E731 - a table's entry

SCHOOL_ROWS: dict[str, Row] = {
    "Query.schools": Row("students/Schools", EVERYBODY),
    "Query.school": Row(
        "students/School",
        EVERYBODY,
        variables=lambda _: {"id": SCHOOL, "year": YEAR, "date": "2026-05-04"},
    ),
    "Query.schoolClasses": _of_a_school("SchoolClasses"),
    "Query.pupils": _of_a_school("Pupils", lambda it: {"classId": it.class_id}),
    "Query.pupil": _of_the_pupil("Pupil", OFFICE | GUARDIAN, name="id"),
    "Query.myPupils": Row("students/MyPupils", SIGNED_IN, "NOT_SIGNED_IN"),
    "Query.pupilTransfers": Row(
        "students/PupilTransfers",
        OFFICE_THERE,
        "NOT_ALLOWED",
        "NOT_SIGNED_IN",
        lambda _: {"schoolId": THERE},
    ),
    "Query.roster": _of_a_school("Roster", _ROSTER),
    "Query.guardianInvitations": Row("students/GuardianInvitations", SIGNED_IN, "NOT_SIGNED_IN"),
    "Query.waitingGuardianships": _of_a_school("WaitingGuardianships"),
    "Query.studentCard": _of_the_pupil("StudentCard", OFFICE | GUARDIAN),
    "Query.attendance": _of_the_pupil("Attendance", OFFICE | GUARDIAN, _MAY_DAY),
    "Query.classAttendance": _of_a_school(
        "ClassAttendance", lambda it: {"classId": it.class_id, "day": "2026-05-04"}
    ),
    "Query.schoolNotices": _of_the_pupil("SchoolNotices", GUARDIAN),
    "Query.mealMoney": _of_the_pupil("MealMoney", GUARDIAN),
    "Query.bookLoans": _of_the_pupil("BookLoans", OFFICE | GUARDIAN),
    "Mutation.setSchoolCalendar": _of_a_school(
        "SetSchoolCalendar", lambda _: {**A_CALENDAR, "version": 1}, 1
    ),
    "Mutation.applyRoster": _of_a_school(
        "ApplyRoster", lambda it: {**_ROSTER(it), "isWhole": False}, 2
    ),
    "Mutation.offerPupil": _of_the_pupil("OfferPupil", OFFICE, {"toSchoolId": THERE}, 3),
    "Mutation.takeInPupil": _row(
        "TakeInPupil",
        OFFICE_THERE,
        "NOT_ALLOWED",
        lambda it: {"schoolId": THERE, "id": it.offer_id, "classId": it.class_there},
        4,
    ),
    "Mutation.inviteGuardian": _of_the_pupil(
        "InviteGuardian", OFFICE, {"address": "uncle@example.com"}, 5
    ),
    "Mutation.withdrawGuardianInvitation": _of_a_school(
        "WithdrawGuardianInvitation", lambda it: {"id": it.invitation_id}
    ),
    "Mutation.acceptGuardianship": _row(
        "AcceptGuardianship",
        GUARDIAN,
        "INVITATION_ENDED",
        lambda it: {"id": it.invitation_id, "dependantId": it.child_id},
        6,
    ),
    "Mutation.confirmGuardianship": _row(
        "ConfirmGuardianship", OFFICE | GUARDIAN, "NOT_FOUND", lambda it: {"id": it.waiting_id}
    ),
    "Mutation.endGuardianship": _row(
        "EndGuardianship", OFFICE | GUARDIAN, "NOT_FOUND", lambda it: {"id": it.guardianship_id}
    ),
    "Mutation.issueStudentCards": _of_a_school(
        "IssueStudentCards", lambda it: {"classId": it.class_id}, 7
    ),
    "Mutation.printStudentCard": _of_the_pupil("PrintStudentCard", OFFICE),
    "Mutation.stopStudentCard": _of_the_pupil("StopStudentCard", OFFICE | GUARDIAN),
    "Mutation.reinstateStudentCard": _of_the_pupil("ReinstateStudentCard", OFFICE),
    "Mutation.replaceStudentCard": _of_the_pupil("ReplaceStudentCard", OFFICE),
    "Mutation.explainAbsence": _of_the_pupil(
        "ExplainAbsence", OFFICE | GUARDIAN, {**_MAY_DAY, "note": "Ốm"}, 8
    ),
    "Mutation.noteArrival": _of_the_pupil(
        "NoteArrival", OFFICE, {"at": "2026-05-01T07:00:00+07:00"}, 9
    ),
    "Mutation.setSchoolNotices": _of_the_pupil(
        "SetSchoolNotices", GUARDIAN, {"languages": ["hmn", "vi"]}
    ),
    "Mutation.allowMeals": _of_the_pupil("AllowMeals", GUARDIAN, {"aDay": 30_000}),
    "Mutation.topUpMealMoney": _of_the_pupil("TopUpMealMoney", GUARDIAN, {"amount": 1_000}, 10),
    "Mutation.takeBackMealMoney": _of_the_pupil(
        "TakeBackMealMoney", GUARDIAN, {"amount": 1_000}, 11
    ),
    "Mutation.payMeal": _row(
        "PayMeal",
        DESK,
        "NOT_FOUND",
        lambda it: {"gate": it.desk_id, "scanId": it.meal_scan_id, "amount": 20_000},
        12,
    ),
    "Mutation.refundMeal": _of_a_school(
        "RefundMeal", lambda it: {"mealId": it.meal_id, "amount": 1_000}, 14
    ),
    "Mutation.lendBook": _row(
        "LendBook",
        DESK,
        "NOT_FOUND",
        lambda it: {"gate": it.desk_id, "scanId": it.loan_scan_id, "item": "B1"},
        13,
    ),
    "Mutation.returnBook": _of_a_school(
        "ReturnBook", lambda it: {"item": it.lent}, by=OFFICE | DESK
    ),
    "Mutation.giveUpBook": _of_a_school(
        "GiveUpBook", lambda it: {"item": it.lent}, by=OFFICE | DESK
    ),
}

SCHOOL_TYPES: dict[str, tuple[Sight, str]] = {
    "SchoolClasses": (Sight.OWN, "classes"),
    "MyPupils": (Sight.OWN, "pupils"),
    "PupilTransfers": (Sight.OWN, "transfers"),
    "GuardianInvitations": (Sight.OWN, "invitations"),
    "Attendance": (Sight.OWN, "days"),
    "BookLoans": (Sight.OWN, "loans"),
    "AcceptGuardianshipSuccess": (Sight.OWN, "guardianship"),
    "AllowMealsSuccess": (Sight.OWN, "money"),
    "ApplyRosterSuccess": (Sight.OWN, "roster"),
    "AttendanceDay": (Sight.OWN, "pupilId day state isLate arrivedAt leftAt note"),
    "BookLoan": (Sight.OWN, "id item state lentAt dueOn endedAt"),
    "ConfirmGuardianshipSuccess": (Sight.OWN, "guardianship"),
    "EndGuardianshipSuccess": (Sight.OWN, "id"),
    "ExplainAbsenceSuccess": (Sight.OWN, "days"),
    "GiveUpBookSuccess": (Sight.OWN, "loan"),
    "GuardianInvitation": (Sight.OWN, "id sentTo invitedAt expiresAt school"),
    "Guardianship": (Sight.OWN, "id pupilId state acceptedAt confirmedAt claim"),
    "GuardianshipClaim": (Sight.OWN, "pupilName relation invitedAddress"),
    "GuardianshipConnection": (Sight.OWN, "edges pageInfo"),
    "GuardianshipEdge": (Sight.OWN, "node cursor"),
    "InviteGuardianSuccess": (Sight.OWN, "invitation"),
    "IssueStudentCardsSuccess": (Sight.OWN, "cards"),
    "LendBookSuccess": (Sight.OWN, "loan"),
    "Meal": (Sight.OWN, "id amount"),
    "MealMoney": (Sight.OWN, "pupilId accountId balance aDay spentToday"),
    "NoteArrivalSuccess": (Sight.OWN, "day"),
    "OfferPupilSuccess": (Sight.OWN, "id"),
    "PayMealSuccess": (Sight.OWN, "meal"),
    "PrintStudentCardSuccess": (Sight.OWN, "card"),
    "RefundMealSuccess": (Sight.OWN, "refund"),
    "PrintableStudentCard": (Sight.OWN, "pupil token svg"),
    "Pupil": (Sight.OWN, "id number name bornOn leftOn school schoolClass"),
    "PupilConnection": (Sight.OWN, "edges pageInfo"),
    "PupilEdge": (Sight.OWN, "node cursor"),
    "PupilTransfer": (Sight.OWN, "id name bornOn offeredAt expiresAt school"),
    "ReinstateStudentCardSuccess": (Sight.OWN, "card"),
    "ReplaceStudentCardSuccess": (Sight.OWN, "card"),
    "StopStudentCardSuccess": (Sight.OWN, "card"),
    "ReturnBookSuccess": (Sight.OWN, "loan"),
    "Roster": (Sight.OWN, "digest year state rows faultCount would missing appliedRows expiresAt"),
    "RosterCount": (Sight.OWN, "outcome rows"),
    "School": (Sight.PUBLIC, "id level communeCode formerUnit position name calendar day"),
    "SchoolBells": (Sight.PUBLIC, "shift starts ends"),
    "SchoolCalendar": (
        Sight.PUBLIC,
        "year terms weekdays daysOff extraDays bells lateAfter version",
    ),
    "SchoolClass": (Sight.OWN, "id name year shift"),
    "SchoolConnection": (Sight.PUBLIC, "edges pageInfo"),
    "SchoolDay": (Sight.PUBLIC, "kind holiday reason"),
    "SchoolDayOff": (Sight.PUBLIC, "starts ends reason"),
    "SchoolEdge": (Sight.PUBLIC, "node cursor"),
    "SchoolNotice": (Sight.OWN, "news wish"),
    "SchoolNotices": (Sight.OWN, "notices languages"),
    "SchoolTerm": (Sight.PUBLIC, "starts ends"),
    "SetSchoolCalendarSuccess": (Sight.PUBLIC, "calendar"),
    "SetSchoolNoticesSuccess": (Sight.OWN, "notices"),
    "StudentCard": (Sight.OWN, "pupilId state validUntil"),
    "StudentError": (Sight.PUBLIC, "message code field retryAfter"),
    "TakeBackMealMoneySuccess": (Sight.OWN, "money"),
    "TakeInPupilSuccess": (Sight.OWN, "pupil"),
    "TopUpMealMoneySuccess": (Sight.OWN, "money"),
    "WithdrawGuardianInvitationSuccess": (Sight.OWN, "id"),
}
