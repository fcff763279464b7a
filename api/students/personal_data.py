"""What the slice keeps of a person: of a guardian with the pupils she follows, and of a school's clerk."""

from datetime import date
from typing import Any

from api.kit.errors import N_
from api.students.attendance.attendance_day import AttendanceDay
from api.students.attendance.repository import AttendanceRepository
from api.students.canteen.leaving import meal_money_of
from api.students.guardians.access import PupilAccess
from api.students.guardians.guardianship import GuardianRepository, Guardianship
from api.students.library.loans import Loan, LoanRepository
from api.students.notices.preferences import News, NoticeWishes, NoticeWishRepository
from api.students.pupils.pupil import Pupil
from api.students.pupils.repository import PupilRepository
from api.wallet.ledger.ledger import Ledger
from api.wallet.ledger.records import AccountKind


class GuardianData:
    """A guardian's copy has her pupils in it. The pupils stay when she goes: they are the school's."""

    name = "school"
    explanation = N_("The pupils whom you follow at school, and what the school keeps of them.")

    def __init__(
        self,
        guardians: GuardianRepository,
        pupils: PupilRepository,
        access: PupilAccess,
        attendance: AttendanceRepository,
        loans: LoanRepository,
        wishes: NoticeWishRepository,
        ledger: Ledger,
    ) -> None:
        self._guardians = guardians
        self._pupils = pupils
        self._access = access
        self._attendance = attendance
        self._loans = loans
        self._wishes = wishes
        self._ledger = ledger

    async def held_of(self, person_id: str) -> Any:  # noqa: ANN401 - any JSON value
        seen = {one.id: pupil for one, pupil in await self._access.followed(person_id)}
        found = await self._guardians.of_person(person_id)
        return [await self._told(one, seen.get(one.id)) for one in found]

    async def erase(self, person_id: str) -> None:
        for one in await self._guardians.of_person(person_id):
            await self._guardians.end(one.id)
        await self._guardians.forget_inviter(person_id)
        await self._attendance.forget_author(person_id)
        await self._wishes.remove_of_person(person_id)

    async def _told(self, one: Guardianship, pupil: Pupil | None) -> dict[str, Any]:
        return {
            "guardianship": one.id,
            "state": one.state.name,
            "dependant": one.dependant_id,
            "invitedAddress": one.invited_address,
            "acceptedAt": one.accepted_at.isoformat(),
            "confirmedAt": one.confirmed_at.isoformat() if one.confirmed_at else None,
            "wishes": _wishes(await self._wishes.of(one.id)),
            "pupil": await self._pupil(pupil) if pupil else None,
        }

    async def _pupil(self, pupil: Pupil) -> dict[str, Any]:
        its_class = await self._pupils.get_class(pupil.class_id)
        days = await self._attendance.of_pupil(pupil.id, date.min, date.max)
        money = await self._ledger.balance(meal_money_of(pupil.id), AccountKind.CARD)
        return {
            "id": pupil.id,
            "school": pupil.school_id,
            "class": its_class.name if its_class else None,
            "number": pupil.details.number,
            "name": pupil.details.name,
            "bornOn": pupil.details.born_on.isoformat(),
            "leftOn": pupil.left_on.isoformat() if pupil.left_on else None,
            "attendance": list(map(_day, days)),
            "loans": list(map(_loan, await self._loans.of_pupil(pupil.id))),
            "mealMoney": {"balance": money.available, "aDay": money.spending_limit},
        }


def _wishes(wishes: NoticeWishes) -> dict[str, Any]:
    return {
        "news": {news.name: wishes.wish(news).name for news in News},
        "languages": list(wishes.languages),
    }


def _day(one: AttendanceDay) -> dict[str, Any]:
    return {
        "day": one.day.isoformat(),
        "arrivedAt": one.arrived_at.isoformat() if one.arrived_at else None,
        "leftAt": one.last_exit.isoformat() if one.last_exit else None,
        "missedAt": one.missed_at.isoformat() if one.missed_at else None,
        "note": one.note,
    }


def _loan(loan: Loan) -> dict[str, Any]:
    return {
        "book": loan.item,
        "lentAt": loan.lent_at.isoformat(),
        "dueOn": loan.due_on.isoformat(),
        "state": loan.state.name,
    }
