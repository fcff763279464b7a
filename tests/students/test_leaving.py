"""What becomes of a pupil's data when she leaves, goes to another school, or her guardian goes."""

from datetime import date, datetime, timedelta

import pytest

from api.accounts.caller import Caller, Scope, ScopeKind
from api.accounts.errors import NotAllowed
from api.credentials.records import CredentialKind, CredentialState
from api.credentials.scans.records import ScanPurpose
from api.credentials.wiring import CREDENTIAL_COLLECTIONS
from api.generated_secrets import key_file_of
from api.kit.formats import VIETNAM_TIME
from api.kit.ids import new_id
from api.settings import Settings
from api.students.attendance.repository import ATTENDANCE
from api.students.canteen.leaving import meal_money_of
from api.students.cards.errors import ClassNotFound
from api.students.errors import PupilNotFound
from api.students.guardians.errors import GuardianshipNotFound
from api.students.guardians.guardianship import GUARDIANSHIPS, GuardianState
from api.students.library.loans import LOANS
from api.students.notices.preferences import NOTICE_WISHES, News, Wish
from api.students.pupils.leaving import ERASE_PUPIL
from api.students.pupils.pupil import Pupil
from api.students.pupils.repository import PUPILS, PupilRepository
from api.students.transfers.service import AtThisSchool, DestinationNotFound, TransferNotFound
from api.students.wiring import STUDENT_COLLECTIONS
from api.wallet import owners
from api.wallet.ledger.records import AccountKind, NewTransfer, Owner, TransferKind
from notifications.fan_outs import FAN_OUTS
from tests.accounts.families import caller_of
from tests.accounts.people import new_key, signed_in
from tests.accounts.staff import noted
from tests.accounts.test_leaving import leave
from tests.students.school import (
    ELSEWHERE,
    LAN,
    MAI,
    SCHOOL,
    a_clerk,
    a_guardian,
    class_id_of,
    enrolled,
)
from tests.students.school_days import MONDAY, SchoolDay, at
from tests.students.test_canteen import with_money

KEPT_UNTIL = datetime(2027, 8, 2, tzinfo=VIETNAM_TIME)
"""The school year ends on 31 July 2026; twelve months (366 days) and the day itself are added."""


async def lived(school: SchoolDay) -> None:
    """Let Lan come, borrow a book and have money on her card; and her mother wish."""
    school.is_now("06:55")
    await school.scan("lan")
    services = school.services.students
    scan = await school.scan("lan", ScanPurpose.LOAN)
    await services.books.lend(school.keeper, scan.id, "B1", None, new_key())
    await with_money(school, 100_000, on_card=60_000)
    await services.wishing.put(school.mother, school.pupils["lan"], {News.MEALS: Wish.NOW}, [])
    await school.work()


async def lan_leaves(school: SchoolDay, day: str = "04/05/2026") -> None:
    clerk = await a_clerk(school.client, school.services, address="second.clerk@example.com")
    header = "Mã học sinh,Họ và tên,Ngày sinh,Lớp,Left on"
    rows = (f"{LAN},{day}",)
    await enrolled(school.client, school.services, clerk, school.clock, *rows, header=header)


async def card_state(school: SchoolDay) -> CredentialState:
    issuing = school.services.credentials.issuing
    credential = await issuing.of_subject(CredentialKind.STUDENT_CARD, school.pupils["lan"])
    assert credential is not None
    return credential.state


async def mother_has(school: SchoolDay) -> int:
    owner = owners.person(school.mother.person())
    return (await school.services.wallet.ledger.balance(owner, AccountKind.PERSON)).balance


async def test_on_the_day_of_leaving_the_card_ends_and_the_money_goes_back(
    school: SchoolDay,
) -> None:
    await lived(school)
    assert await mother_has(school) == 40_000

    await lan_leaves(school)

    assert await card_state(school) is CredentialState.REVOKED
    assert await mother_has(school) == 100_000
    seen = await school.services.students.pupils.find(school.mother, school.pupils["lan"])
    assert seen.pupil.left_on == MONDAY


async def test_who_leaves_later_is_awaited_until_then(school: SchoolDay) -> None:
    await lan_leaves(school, "05/05/2026")
    services, its_class = school.services.students, class_id_of("2A")

    school.is_now("07:30")
    await school.work()

    lan, tuesday = school.pupils["lan"], date(2026, 5, 5)
    assert await school.state("lan") == "ABSENT"
    assert len(await school.told()) == 1
    page = await services.pupils.in_class(school.office, SCHOOL, its_class, 10, None)
    assert lan in [pupil.id for pupil in page.items]
    for day, is_there in ((MONDAY, True), (tuesday, False)):
        seen = await services.attendance.of_class(school.office, SCHOOL, its_class, day)
        assert (lan in [one.pupil_id for one in seen]) is is_there


async def test_twelve_months_after_the_school_year_everything_of_her_is_gone(
    school: SchoolDay,
) -> None:
    await lived(school)
    await lan_leaves(school)
    lan = school.pupils["lan"]

    school.clock.now = KEPT_UNTIL - timedelta(seconds=1)
    await school.work()
    before = await school.services.store[PUPILS].count({"_id": lan})
    school.clock.now = KEPT_UNTIL
    await school.work()

    assert before == 1
    traces = {
        spec.name: [it for it in await school.services.store[spec].find({}) if lan in str(it)]
        for spec in (*STUDENT_COLLECTIONS, *CREDENTIAL_COLLECTIONS)
    }
    assert {name: found for name, found in traces.items() if found} == {}
    assert await school.services.store[PUPILS].count({}) == 2
    with pytest.raises(PupilNotFound):
        await school.services.students.pupils.find(school.mother, lan)


async def test_who_comes_back_meanwhile_is_not_erased(school: SchoolDay) -> None:
    await lived(school)
    await lan_leaves(school)
    clerk = await a_clerk(school.client, school.services, address="third.clerk@example.com")
    await enrolled(school.client, school.services, clerk, school.clock, LAN)

    school.clock.now = KEPT_UNTIL
    await school.work()

    assert await school.services.store[PUPILS].count({"_id": school.pupils["lan"]}) == 1
    assert await school.services.store[ATTENDANCE].count({"pupil_id": school.pupils["lan"]}) > 0


async def a_class_there(school: SchoolDay) -> Caller:
    """Let the other school have a class 3B; return its office."""
    clerk = await a_clerk(school.client, school.services, ELSEWHERE, "elsewhere@example.com")
    await enrolled(school.client, school.services, clerk, school.clock, MAI, school=ELSEWHERE)
    return await school.services.accounts.sessions.caller_of(clerk.tokens["accessToken"])


async def test_to_another_school_goes_who_she_is_and_who_follows_her_and_nothing_else(
    school: SchoolDay,
) -> None:
    await lived(school)
    there = await a_class_there(school)
    transferring, lan = school.services.students.transferring, school.pupils["lan"]

    offer = await transferring.offer(school.office, lan, ELSEWHERE, new_key())
    (offered,) = await transferring.offered(there, ELSEWHERE)
    new = await transferring.take_in(
        there, ELSEWHERE, offer, class_id_of("3B", ELSEWHERE), new_key()
    )

    assert (offered.id, offered.name, offered.from_school) == (offer, "Nguyễn Thị Lan", SCHOOL)
    (read,) = await noted(school.services, "pupils.read_offered")
    assert (read.actor, read.subject) == (there.person(), ELSEWHERE)
    pupils = PupilRepository(school.services.store, school.services.sealer)
    old = await pupils.get(lan)
    assert old is not None
    assert old.left_on == MONDAY
    assert (new.school_id, new.details) == (ELSEWHERE, old.details)
    assert await card_state(school) is CredentialState.REVOKED
    assert await mother_has(school) == 100_000
    assert await school.services.students.pupils.followed(school.mother) == []
    for spec in (ATTENDANCE, LOANS):
        assert await school.services.store[spec].count({"pupil_id": new.id}) == 0
        assert await school.services.store[spec].count({"pupil_id": lan}) == 1
    with pytest.raises(PupilNotFound):
        await school.services.students.pupils.find(there, lan)
    with pytest.raises(PupilNotFound):
        await school.services.students.pupils.find(school.office, new.id)


async def taken_in(school: SchoolDay, there: Caller) -> Pupil:
    """Let Lan go to class 3B of the other school."""
    transferring = school.services.students.transferring
    offer = await transferring.offer(school.office, school.pupils["lan"], ELSEWHERE, new_key())
    its_class = class_id_of("3B", ELSEWHERE)
    return await transferring.take_in(there, ELSEWHERE, offer, its_class, new_key())


async def test_guardians_see_nothing_at_another_school_until_it_confirms_them(
    school: SchoolDay,
) -> None:
    there = await a_class_there(school)
    following, pupils = school.services.students.following, school.services.students.pupils

    new = await taken_in(school, there)

    (claim,) = (await following.waiting(there, ELSEWHERE, 10, None)).items
    waits = claim.guardianship
    assert (waits.person_id, waits.pupil_id) == (school.mother.person(), new.id)
    assert (claim.pupil_name, waits.invited_address) == ("Nguyễn Thị Lan", "m…@example.com")
    for pupil_id in (new.id, school.pupils["lan"]):
        with pytest.raises(PupilNotFound):
            await pupils.find(school.mother, pupil_id)
    with pytest.raises(GuardianshipNotFound):
        await following.confirm(school.office, waits.id)
    await following.confirm(there, waits.id)
    assert (await pupils.find(school.mother, new.id)).pupil.id == new.id


async def test_a_guardian_is_told_that_her_child_goes_to_another_school_which_must_confirm_her(
    school: SchoolDay,
) -> None:
    there = await a_class_there(school)
    name = school.services.students.names.name_of(Scope(ScopeKind.SCHOOL, ELSEWHERE), "en")
    vietnamese = school.services.students.names.name_of(Scope(ScopeKind.SCHOOL, ELSEWHERE), "vi")

    await taken_in(school, there)
    await school.work()

    assert await school.told() == [
        f"Your child goes to the school {name} now. You see the school days again when this school"
        " has confirmed you as a guardian."
    ]
    (in_vietnamese,) = await school.told("vi")
    assert vietnamese in in_vietnamese
    assert "Lan" not in str(await school.services.store[FAN_OUTS].find({}))


async def test_who_was_confirmed_meanwhile_is_told_of_the_school_only(school: SchoolDay) -> None:
    there = await a_class_there(school)
    following = school.services.students.following

    await taken_in(school, there)
    (claim,) = (await following.waiting(there, ELSEWHERE, 10, None)).items
    await following.confirm(there, claim.guardianship.id)
    await school.work()

    (told,) = await school.told()
    assert "confirmed" not in told


async def test_who_was_never_confirmed_is_told_nothing_of_the_move(
    school: SchoolDay,
) -> None:
    there = await a_class_there(school)
    guardianships = school.services.store[GUARDIANSHIPS]
    await guardianships.update_many({}, {"$set": {"state": GuardianState.WAITING.value}})

    await taken_in(school, there)
    await school.work()

    assert await guardianships.count({"school_id": ELSEWHERE}) == 1
    assert await school.told() == []


async def a_meal(school: SchoolDay) -> str:
    """Let Lan pay a meal with the last 30,000 on her card; return its id."""
    await with_money(school, 30_000, on_card=30_000)
    scan = await school.scan("lan", ScanPurpose.MEAL)
    canteen = school.services.students.canteen
    return (await canteen.pay(school.keeper, scan.id, 30_000, new_key())).id


async def on_card(school: SchoolDay, pupil_id: str) -> int:
    ledger = school.services.wallet.ledger
    return (await ledger.balance(meal_money_of(pupil_id), AccountKind.CARD)).available


async def test_a_meal_that_is_given_back_to_a_leaver_goes_to_her_guardian(
    school: SchoolDay,
) -> None:
    meal = await a_meal(school)
    await lan_leaves(school)

    canteen = school.services.students.canteen
    await canteen.refund(school.office, SCHOOL, meal, 20_000, new_key())
    await canteen.refund(school.office, SCHOOL, meal, 10_000, new_key())

    assert await mother_has(school) == 30_000
    assert await on_card(school, school.pupils["lan"]) == 0


async def test_the_money_of_a_leaver_goes_to_nobody_who_is_leaving_too(school: SchoolDay) -> None:
    client, services, lan = school.client, school.services, school.pupils["lan"]
    await with_money(school, 30_000, on_card=30_000)
    clerk = await a_clerk(client, services, address="second.clerk@example.com")
    father = await a_guardian(client, services, clerk, lan, "father@example.com")
    mother = await signed_in(client, services, school.mother_person.address)
    assert (await leave(client, mother))["__typename"] == "DeleteMyAccountSuccess"

    await lan_leaves(school)

    fathers = owners.person((await caller_of(services, father)).person())
    assert (await services.wallet.ledger.balance(fathers, AccountKind.PERSON)).balance == 30_000
    assert await on_card(school, lan) == 0


async def test_who_comes_back_and_leaves_again_on_the_same_day_has_no_card_either(
    school: SchoolDay,
) -> None:
    client, services = school.client, school.services
    clerk = await a_clerk(client, services, address="third.clerk@example.com")
    await lan_leaves(school)
    await enrolled(client, services, clerk, school.clock, LAN)
    await services.students.cards.issue(school.office, SCHOOL, class_id_of("2A"), new_key())
    before = await card_state(school)

    await lan_leaves(school)

    assert before is CredentialState.VALID
    assert await card_state(school) is CredentialState.REVOKED


async def test_a_meal_that_is_given_back_to_who_went_to_another_school_goes_to_her_card_there(
    school: SchoolDay,
) -> None:
    meal = await a_meal(school)
    new = await taken_in(school, await a_class_there(school))

    await school.services.students.canteen.refund(school.office, SCHOOL, meal, 30_000, new_key())

    assert await on_card(school, school.pupils["lan"]) == 0
    assert await on_card(school, new.id) == 30_000


async def test_what_came_for_a_leaver_since_is_hers_before_it_is_given_up(
    school: SchoolDay,
) -> None:
    new = await taken_in(school, await a_class_there(school))
    ledger = school.services.wallet.ledger
    bank = await ledger.open_account(Owner("test", "bank"), AccountKind.BANK)
    card = await ledger.open_account(meal_money_of(school.pupils["lan"]), AccountKind.CARD)
    await ledger.transfer(NewTransfer(new_id(), TransferKind.TOP_UP, bank.id, card.id, 5_000))

    await school.services.students.leaving.handlers()[ERASE_PUPIL](
        {"pupil": school.pupils["lan"], "left_on": MONDAY.isoformat()}
    )

    assert await on_card(school, new.id) == 5_000


async def test_nobody_takes_in_who_is_not_offered_to_them(school: SchoolDay) -> None:
    there = await a_class_there(school)
    transferring, lan = school.services.students.transferring, school.pupils["lan"]
    offer = await transferring.offer(school.office, lan, "s01", new_key())
    its_class = class_id_of("3B", ELSEWHERE)

    with pytest.raises(TransferNotFound):
        await transferring.take_in(there, ELSEWHERE, offer, its_class, new_key())
    with pytest.raises(NotAllowed):
        await transferring.take_in(school.office, ELSEWHERE, offer, its_class, new_key())
    with pytest.raises(ClassNotFound):
        await transferring.take_in(there, ELSEWHERE, offer, class_id_of("2A"), new_key())
    with pytest.raises(PupilNotFound):
        await transferring.offer(there, lan, ELSEWHERE, new_key())
    with pytest.raises(PupilNotFound):
        await transferring.offer(school.mother, lan, ELSEWHERE, new_key())

    assert await transferring.offered(there, ELSEWHERE) == []
    assert await card_state(school) is CredentialState.VALID


async def test_no_school_offers_a_pupil_to_itself(school: SchoolDay) -> None:
    transferring, lan = school.services.students.transferring, school.pupils["lan"]

    with pytest.raises(AtThisSchool) as refused:
        await transferring.offer(school.office, lan, SCHOOL, new_key())
    with pytest.raises(DestinationNotFound) as unknown:
        await transferring.offer(school.office, lan, "s99", new_key())

    assert (refused.value.field, unknown.value.field) == ("toSchoolId", "toSchoolId")

    assert await transferring.offered(school.office, SCHOOL) == []


async def test_guardians_do_not_come_to_follow_somebody_else_of_the_same_number(
    school: SchoolDay,
) -> None:
    there = await a_class_there(school)
    clerk = await a_clerk(school.client, school.services, ELSEWHERE, "second@example.com")
    stranger = LAN.replace("05/03/2018", "06/03/2018").replace("2A", "3B")
    await enrolled(school.client, school.services, clerk, school.clock, stranger, school=ELSEWHERE)
    transferring, lan = school.services.students.transferring, school.pupils["lan"]
    offer = await transferring.offer(school.office, lan, ELSEWHERE, new_key())

    with pytest.raises(TransferNotFound):
        await transferring.take_in(there, ELSEWHERE, offer, class_id_of("3B", ELSEWHERE), new_key())

    (followed,) = await school.services.students.pupils.followed(school.mother)
    assert followed[1].id == lan
    assert await card_state(school) is CredentialState.VALID


async def test_a_guardian_s_copy_has_her_pupil_in_it_and_no_other(school: SchoolDay) -> None:
    await lived(school)
    await school.scan("bao")
    (holder,) = school.services.students.data

    (held,) = await holder.held_of(school.mother.person())

    pupil = held["pupil"]
    assert (pupil["name"], pupil["number"], pupil["class"]) == (
        "Nguyễn Thị Lan",
        "2411000001",
        "2A",
    )
    assert pupil["attendance"] == [
        {
            "day": "2026-05-04",
            "arrivedAt": at("06:55").isoformat(),
            "leftAt": None,
            "missedAt": None,
            "note": None,
        }
    ]
    assert [loan["book"] for loan in pupil["loans"]] == ["B1"]
    assert pupil["mealMoney"] == {"balance": 60_000, "aDay": None}
    assert held["wishes"]["news"]["MEALS"] == "NOW"
    assert "Bảo" not in str(held)


async def test_when_a_guardian_goes_the_pupil_stays_and_her_notes_are_nobody_s(
    school: SchoolDay,
) -> None:
    attendance, lan = school.services.students.attendance, school.pupils["lan"]
    await lived(school)
    tuesday = date(2026, 5, 5)
    await attendance.explain(school.mother, lan, tuesday, tuesday, "Ốm", new_key())
    (holder,) = school.services.students.data

    for _ in range(2):
        await holder.erase(school.mother.person())

    store = school.services.store
    assert await store[GUARDIANSHIPS].count({}) == 0
    assert await store[NOTICE_WISHES].count({}) == 0
    assert await store[PUPILS].count({"_id": lan}) == 1
    kept = {spec.name: await store[spec].find({}) for spec in STUDENT_COLLECTIONS}
    assert school.mother.person() not in str(kept)
    assert await school.state("lan", tuesday) == "EXCUSED"


async def test_what_is_sealed_is_sealed_anew_with_a_new_key(
    school: SchoolDay, settings: Settings
) -> None:
    await lived(school)
    attendance, lan = school.services.students.attendance, school.pupils["lan"]
    await attendance.explain(school.mother, lan, MONDAY, MONDAY, "Ốm", new_key())
    keys = key_file_of(settings, school.clock)
    old = keys.ring.current
    keys.add_key()

    for holder in school.services.students.resealed:
        while await holder.seal_anew():
            pass

    kept = {spec.name: await school.services.store[spec].find({}) for spec in STUDENT_COLLECTIONS}
    assert f"'{old}." not in str(kept)
    assert (await attendance.of_pupil(school.mother, lan, MONDAY, MONDAY))[0].note == "Ốm"


async def test_money_that_nobody_asked_for_is_given_up_with_the_rest(school: SchoolDay) -> None:
    await lived(school)
    (row,) = await school.services.store[GUARDIANSHIPS].find({})
    await school.services.students.following.end(school.mother, row["_id"])
    await lan_leaves(school)

    school.clock.now = KEPT_UNTIL
    await school.work()

    ledger = school.services.wallet.ledger
    given_up = await ledger.balance(owners.FORFEITED, AccountKind.FORFEITED)
    assert given_up.balance == 60_000
    assert await ledger.account(meal_money_of(school.pupils["lan"]), AccountKind.CARD) is None
