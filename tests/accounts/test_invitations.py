"""An invitation is a role that waits for whoever proves the address, and is used once."""

import asyncio

import httpx
import pytest

from api.accounts.caller import PROVINCE, SCOPES_OF_ROLES, Grant, Role
from api.accounts.sign_in.sessions import ACCESS_CHANGED
from api.accounts.staff.invitations import INVITATIONS
from api.accounts.staff.messages import TEXTS
from api.context import Services
from api.kit.idempotency import IDEMPOTENCY_KEYS
from api.kit.store import Store
from notifications.text_outbox import TEXT_OUTBOX
from tests.accounts.people import (
    MAI,
    MINJUN,
    SignedInPerson,
    call,
    new_key,
    signed_in,
    text_sent,
)
from tests.accounts.staff import (
    CLERK,
    EVERY_ROLE,
    OPERATOR_S_OWN,
    SA_PA_HOSPITAL,
    a_staff_member,
    accept,
    add_address,
    an_administrator,
    id_of,
    invite,
    my_work,
    named,
    nodes,
    noted,
    read,
    revoke,
    roles_of,
)
from tests.conftest import MovableClock

HERE = {"scopeKind": "FACILITY", "scopeId": SA_PA_HOSPITAL.id}


@pytest.fixture
async def administrator(client: httpx.AsyncClient, services: Services) -> SignedInPerson:
    return await an_administrator(client, services)


async def test_whoever_has_the_address_takes_the_role(
    client: httpx.AsyncClient, services: Services, administrator: SignedInPerson
) -> None:
    invited = (await invite(client, administrator, "0912 345 678"))["invitation"]
    mai = await signed_in(client, services, MAI)
    before = await my_work(client, mai)

    result = await accept(client, mai, invited["id"])

    assert invited == {
        "id": invited["id"],
        "sentTo": "+84…678",
        "role": named(CLERK),
        "invitedAt": "2026-05-01T09:30:00+00:00",
        "expiresAt": "2026-05-15T09:30:00+00:00",
    }
    assert (before["roles"], before["invitations"]) == ([], [invited])
    assert result == {"__typename": "AcceptInvitationSuccess", "role": named(CLERK)}
    after = await my_work(client, mai)
    assert (after["roles"], after["invitations"]) == ([named(CLERK)], [])


@pytest.mark.parametrize(
    ("language", "body"),
    [
        (
            "en",
            "You are invited to work at the desk of the health facility Sa Pa Regional General Hospital."
            " To accept, sign in to the Lào Cai app with this address within 14 days.",
        ),
        (
            "vi",
            "Bạn được mời làm việc tại quầy tiếp nhận của cơ sở y tế Bệnh viện đa khoa khu vực Sa Pa."
            " Để nhận lời, hãy đăng nhập ứng dụng Lào Cai bằng địa chỉ này trong vòng 14 ngày.",
        ),
    ],
)
async def test_the_message_names_role_and_institution_in_the_chosen_language(
    client: httpx.AsyncClient,
    services: Services,
    administrator: SignedInPerson,
    language: str,
    body: str,
) -> None:
    values = {"address": MINJUN, **named(CLERK), "language": language, "idempotencyKey": new_key()}

    result = await call(client, "InviteStaff", values, administrator, language="ja")

    text = await text_sent(services, result["invitation"]["id"])
    assert (text.to, text.language, text.body) == (MINJUN, language, body)
    assert text.expires_at.isoformat() == result["invitation"]["expiresAt"]


async def test_without_a_language_the_message_is_in_that_of_whoever_invites(
    client: httpx.AsyncClient, services: Services, administrator: SignedInPerson
) -> None:
    result = await invite(client, administrator, MINJUN, language="fr")

    text = await text_sent(services, result["invitation"]["id"])
    assert (text.language, text.subject) == ("fr", "Invitation à travailler avec Lào Cai")


def test_there_is_a_text_for_every_role_at_every_kind_of_place() -> None:
    assert set(TEXTS) == {(role, kind) for role in Role for kind in SCOPES_OF_ROLES[role]}


@pytest.mark.parametrize("grant", EVERY_ROLE, ids=str)
async def test_every_role_can_be_given(
    client: httpx.AsyncClient, services: Services, administrator: SignedInPerson, grant: Grant
) -> None:
    invited = (await invite(client, administrator, MAI, grant))["invitation"]
    mai = await signed_in(client, services, MAI)

    await accept(client, mai, invited["id"])

    assert await roles_of(client, mai) == [named(grant)]


async def test_an_address_that_is_added_later_counts(
    client: httpx.AsyncClient, services: Services, administrator: SignedInPerson
) -> None:
    invited = (await invite(client, administrator, MINJUN))["invitation"]
    person = await signed_in(client, services, MAI)
    before = await my_work(client, person)

    await add_address(client, services, person, MINJUN)

    assert before["invitations"] == []
    assert (await my_work(client, person))["invitations"] == [invited]
    assert (await accept(client, person, invited["id"]))["role"] == named(CLERK)


async def test_an_invitation_to_somebody_else_is_as_if_it_were_not_there(
    client: httpx.AsyncClient, services: Services, administrator: SignedInPerson
) -> None:
    invited = (await invite(client, administrator, MAI))["invitation"]
    stranger = await signed_in(client, services, MINJUN)

    theirs = await accept(client, stranger, invited["id"])
    unknown = await accept(client, stranger, "a" * 26)
    shapeless = await accept(client, stranger, "no id")

    assert theirs["code"] == "NOT_FOUND"
    assert theirs == unknown == shapeless
    mine = await my_work(client, stranger)
    assert (mine["roles"], mine["invitations"]) == ([], [])
    mai = await signed_in(client, services, MAI)
    assert (await my_work(client, mai))["invitations"] == [invited]


async def test_an_invitation_holds_for_fourteen_days(
    client: httpx.AsyncClient,
    services: Services,
    administrator: SignedInPerson,
    clock: MovableClock,
) -> None:
    invited = (await invite(client, administrator, MAI))["invitation"]
    clock.advance(days=14)
    mai = await signed_in(client, services, MAI)

    result = await accept(client, mai, invited["id"])

    assert result["code"] == "NOT_FOUND"
    mine = await my_work(client, mai)
    assert (mine["roles"], mine["invitations"]) == ([], [])


async def test_it_is_used_once_and_a_lost_answer_is_given_again(
    client: httpx.AsyncClient, services: Services, administrator: SignedInPerson
) -> None:
    invited = (await invite(client, administrator, MAI))["invitation"]
    mai = await signed_in(client, services, MAI)
    key = new_key()

    first = await accept(client, mai, invited["id"], key=key)
    again = await accept(client, mai, invited["id"], key=key)
    anew = await accept(client, mai, invited["id"])

    assert first == again
    assert anew["code"] == "NOT_FOUND"
    assert len(await noted(services, "role.accept")) == 1


async def test_a_role_that_was_taken_back_does_not_return_with_the_same_invitation(
    client: httpx.AsyncClient, services: Services, administrator: SignedInPerson
) -> None:
    invited = (await invite(client, administrator, MAI))["invitation"]
    mai = await signed_in(client, services, MAI)
    key = new_key()
    await accept(client, mai, invited["id"], key=key)
    await revoke(client, administrator, await id_of(client, mai))

    await accept(client, mai, invited["id"], key=key)

    assert await roles_of(client, mai) == []


async def test_accepted_and_withdrawn_at_once_it_is_one_of_both(
    client: httpx.AsyncClient, services: Services, administrator: SignedInPerson
) -> None:
    invited = (await invite(client, administrator, MAI))["invitation"]
    mai = await signed_in(client, services, MAI)

    results = await asyncio.gather(
        *(accept(client, mai, invited["id"]) for _ in range(10)),
        call(client, "WithdrawInvitation", {"id": invited["id"]}, administrator),
        *(accept(client, mai, invited["id"]) for _ in range(10)),
    )

    done = [result["__typename"] for result in results if result["__typename"] != "AccountError"]
    assert len(done) == 1
    assert len(await roles_of(client, mai)) == (done == ["AcceptInvitationSuccess"])


async def test_accepting_ends_open_connections_so_that_the_role_counts(
    client: httpx.AsyncClient, services: Services, administrator: SignedInPerson
) -> None:
    invited = (await invite(client, administrator, MAI))["invitation"]
    mai = await signed_in(client, services, MAI)
    mai_id = await id_of(client, mai)

    async with services.events.listening(ACCESS_CHANGED) as changes, asyncio.timeout(10):
        await accept(client, mai, invited["id"])
        change = await anext(changes)

    assert change == {"person_id": mai_id, "session_id": None}


async def test_an_invitation_can_be_withdrawn(
    client: httpx.AsyncClient, services: Services, administrator: SignedInPerson
) -> None:
    invited = (await invite(client, administrator, MAI))["invitation"]

    result = await call(client, "WithdrawInvitation", {"id": invited["id"]}, administrator)

    assert result == {"__typename": "WithdrawInvitationSuccess", "id": invited["id"]}
    mai = await signed_in(client, services, MAI)
    assert (await accept(client, mai, invited["id"]))["code"] == "NOT_FOUND"
    assert await roles_of(client, mai) == []


@pytest.mark.parametrize("invitation_id", ["a" * 26, "", "no id"])
async def test_what_is_no_invitation_cannot_be_withdrawn(
    client: httpx.AsyncClient, administrator: SignedInPerson, invitation_id: str
) -> None:
    result = await call(client, "WithdrawInvitation", {"id": invitation_id}, administrator)

    assert result["code"] == "NOT_FOUND"


async def test_the_same_offer_again_replaces_the_first(
    client: httpx.AsyncClient,
    services: Services,
    administrator: SignedInPerson,
    clock: MovableClock,
) -> None:
    first = (await invite(client, administrator, MAI))["invitation"]
    clock.advance(minutes=9)

    second = (await invite(client, administrator, MAI))["invitation"]

    mai = await signed_in(client, services, MAI)
    assert second["expiresAt"] == "2026-05-15T09:39:00+00:00"
    assert (await my_work(client, mai))["invitations"] == [second]
    assert (await accept(client, mai, first["id"]))["code"] == "NOT_FOUND"
    added = await noted(services, "invitation.add")
    assert [entry.details.get("replaced") for entry in added] == [first["id"], None]


async def test_an_accepted_role_that_was_taken_back_is_not_told_again(
    client: httpx.AsyncClient, services: Services, administrator: SignedInPerson
) -> None:
    invited = (await invite(client, administrator, MAI))["invitation"]
    mai, key = await signed_in(client, services, MAI), new_key()
    accepted = await accept(client, mai, invited["id"], key=key)
    role = {"personId": await id_of(client, mai), **accepted["role"]}
    await call(client, "RevokeRole", role, administrator)

    again = await accept(client, mai, invited["id"], key=key)

    assert again["code"] == "NOT_FOUND"


async def test_the_same_request_again_invites_once(
    client: httpx.AsyncClient, store: Store, administrator: SignedInPerson
) -> None:
    key = new_key()

    first = await invite(client, administrator, MAI, key=key)
    again = await invite(client, administrator, MAI, key=key)
    other = await invite(client, administrator, MINJUN, key=key)

    assert first == again
    assert other["code"] == "IDEMPOTENCY_KEY_REUSED"
    assert await store[INVITATIONS].count({}) == 1


async def test_the_address_is_kept_sealed_and_nowhere_else(
    client: httpx.AsyncClient, services: Services, store: Store, administrator: SignedInPerson
) -> None:
    result = await invite(client, administrator, MINJUN)

    (kept,) = await store[INVITATIONS].find({})
    everything = [
        kept,
        *await store[IDEMPOTENCY_KEYS].find({}),
        *await store[TEXT_OUTBOX].find({}),
        *await noted(services, "invitation.add"),
    ]
    place = f"invitations/{result['invitation']['id']}"
    assert services.sealer.open(kept["address"], place) == ["email", MINJUN]
    assert "minjun" not in repr(everything)


async def test_open_invitations_are_listed_for_administrators_and_auditors(
    client: httpx.AsyncClient, services: Services, administrator: SignedInPerson
) -> None:
    auditor = await a_staff_member(client, services, Role.AUDITOR)
    addresses = [f"clerk-{number}@example.com" for number in range(3)]
    sent = [(await invite(client, administrator, each))["invitation"] for each in addresses]
    await invite(client, administrator, MAI, Grant(Role.AUDITOR, PROVINCE))

    first = await read(client, "StaffInvitations", {**HERE, "first": 2}, auditor)
    after = first["pageInfo"]["endCursor"]
    rest = await read(client, "StaffInvitations", {**HERE, "after": after}, administrator)

    assert nodes(first) + nodes(rest) == sorted(sent, key=lambda one: str(one["id"]))
    assert (first["pageInfo"]["hasNextPage"], rest["pageInfo"]["hasNextPage"]) == (True, False)
    seen = [(e.subject, e.scope, e.details) for e in await noted(services, "invitations.read")]
    assert seen == [
        ("facility:bvdk-khu-vuc-sa-pa", "administrator province", {"found": 1}),
        ("facility:bvdk-khu-vuc-sa-pa", "auditor province", {"found": 2}),
    ]


async def test_every_step_is_in_the_audit_log(
    client: httpx.AsyncClient, services: Services
) -> None:
    administrator = await an_administrator(client, services, OPERATOR_S_OWN)
    administrator_id = await id_of(client, administrator)
    accepted = (await invite(client, administrator, MAI))["invitation"]["id"]
    withdrawn = (await invite(client, administrator, MINJUN))["invitation"]["id"]
    mai = await signed_in(client, services, MAI)
    mai_id = await id_of(client, mai)

    await accept(client, mai, accepted)
    await call(client, "WithdrawInvitation", {"id": withdrawn}, administrator)

    page = await services.audit.entries(10, None, actor=administrator_id)
    by_administrator = [(row.entry.action, row.entry.subject) for row in page.items if row.entry]
    (by_mai,) = (await services.audit.entries(10, None, actor=mai_id)).items
    assert by_administrator == [
        ("invitation.withdraw", withdrawn),
        ("invitation.add", withdrawn),
        ("invitation.add", accepted),
    ]
    assert by_mai.entry is not None
    assert (by_mai.entry.action, by_mai.entry.subject) == ("role.accept", mai_id)
    assert by_mai.entry.details == {
        "grant": "clerk facility:bvdk-khu-vuc-sa-pa",
        "invitation": accepted,
        "invited_by": administrator_id,
    }
