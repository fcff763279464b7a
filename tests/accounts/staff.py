"""People who hold roles, as tests of any slice need them."""

from collections.abc import Mapping
from itertools import count
from typing import Any

import httpx

from api.accounts.caller import PROVINCE, Caller, Grant, Role, Scope, ScopeKind
from api.accounts.staff.grants import ADMINISTRATION
from api.context import Services
from api.kit.audit_log import AuditEntry
from tests.accounts.people import Answer, SignedInPerson, call, code_sent, new_key, signed_in
from tests.conftest import send, send_raw

OPERATOR_S_OWN = "first.administrator@example.com"
SA_PA_HOSPITAL = Scope(ScopeKind.FACILITY, "bvdk-khu-vuc-sa-pa")
BAC_HA_HOSPITAL = Scope(ScopeKind.FACILITY, "bvdk-khu-vuc-bac-ha")
CIVIL_DEFENCE = Scope(ScopeKind.AGENCY, "civil-defence")
CLERK = Grant(Role.CLERK, SA_PA_HOSPITAL)

EVERY_ROLE = (
    CLERK,
    Grant(Role.ALERT_AUTHOR, CIVIL_DEFENCE),
    Grant(Role.ALERT_APPROVER, CIVIL_DEFENCE),
    Grant(Role.MERCHANT, Scope(ScopeKind.MERCHANT, "may-cafe")),
    Grant(Role.CONTENT_EDITOR, PROVINCE),
    Grant(Role.MODERATOR, PROVINCE),
    Grant(Role.AUDITOR, PROVINCE),
    ADMINISTRATION,
)
_NUMBERS = count(1)


async def a_staff_member(
    client: httpx.AsyncClient,
    services: Services,
    role: Role,
    scope: Scope = PROVINCE,
    *,
    address: str | None = None,
) -> SignedInPerson:
    """Sign somebody in who holds a role: appointed, or invited and accepting.

    Whom an invitation comes from is an administrator besides, who signs in with OPERATOR_S_OWN.
    """
    address = address or f"staff-{next(_NUMBERS)}@example.com"
    if Grant(role, scope) == ADMINISTRATION:
        await services.accounts.staff.administrators.appoint(address, "en")
        return await signed_in(client, services, address)
    person = await signed_in(client, services, address)
    await take_up(client, services, person, Grant(role, scope))
    return person


async def take_up(
    client: httpx.AsyncClient, services: Services, person: SignedInPerson, grant: Grant
) -> None:
    """Let a signed-in person take one more role, as `a_staff_member` does."""
    staff = services.accounts.staff
    first = await staff.administrators.appoint(OPERATOR_S_OWN, "en")
    inviter = Caller(first.person_id, grants=frozenset({ADMINISTRATION}))
    invitation = await staff.inviting.invite(inviter, person.address, grant, "en", new_key())
    accepted = await accept(client, person, invitation.id)
    assert accepted["__typename"] == "AcceptInvitationSuccess", accepted


async def an_administrator(
    client: httpx.AsyncClient, services: Services, address: str | None = None
) -> SignedInPerson:
    return await a_staff_member(client, services, Role.ADMINISTRATOR, address=address)


def named(grant: Grant) -> Answer:
    """Return a grant as the contract has it."""
    scope = grant.scope
    return {
        "role": grant.role.name,
        "scopeKind": scope.kind.name,
        "scopeId": scope.id or None,
    }


async def invite(
    client: httpx.AsyncClient,
    administrator: SignedInPerson | None,
    address: str,
    grant: Grant = CLERK,
    *,
    key: str | None = None,
    language: str = "en",
) -> Answer:
    """Invite and return the result."""
    values = {"address": address, **named(grant), "idempotencyKey": key or new_key()}
    return await call(client, "InviteStaff", values, administrator, language=language)


async def accept(
    client: httpx.AsyncClient,
    person: SignedInPerson | None,
    invitation_id: str,
    *,
    key: str | None = None,
) -> Answer:
    """Accept and return the result."""
    values = {"id": invitation_id, "idempotencyKey": key or new_key()}
    return await call(client, "AcceptInvitation", values, person)


async def revoke(
    client: httpx.AsyncClient, caller: SignedInPerson | None, person_id: str, grant: Grant = CLERK
) -> Answer:
    """Take a role back and return the result."""
    return await call(client, "RevokeRole", {"personId": person_id, **named(grant)}, caller)


async def my_work(client: httpx.AsyncClient, person: SignedInPerson) -> Answer:
    """Ask for one's id, roles and invitations."""
    data = await send(client, "accounts/MyRoles", headers=person.headers)
    mine: Answer = data["me"]
    return mine


async def id_of(client: httpx.AsyncClient, person: SignedInPerson) -> str:
    return str((await my_work(client, person))["id"])


async def roles_of(client: httpx.AsyncClient, person: SignedInPerson) -> list[Answer]:
    roles: list[Answer] = (await my_work(client, person))["roles"]
    return roles


async def read(
    client: httpx.AsyncClient,
    operation: str,
    variables: Mapping[str, Any],
    person: SignedInPerson | None = None,
) -> Answer:
    """Send a query of staff and return its page."""
    headers = person.headers if person else None
    (page,) = (await send(client, f"accounts/{operation}", variables, headers=headers)).values()
    return dict(page)


async def refusal(
    client: httpx.AsyncClient,
    operation: str,
    variables: Mapping[str, Any],
    person: SignedInPerson | None = None,
) -> str:
    """Send a query that is refused and return the code."""
    headers = person.headers if person else None
    reply = await send_raw(client, f"accounts/{operation}", variables, headers=headers)
    return str(reply.json()["errors"][0]["extensions"]["code"])


def nodes(page: Answer) -> list[Answer]:
    return [edge["node"] for edge in page["edges"]]


async def noted(services: Services, action: str) -> list[AuditEntry]:
    """Return what the audit log has of an action, the newest first."""
    page = await services.audit.entries(100, None)
    return [row.entry for row in page.items if row.entry and row.entry.action == action]


async def add_address(
    client: httpx.AsyncClient, services: Services, person: SignedInPerson, address: str
) -> None:
    """Let one more address lead into the account."""
    requested = await call(
        client, "RequestAddressCode", {"address": address, "idempotencyKey": new_key()}, person
    )
    code_id = requested["sentCode"]["id"]
    values = {
        "codeId": code_id,
        "code": await code_sent(services, code_id),
        "idempotencyKey": new_key(),
    }
    added = await call(client, "AddAddress", values, person)
    assert added["__typename"] == "AddAddressSuccess", added
