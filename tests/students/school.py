"""A school with a roster, its office, and guardians, as tests need them."""

from collections.abc import Mapping, Sequence
from typing import Any

import httpx

from api.accounts.privacy.purposes import ConsentPurpose
from api.context import Services
from api.kit.clock import Clock
from api.kit.ids import derived_id
from api.students.guardians.guardianship import GUARDIAN_INVITATIONS
from api.students.pupils.pupil import Pupil
from api.students.pupils.repository import PUPILS, PupilRepository
from tests.accounts.exporting import run_jobs
from tests.accounts.families import a_dependant, consent, grant
from tests.accounts.people import Answer, SignedInPerson, new_key, signed_in
from tests.conftest import send, send_raw

SCHOOL, ELSEWHERE = "s07", "s17"
YEAR = 2025
"""Of tests.conftest.NOW."""
LAN = "2411000001,Nguyễn Thị Lan,05/03/2018,2A"
BAO = "2411000002,Lò Văn Bảo,17/11/2017,2A"
MAI = "2411000003,Giàng Thị Mai,01/09/2017,3B"
HEADER = "Mã học sinh,Họ và tên,Ngày sinh,Lớp"
LAN_S_NUMBER = "2411000001"


def csv_of(*rows: str, header: str = HEADER) -> bytes:
    return "\n".join((header, *rows, "")).encode()


async def call(
    client: httpx.AsyncClient,
    operation: str,
    values: Answer | None = None,
    person: SignedInPerson | None = None,
    *,
    language: str = "en",
) -> Answer:
    """Send a mutation of students and return its result."""
    headers = person.headers if person else None
    data = await send(
        client, f"students/{operation}", {"input": values}, headers=headers, language=language
    )
    (result,) = data.values()
    return dict(result)


async def ask(
    client: httpx.AsyncClient,
    operation: str,
    variables: Mapping[str, Any] | None = None,
    person: SignedInPerson | None = None,
    *,
    language: str = "en",
) -> Any:  # noqa: ANN401
    """Send a query of students and return what its root field holds."""
    headers = person.headers if person else None
    data = await send(
        client, f"students/{operation}", variables, headers=headers, language=language
    )
    (found,) = data.values()
    return found


async def refused(
    client: httpx.AsyncClient,
    operation: str,
    variables: Mapping[str, Any],
    person: SignedInPerson | None = None,
) -> str:
    """Send a query that is refused and return the code."""
    headers = person.headers if person else None
    reply = await send_raw(client, f"students/{operation}", variables, headers=headers)
    return str(reply.json()["errors"][0]["extensions"]["code"])


async def a_clerk(
    client: httpx.AsyncClient,
    services: Services,
    school: str = SCHOOL,
    address: str = "office@example.com",
) -> SignedInPerson:
    """Sign somebody in who works in a school's office."""
    person = await signed_in(client, services, address)
    await grant(services, person, f"clerk school:{school}")
    return person


async def check(
    client: httpx.AsyncClient,
    clerk: SignedInPerson | None,
    content: bytes,
    *,
    school: str = SCHOOL,
    language: str = "en",
    year: int | None = None,
) -> httpx.Response:
    """Send a roster and return the reply."""
    headers = {"accept-language": language, **(clerk.headers if clerk else {})}
    at = f"/students/v1/schools/{school}/rosters"
    parameters = {} if year is None else {"year": year}
    return await client.post(at, content=content, headers=headers, params=parameters)


async def apply(
    client: httpx.AsyncClient,
    clerk: SignedInPerson,
    digest: str,
    *,
    school: str = SCHOOL,
    year: int = YEAR,
    whole: bool = False,
    key: str | None = None,
) -> Answer:
    """Ask for a checked roster to be applied and return the result."""
    values = {
        "schoolId": school,
        "year": year,
        "digest": digest,
        "isWhole": whole,
        "idempotencyKey": key or new_key(),
    }
    return await call(client, "ApplyRoster", values, clerk)


async def enrolled(
    client: httpx.AsyncClient,
    services: Services,
    clerk: SignedInPerson,
    clock: Clock,
    *rows: str,
    school: str = SCHOOL,
    whole: bool = False,
    header: str = HEADER,
) -> None:
    """Check a roster, apply it, and let the worker do so."""
    checked = (await check(client, clerk, csv_of(*rows, header=header), school=school)).json()
    result = await apply(client, clerk, checked["digest"], school=school, whole=whole)
    assert result["__typename"] == "ApplyRosterSuccess", result
    await run_jobs(services, clock)


async def pupils_at(services: Services, school: str = SCHOOL) -> dict[str, Pupil]:
    """Return everybody who is or was at a school, by pupil number."""
    repository = PupilRepository(services.store, services.sealer)
    documents = await services.store[PUPILS].find({"school_id": school})
    found = await repository.get_many([document["_id"] for document in documents])
    return {pupil.details.number: pupil for pupil in found.values()}


async def lan_s_id(services: Services) -> str:
    return (await pupils_at(services))[LAN_S_NUMBER].id


async def told(services: Services, school: str = SCHOOL) -> dict[str, tuple[str, str, bool]]:
    """Return name, class and whether they are still there, of everybody by pupil number."""
    pupils = await pupils_at(services, school)
    repository = PupilRepository(services.store, services.sealer)
    classes = await repository.classes_by_id([pupil.class_id for pupil in pupils.values()])
    return {
        number: (pupil.details.name, classes[pupil.class_id].name, pupil.left_on is None)
        for number, pupil in sorted(pupils.items())
    }


async def invite(
    client: httpx.AsyncClient,
    clerk: SignedInPerson | None,
    pupil_id: str,
    address: str,
    *,
    key: str | None = None,
    language: str = "en",
) -> Answer:
    values = {"pupilId": pupil_id, "address": address, "idempotencyKey": key or new_key()}
    return await call(client, "InviteGuardian", values, clerk, language=language)


async def accept(
    client: httpx.AsyncClient,
    guardian: SignedInPerson | None,
    invitation_id: str,
    dependant_id: str,
    *,
    key: str | None = None,
) -> Answer:
    values = {
        "id": invitation_id,
        "dependantId": dependant_id,
        "idempotencyKey": key or new_key(),
    }
    return await call(client, "AcceptGuardianship", values, guardian)


async def confirm(client: httpx.AsyncClient, person: SignedInPerson | None, id: str) -> Answer:
    return await call(client, "ConfirmGuardianship", {"id": id}, person)


async def a_child(
    client: httpx.AsyncClient,
    services: Services,
    guardian: SignedInPerson,
    **changes: Any,  # noqa: ANN401
) -> str:
    """Register Lan as a dependant with every consent, and return her id there."""
    dependant = await a_dependant(client, guardian, **changes)
    await consent(services, guardian, ConsentPurpose.STUDENT_RECORD, dependant["id"])
    return str(dependant["id"])


async def waiting(
    client: httpx.AsyncClient,
    services: Services,
    clerk: SignedInPerson,
    guardian: SignedInPerson,
    pupil_id: str,
) -> Answer:
    """Let a guardian be invited and agree; return the guardianship, which waits."""
    invited = await invite(client, clerk, pupil_id, guardian.address)
    child = await a_child(client, services, guardian)
    accepted = await accept(client, guardian, invited["invitation"]["id"], child)
    assert accepted["__typename"] == "AcceptGuardianshipSuccess", accepted
    found: Answer = accepted["guardianship"]
    return found


async def a_guardian(
    client: httpx.AsyncClient,
    services: Services,
    clerk: SignedInPerson,
    pupil_id: str,
    address: str = "mother@example.com",
) -> SignedInPerson:
    """Sign somebody in who follows a pupil, confirmed."""
    guardian = await signed_in(client, services, address)
    guardianship = await waiting(client, services, clerk, guardian, pupil_id)
    confirmed = await confirm(client, clerk, guardianship["id"])
    assert confirmed["__typename"] == "ConfirmGuardianshipSuccess", confirmed
    return guardian


def faults(reply: httpx.Response) -> Sequence[tuple[int, str, str]]:
    """Return row, column and code of each fault of a dry run."""
    return [(it["row"], it["column"], it["code"]) for it in reply.json()["faults"]]


async def open_invitations(services: Services) -> int:
    return await services.store[GUARDIAN_INVITATIONS].count({})


def class_id_of(name: str, school: str = SCHOOL, year: int = YEAR) -> str:
    return derived_id("class", school, str(year), name.casefold())
