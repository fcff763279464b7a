"""Cards: one for each pupil, printed, dead when lost, and of the own school only."""

import base64
import json

import pytest

from api.accounts.caller import Caller, Grant, Role, Scope, ScopeKind
from api.credentials.records import CredentialKind, RevocationReason
from api.credentials.scans.refusals import CardRefused
from api.kit.ids import new_id
from api.students.cards.errors import CardMissing, ClassNotFound
from api.students.cards.student_cards import StudentCardState
from api.students.errors import PupilNotFound
from tests.accounts.people import new_key
from tests.accounts.staff import noted
from tests.credentials.cards import a_gate, a_scan
from tests.students.school import ELSEWHERE, SCHOOL, class_id_of
from tests.students.school_days import SchoolDay

OTHER_SCOPE = Scope(ScopeKind.SCHOOL, ELSEWHERE)
OTHER_OFFICE = Caller(new_id(), new_id(), frozenset({Grant(Role.CLERK, OTHER_SCOPE)}))


async def test_issuing_again_gives_no_second_card(school: SchoolDay) -> None:
    cards, issuing = school.services.students.cards, school.services.credentials.issuing
    first = await issuing.of_subject(CredentialKind.STUDENT_CARD, school.pupils["lan"])

    count = await cards.issue(school.office, SCHOOL, class_id_of("2A"), new_key())

    again = await issuing.of_subject(CredentialKind.STUDENT_CARD, school.pupils["lan"])
    assert count == 2
    assert first == again
    with pytest.raises(ClassNotFound):
        await cards.issue(school.office, SCHOOL, class_id_of("9Z"), new_key())


async def test_a_class_of_any_size_has_its_cards(
    school: SchoolDay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.students.cards.student_cards._PUPILS_AT_ONCE", 1)

    count = await school.services.students.cards.issue(
        school.office, SCHOOL, class_id_of("2A"), new_key()
    )

    assert count == 2


async def test_a_card_holds_no_name_and_prints_for_the_office_only(school: SchoolDay) -> None:
    cards, lan = school.services.students.cards, school.pupils["lan"]

    pupil, credential = await cards.to_print(school.office, lan)
    printed = await school.services.credentials.staffing.printed(credential)

    assert pupil.details.name == "Nguyễn Thị Lan"
    payload = printed.token.split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    assert lan not in str(claims)
    assert "Thị" not in str(claims)
    assert " Lan" not in str(claims)
    assert printed.svg.startswith("<svg") or "<svg" in printed.svg
    for caller in (school.mother, OTHER_OFFICE, school.keeper):
        with pytest.raises(PupilNotFound):
            await cards.to_print(caller, lan)
    assert len(await noted(school.services, "student_card.print")) == 1


async def test_a_lost_card_is_dead_at_once_and_until_the_office_decides(
    school: SchoolDay,
) -> None:
    cards, lan = school.services.students.cards, school.pupils["lan"]
    old = await school.card("lan")

    lost = await cards.report_lost(school.mother, lan)

    assert lost.state is StudentCardState.LOST
    with pytest.raises(CardRefused):
        await school.scan("lan")
    with pytest.raises(PupilNotFound):
        await cards.found(school.mother, lan)
    replaced = await cards.replace(school.office, lan)
    assert replaced.state is StudentCardState.VALID
    scanning = school.services.credentials.scanning
    with pytest.raises(CardRefused):
        await scanning.scan(school.keeper, school.gate.id, a_scan(old, confirmed=True))
    await school.scan("lan")
    assert await school.state("lan") == "PRESENT"


async def test_a_lost_card_stands_in_the_next_list_for_offline_gates(school: SchoolDay) -> None:
    credential = await school.services.credentials.issuing.of_subject(
        CredentialKind.STUDENT_CARD, school.pupils["lan"]
    )
    assert credential is not None
    publishing = school.services.credentials.publishing
    (list_id,) = await publishing.list_ids(credential.audience.tag)
    before = await publishing.whole(list_id)

    await school.services.students.cards.report_lost(school.mother, school.pupils["lan"])

    after = await publishing.whole(list_id)
    assert before is not None
    assert after is not None
    assert after.version == before.version + 1


async def test_a_card_that_came_back_counts_again(school: SchoolDay) -> None:
    cards, lan = school.services.students.cards, school.pupils["lan"]
    await cards.report_lost(school.office, lan)

    found = await cards.found(school.office, lan)

    assert found.state is StudentCardState.VALID
    await school.scan("lan")


async def test_a_stranger_s_report_kills_no_card(school: SchoolDay) -> None:
    cards = school.services.students.cards

    for caller, name in ((school.mother, "bao"), (OTHER_OFFICE, "lan"), (school.keeper, "lan")):
        with pytest.raises(PupilNotFound):
            await cards.report_lost(caller, school.pupils[name])

    assert await cards.living(list(school.pupils.values())) == frozenset(school.pupils.values())


async def test_a_card_of_another_school_opens_no_gate(school: SchoolDay) -> None:
    gate = await a_gate(school.services.credentials, OTHER_SCOPE)
    keeper = Caller(new_id(), new_id(), frozenset({Grant(Role.GATEKEEPER, OTHER_SCOPE)}))
    asked = a_scan(await school.card("lan"), confirmed=True)

    with pytest.raises(CardRefused):
        await school.services.credentials.scanning.scan(keeper, gate.id, asked)

    assert await school.state("lan") == "NOTHING"


async def test_a_pupil_without_a_card_is_said_to_have_none(school: SchoolDay) -> None:
    cards = school.services.students.cards
    issuing = school.services.credentials.issuing
    credential = await issuing.of_subject(CredentialKind.STUDENT_CARD, school.pupils["bao"])
    assert credential is not None
    await issuing.revoke(credential.id, RevocationReason.OTHER, school.clock())

    with pytest.raises(CardMissing):
        await cards.to_print(school.office, school.pupils["bao"])
    card = await cards.card(school.office, school.pupils["bao"])
    assert card is not None
    assert card.state is StudentCardState.ENDED
