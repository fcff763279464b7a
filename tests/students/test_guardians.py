"""Guardians: invited by the school, agreeing with consent, confirmed by the school or another guardian."""

import asyncio

import httpx
import pytest

from api.accounts.privacy.purposes import ConsentPurpose
from api.context import Services
from api.students.guardians.following import Following
from api.students.guardians.guardianship import (
    GUARDIAN_INVITATIONS,
    GUARDIANSHIPS,
    GuardianRepository,
)
from tests.accounts.families import a_dependant, consent, withdraw
from tests.accounts.people import MAI as MAI_S_NUMBER
from tests.accounts.people import Answer, new_key, signed_in, text_sent
from tests.accounts.people import call as call_accounts
from tests.accounts.staff import noted
from tests.conftest import MovableClock
from tests.students.school import (
    BAO,
    ELSEWHERE,
    LAN,
    SCHOOL,
    a_child,
    a_clerk,
    a_guardian,
    accept,
    ask,
    call,
    confirm,
    enrolled,
    invite,
    lan_s_id,
    pupils_at,
    refused,
    waiting,
)


@pytest.fixture
async def lan(client: httpx.AsyncClient, services: Services, clock: MovableClock) -> str:
    """The id of a pupil of class 2A."""
    clerk = await a_clerk(client, services)
    await enrolled(client, services, clerk, clock, LAN, BAO)
    return await lan_s_id(services)


async def test_an_invitation_names_the_school_and_no_child(
    client: httpx.AsyncClient, services: Services, lan: str
) -> None:
    clerk = await a_clerk(client, services, address="second.clerk@example.com")

    result = await invite(client, clerk, lan, "0912 345 678", language="en")

    assert result["invitation"]["sentTo"] == "+84…678"
    text = await text_sent(services, result["invitation"]["id"])
    assert text.to == MAI_S_NUMBER
    assert "Sa Pa Upper Secondary School No 1" in text.body
    assert "Lan" not in text.body
    assert MAI_S_NUMBER not in str(await services.store[GUARDIAN_INVITATIONS].find({}))


async def test_the_office_reads_whom_it_confirms_and_its_reading_is_noted(
    client: httpx.AsyncClient, services: Services, lan: str
) -> None:
    clerk = await a_clerk(client, services, address="second.clerk@example.com")
    mother = await signed_in(client, services, "mother@example.com")
    await waiting(client, services, clerk, mother, lan)

    found = await ask(client, "WaitingGuardianships", {"schoolId": SCHOOL}, clerk)

    (edge,) = found["edges"]
    assert edge["node"]["claim"] == {
        "pupilName": "Nguyễn Thị Lan",
        "relation": "CHILD",
        "invitedAddress": "m…@example.com",
    }
    kept = str(await services.store[GUARDIANSHIPS].find({}))
    assert "example.com" not in kept
    (entry,) = await noted(services, "guardianships.read")
    assert (entry.subject, entry.details) == (SCHOOL, {"found": 1})


async def test_a_guardian_sees_her_pupil_once_both_sides_agree(
    client: httpx.AsyncClient, services: Services, lan: str
) -> None:
    clerk = await a_clerk(client, services, address="second.clerk@example.com")
    mother = await signed_in(client, services, "mother@example.com")

    guardianship = await waiting(client, services, clerk, mother, lan)
    before = (await ask(client, "MyPupils", person=mother))["pupils"]
    refusal = await refused(client, "Pupil", {"id": lan}, mother)
    confirmed = await confirm(client, clerk, guardianship["id"])

    assert (guardianship["state"], before, refusal) == ("WAITING", [], "NOT_FOUND")
    assert confirmed["guardianship"]["state"] == "CONFIRMED"
    (pupil,) = (await ask(client, "MyPupils", person=mother))["pupils"]
    assert (pupil["id"], pupil["name"], pupil["schoolClass"]["name"]) == (
        lan,
        "Nguyễn Thị Lan",
        "2A",
    )
    assert (await ask(client, "Pupil", {"id": lan}, mother))["number"] == "2411000001"
    bao = (await pupils_at(services))["2411000002"].id
    assert await refused(client, "Pupil", {"id": bao}, mother) == "NOT_FOUND"
    actions = ["guardian.invite", "guardian.accept", "guardian.confirm"]
    assert [len(await noted(services, action)) for action in actions] == [1, 1, 1]


async def test_another_guardian_may_confirm_and_a_stranger_may_not(
    client: httpx.AsyncClient, services: Services, lan: str
) -> None:
    clerk = await a_clerk(client, services, address="second.clerk@example.com")
    elsewhere = await a_clerk(client, services, ELSEWHERE, "elsewhere@example.com")
    mother = await a_guardian(client, services, clerk, lan)
    father = await signed_in(client, services, "father@example.com")
    guardianship = await waiting(client, services, clerk, father, lan)
    stranger = await signed_in(client, services, "stranger@example.com")

    by_stranger = await confirm(client, stranger, guardianship["id"])
    by_elsewhere = await confirm(client, elsewhere, guardianship["id"])
    by_himself = await confirm(client, father, guardianship["id"])
    by_mother = await confirm(client, mother, guardianship["id"])
    again = await confirm(client, mother, guardianship["id"])

    assert (by_stranger["code"], by_elsewhere["code"]) == ("NOT_FOUND", "NOT_FOUND")
    assert by_himself["code"] == "OWN_CONFIRMATION"
    assert by_mother["guardianship"]["state"] == again["guardianship"]["state"] == "CONFIRMED"
    assert len(await noted(services, "guardian.confirm")) == 2


async def test_a_clerk_who_is_the_guardian_does_not_confirm_herself(
    client: httpx.AsyncClient, services: Services, lan: str
) -> None:
    clerk = await a_clerk(client, services, address="second.clerk@example.com")

    guardianship = await waiting(client, services, clerk, clerk, lan)

    assert (await confirm(client, clerk, guardianship["id"]))["code"] == "OWN_CONFIRMATION"


async def test_the_child_must_be_the_guardian_s_with_the_school_s_birth_date_and_consent(
    client: httpx.AsyncClient, services: Services, lan: str
) -> None:
    clerk = await a_clerk(client, services, address="second.clerk@example.com")
    mother = await signed_in(client, services, "mother@example.com")
    invitation_id = (await invite(client, clerk, lan, mother.address))["invitation"]["id"]
    born_otherwise = await a_child(client, services, mother, bornOn="2018-03-06")
    without_consent = (await a_dependant(client, mother))["id"]

    other_day = await accept(client, mother, invitation_id, born_otherwise)
    nobody = await accept(client, mother, invitation_id, "no such dependant")
    no_consent = await accept(client, mother, invitation_id, without_consent)
    await consent(services, mother, ConsentPurpose.STUDENT_RECORD, without_consent)
    accepted = await accept(client, mother, invitation_id, without_consent)

    assert (other_day["code"], nobody["code"]) == ("NO_SUCH_CHILD", "NO_SUCH_CHILD")
    assert (no_consent["code"], no_consent["field"]) == ("CONSENT_MISSING", "dependantId")
    assert accepted["__typename"] == "AcceptGuardianshipSuccess"


async def test_after_five_tries_an_invitation_is_worth_nothing(
    client: httpx.AsyncClient, services: Services, lan: str
) -> None:
    clerk = await a_clerk(client, services, address="second.clerk@example.com")
    mother = await signed_in(client, services, "mother@example.com")
    invitation_id = (await invite(client, clerk, lan, mother.address))["invitation"]["id"]
    wrong = await a_child(client, services, mother, bornOn="2018-03-06")
    right = await a_child(client, services, mother)

    tries = [(await accept(client, mother, invitation_id, wrong))["code"] for _ in range(5)]
    at_last = await accept(client, mother, invitation_id, right)

    assert tries == ["NO_SUCH_CHILD"] * 5
    assert at_last["code"] == "INVITATION_ENDED"
    assert await services.store[GUARDIANSHIPS].count({}) == 0


async def test_only_whoever_has_the_address_accepts_and_only_for_two_weeks(
    client: httpx.AsyncClient, services: Services, clock: MovableClock, lan: str
) -> None:
    clerk = await a_clerk(client, services, address="second.clerk@example.com")
    mother = await signed_in(client, services, "mother@example.com")
    invitation_id = (await invite(client, clerk, lan, mother.address))["invitation"]["id"]
    thief = await signed_in(client, services, "thief@example.com")

    by_thief = await accept(client, thief, invitation_id, await a_child(client, services, thief))
    (hers,) = (await ask(client, "GuardianInvitations", person=mother))["invitations"]
    thief_s = (await ask(client, "GuardianInvitations", person=thief))["invitations"]
    clock.advance(days=14)
    mother = await signed_in(client, services, "mother@example.com")
    late = await accept(client, mother, invitation_id, await a_child(client, services, mother))

    assert (by_thief["code"], late["code"]) == ("INVITATION_ENDED", "INVITATION_ENDED")
    assert (hers["id"], hers["school"]["id"], thief_s) == (invitation_id, SCHOOL, [])


async def test_withdrawing_the_consent_ends_it_at_once(
    client: httpx.AsyncClient, services: Services, lan: str
) -> None:
    clerk = await a_clerk(client, services, address="second.clerk@example.com")
    mother = await a_guardian(client, services, clerk, lan)
    (row,) = await services.store[GUARDIANSHIPS].find({})

    await withdraw(services, mother, ConsentPurpose.STUDENT_RECORD, row["dependant_id"])

    assert await services.store[GUARDIANSHIPS].count({}) == 0
    assert (await ask(client, "MyPupils", person=mother))["pupils"] == []


async def test_a_removed_dependant_is_followed_no_more(
    client: httpx.AsyncClient, services: Services, lan: str
) -> None:
    clerk = await a_clerk(client, services, address="second.clerk@example.com")
    mother = await a_guardian(client, services, clerk, lan)
    (row,) = await services.store[GUARDIANSHIPS].find({})

    await call_accounts(client, "RemoveDependant", {"id": row["dependant_id"]}, mother)

    assert await refused(client, "Pupil", {"id": lan}, mother) == "NOT_FOUND"


async def test_from_eighteen_on_a_pupil_is_followed_by_nobody(
    client: httpx.AsyncClient, services: Services, clock: MovableClock
) -> None:
    clerk = await a_clerk(client, services)
    await enrolled(client, services, clerk, clock, LAN.replace("05/03/2018", "02/05/2008"))
    pupil_id = await lan_s_id(services)
    mother = await signed_in(client, services, "mother@example.com")
    invitation_id = (await invite(client, clerk, pupil_id, mother.address))["invitation"]["id"]
    child = await a_child(client, services, mother, bornOn="2008-05-02")
    accepted = await accept(client, mother, invitation_id, child)
    await confirm(client, clerk, accepted["guardianship"]["id"])

    the_day_before = (await ask(client, "MyPupils", person=mother))["pupils"]
    clock.advance(hours=8)
    mother = await signed_in(client, services, "mother@example.com")

    assert len(the_day_before) == 1
    assert (await ask(client, "MyPupils", person=mother))["pupils"] == []


async def test_a_guardianship_is_ended_by_the_guardian_or_by_the_school(
    client: httpx.AsyncClient, services: Services, lan: str
) -> None:
    clerk = await a_clerk(client, services, address="second.clerk@example.com")
    mother = await a_guardian(client, services, clerk, lan)
    father = await a_guardian(client, services, clerk, lan, "father@example.com")
    rows = await services.store[GUARDIANSHIPS].find({}, sort=[("accepted_at", 1)])
    ids = {row["person_id"]: row["_id"] for row in rows}
    mine = await services.accounts.sessions.caller_of(mother.tokens["accessToken"])
    his_id = next(each for person, each in ids.items() if person != mine.person())

    by_other_guardian = await call(client, "EndGuardianship", {"id": his_id}, mother)
    by_school = await call(client, "EndGuardianship", {"id": his_id}, clerk)
    by_herself = await call(client, "EndGuardianship", {"id": ids[mine.person()]}, mother)

    assert by_other_guardian["code"] == "NOT_FOUND"
    assert by_school["id"] == his_id
    assert by_herself["__typename"] == "EndGuardianshipSuccess"
    assert (await ask(client, "MyPupils", person=father))["pupils"] == []
    assert [entry.scope for entry in await noted(services, "guardian.end")] == [
        "guardian",
        "school:s07",
    ]


async def test_whoever_is_invited_may_refuse_and_nobody_else(
    client: httpx.AsyncClient, services: Services, lan: str
) -> None:
    clerk = await a_clerk(client, services, address="second.clerk@example.com")
    father = await signed_in(client, services, "father@example.com")
    stranger = await signed_in(client, services, "stranger@example.com")
    invitation_id = (await invite(client, clerk, lan, "father@example.com"))["invitation"]["id"]

    by_stranger = await call(client, "EndGuardianship", {"id": invitation_id}, stranger)
    kept = await services.store[GUARDIAN_INVITATIONS].count({})
    by_father = await call(client, "EndGuardianship", {"id": invitation_id}, father)
    again = await call(client, "EndGuardianship", {"id": invitation_id}, father)

    assert (by_stranger["code"], kept) == ("NOT_FOUND", 1)
    assert by_father == {"__typename": "EndGuardianshipSuccess", "id": invitation_id}
    assert again["code"] == "NOT_FOUND"
    assert await services.store[GUARDIAN_INVITATIONS].count({}) == 0
    assert await services.store[GUARDIANSHIPS].count({}) == 0
    assert [entry.scope for entry in await noted(services, "guardian.refuse")] == ["guardian"]


async def test_an_invitation_is_withdrawn_and_the_office_elsewhere_has_no_say(
    client: httpx.AsyncClient, services: Services, lan: str
) -> None:
    clerk = await a_clerk(client, services, address="second.clerk@example.com")
    elsewhere = await a_clerk(client, services, ELSEWHERE, "elsewhere@example.com")
    invitation_id = (await invite(client, clerk, lan, "mother@example.com"))["invitation"]["id"]

    operation = "WithdrawGuardianInvitation"
    invited = await invite(client, elsewhere, lan, "mother@example.com")
    of_here = await call(client, operation, {"id": invitation_id, "schoolId": SCHOOL}, elsewhere)
    of_theirs = await call(
        client, operation, {"id": invitation_id, "schoolId": ELSEWHERE}, elsewhere
    )
    own = await call(client, operation, {"id": invitation_id, "schoolId": SCHOOL}, clerk)

    assert invited["code"] == "NOT_FOUND"
    assert (of_here["code"], of_theirs["code"]) == ("NOT_ALLOWED", "INVITATION_ENDED")
    assert own["id"] == invitation_id
    assert await services.store[GUARDIAN_INVITATIONS].count({}) == 0


async def accept_twice(client: httpx.AsyncClient, services: Services, lan: str) -> list[Answer]:
    """Let a guardian accept the same invitation on two phones at once."""
    clerk = await a_clerk(client, services, address="second.clerk@example.com")
    mother = await signed_in(client, services, "mother@example.com")
    invitation_id = (await invite(client, clerk, lan, mother.address))["invitation"]["id"]
    child = await a_child(client, services, mother)
    return await asyncio.gather(*(accept(client, mother, invitation_id, child) for _ in range(2)))


async def test_accepting_twice_at_once_makes_one_guardianship(
    client: httpx.AsyncClient, services: Services, lan: str
) -> None:
    results = await accept_twice(client, services, lan)

    assert sorted(result.get("code", "") for result in results) == ["", "INVITATION_ENDED"]
    assert await services.store[GUARDIANSHIPS].count({}) == 1


async def test_control_an_invitation_that_is_not_used_up_lets_the_second_come_further(
    client: httpx.AsyncClient, services: Services, lan: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def still_there(self: GuardianRepository, id: str, _: object, now: object) -> object:
        return await self.invitation(id, now)  # type: ignore[arg-type] # whatever is handed on

    monkeypatch.setattr(GuardianRepository, "use", still_there)

    results = await accept_twice(client, services, lan)

    assert sorted(result.get("code", "") for result in results) == ["", "GUARDIAN_ALREADY"]


async def test_of_an_acceptance_and_a_withdrawal_at_once_no_guardianship_outlives_the_consent(
    client: httpx.AsyncClient, services: Services, lan: str
) -> None:
    clerk = await a_clerk(client, services, address="second.clerk@example.com")
    mother = await signed_in(client, services, "mother@example.com")
    invitation_id = (await invite(client, clerk, lan, mother.address))["invitation"]["id"]
    child = await a_child(client, services, mother)

    await asyncio.gather(
        accept(client, mother, invitation_id, child),
        withdraw(services, mother, ConsentPurpose.STUDENT_RECORD, child),
    )

    assert await services.store[GUARDIANSHIPS].count({}) == 0


async def test_a_seventh_guardian_is_too_many(
    client: httpx.AsyncClient, services: Services, lan: str
) -> None:
    clerk = await a_clerk(client, services, address="second.clerk@example.com")
    for number in range(6):
        guardian = await signed_in(client, services, f"guardian.{number}@example.com")
        await waiting(client, services, clerk, guardian, lan)
    seventh = await signed_in(client, services, "seventh@example.com")
    invitation_id = (await invite(client, clerk, lan, seventh.address))["invitation"]["id"]

    result = await accept(client, seventh, invitation_id, await a_child(client, services, seventh))

    assert result["code"] == "TOO_MANY_GUARDIANS"
    assert await services.store[GUARDIANSHIPS].count({}) == 6


async def test_a_replayed_invitation_sends_one_message(
    client: httpx.AsyncClient, services: Services, lan: str
) -> None:
    clerk = await a_clerk(client, services, address="second.clerk@example.com")
    key = new_key()

    first = await invite(client, clerk, lan, "mother@example.com", key=key)
    again = await invite(client, clerk, lan, "mother@example.com", key=key)

    assert first["invitation"]["id"] == again["invitation"]["id"]
    assert len(await noted(services, "guardian.invite")) == 1
    following: Following = services.students.following
    caller = await services.accounts.sessions.caller_of(
        (await signed_in(client, services, "mother@example.com")).tokens["accessToken"]
    )
    assert len(await following.invitations(caller)) == 1
