"""Documents that a facility shares: the patient reads them, the desk takes back mistakes, nobody else sees any."""

from typing import Any

import httpx
import pytest

from api.accounts.privacy.purposes import ConsentPurpose
from api.context import Services
from api.health.appointments.records import AppointmentStatus
from api.health.record.document_repository import (
    BYTES_IN_A_PIECE,
    HEALTH_DOCUMENT_PIECES,
    HEALTH_DOCUMENTS,
)
from api.kit.store import Store
from tests.accounts.families import a_dependant, consent, grant, person_id_of
from tests.accounts.people import MAI, MINJUN, SignedInPerson, new_key, signed_in
from tests.accounts.traces import documents_with
from tests.conftest import MovableClock, send
from tests.health.places import ELSEWHERE, FACILITY
from tests.health.records import (
    PDF,
    Desk,
    a_desk,
    a_shared_document,
    agreeing,
    announced,
    do,
    documents_of,
    done,
    get_content,
    put_content,
    record_of,
)


@pytest.fixture
async def mai(client: httpx.AsyncClient, services: Services) -> SignedInPerson:
    return await agreeing(client, services, MAI)


@pytest.fixture
async def desk(client: httpx.AsyncClient, services: Services, mai: SignedInPerson) -> Desk:
    return await a_desk(client, services, mai)


async def audited(services: Services) -> list[tuple[str, str]]:
    page = await services.audit.entries(100, None)
    rows = [row.entry for row in page.items if row.entry is not None]
    return [(row.action, row.scope) for row in rows if row.action.startswith("health.doc")]


async def test_a_patient_reads_what_was_shared(
    client: httpx.AsyncClient, mai: SignedInPerson, desk: Desk
) -> None:
    document_id = await a_shared_document(client, desk)

    (shown,) = await documents_of(client, mai)
    assert shown == {
        "id": document_id,
        "kind": "RESULT",
        "title": "Xét nghiệm máu",
        "format": "PDF",
        "byteCount": len(PDF),
        "state": "SHARED",
        "isHidden": False,
        "sharedAt": "2026-05-01T09:30:00+00:00",
        "withdrawnAt": None,
        "contentUrl": f"http://127.0.0.1:8000/health/v1/documents/{document_id}/content",
        "facility": {"id": FACILITY, "name": {"text": "Sa Pa Regional General Hospital"}},
    }
    reply = await get_content(client, mai, document_id)
    assert (reply.status_code, reply.content) == (200, PDF)
    assert reply.headers["content-type"] == "application/pdf"
    assert reply.headers["cache-control"] == "no-store"
    assert reply.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert reply.headers["content-disposition"] == (
        f'attachment; filename="2026-05-01-{document_id[:6]}.pdf"'
    )


async def test_a_long_document_comes_back_whole(
    client: httpx.AsyncClient, store: Store, mai: SignedInPerson, desk: Desk
) -> None:
    content = b"%PDF-1.7\n" + bytes(range(256)) * 2_000 + b"\n%%EOF"
    document = await announced(client, desk, byteCount=len(content))

    await put_content(client, desk.clerk, document["id"], content)

    assert (await get_content(client, mai, document["id"])).content == content
    assert len(content) > 2 * BYTES_IN_A_PIECE
    assert await store[HEALTH_DOCUMENT_PIECES].count({}) == 3


async def test_a_dependant_s_document_is_in_their_record(
    client: httpx.AsyncClient, services: Services, mai: SignedInPerson
) -> None:
    lan = (await a_dependant(client, mai))["id"]
    await consent(services, mai, ConsentPurpose.HEALTH, lan)
    desk = await a_desk(client, services, mai, dependant_id=lan)

    document_id = await a_shared_document(client, desk)

    assert [one["id"] for one in await documents_of(client, mai, patientId=lan)] == [document_id]
    assert await documents_of(client, mai) == []
    assert (await get_content(client, mai, document_id)).status_code == 200


async def test_nobody_else_reads_it(
    client: httpx.AsyncClient, services: Services, desk: Desk
) -> None:
    minjun = await signed_in(client, services, MINJUN)
    document_id = await a_shared_document(client, desk)

    replies = [await get_content(client, one, document_id) for one in (minjun, desk.clerk, None)]

    assert [one.status_code for one in replies] == [404, 404, 401]
    assert [one.json()["code"] for one in replies] == ["NOT_FOUND", "NOT_FOUND", "NOT_SIGNED_IN"]
    for operation in ("RemoveHealthDocument", "HideHealthDocument"):
        values = {"id": document_id, **({"isHidden": True} if "Hide" in operation else {})}
        assert (await do(client, operation, values, minjun))["code"] == "NOT_FOUND"


async def test_what_waits_for_its_content_is_not_shown(
    client: httpx.AsyncClient, mai: SignedInPerson, desk: Desk
) -> None:
    document = await announced(client, desk)

    assert document["state"] == "AWAITING"
    assert await documents_of(client, mai) == []
    assert (await get_content(client, mai, document["id"])).status_code == 404
    removed = await do(client, "RemoveHealthDocument", {"id": document["id"]}, mai)
    assert removed["code"] == "NOT_FOUND"


@pytest.mark.parametrize(
    "content",
    [PDF[:-1], PDF + b" ", b"\xff\xd8\xff" + PDF[3:], b"<html>" + PDF[6:], PDF[:-7] + b"%%eof\n\n"],
)
async def test_content_that_is_not_as_announced_is_refused(
    client: httpx.AsyncClient, store: Store, mai: SignedInPerson, desk: Desk, content: bytes
) -> None:
    document = await announced(client, desk)

    reply = await put_content(client, desk.clerk, document["id"], content)

    assert (reply.status_code, reply.json()["code"]) == (422, "INVALID_DOCUMENT")
    assert await documents_of(client, mai) == []
    assert await store[HEALTH_DOCUMENT_PIECES].count({}) == 0


async def test_content_comes_once(client: httpx.AsyncClient, desk: Desk) -> None:
    document_id = await a_shared_document(client, desk)

    again = await put_content(client, desk.clerk, document_id)

    assert (again.status_code, again.json()["code"]) == (409, "DOCUMENT_CLOSED")


async def test_content_comes_within_half_an_hour(
    client: httpx.AsyncClient, services: Services, clock: MovableClock, desk: Desk
) -> None:
    document = await announced(client, desk)
    clock.advance(minutes=30)
    clerk = await signed_in(client, services, desk.clerk.address)

    late = await put_content(client, clerk, document["id"])

    assert (late.status_code, late.json()["code"]) == (409, "DOCUMENT_CLOSED")


async def test_only_who_announced_it_sends_its_content(
    client: httpx.AsyncClient, services: Services, mai: SignedInPerson, desk: Desk
) -> None:
    other = await signed_in(client, services, "other.clerk@example.com")
    await grant(services, other, f"clerk facility:{FACILITY}")
    document = await announced(client, desk)

    replies = [await put_content(client, one, document["id"]) for one in (other, mai, None)]

    assert [one.status_code for one in replies] == [404, 404, 401]


async def test_a_clerk_who_is_one_no_more_sends_nothing(
    client: httpx.AsyncClient, services: Services, mai: SignedInPerson, desk: Desk
) -> None:
    document = await announced(client, desk)
    await grant(services, desk.clerk)

    reply = await put_content(client, desk.clerk, document["id"])

    assert (reply.status_code, reply.json()["code"]) == (403, "NOT_ALLOWED")
    assert await documents_of(client, mai) == []


async def test_a_body_beyond_bounds_is_not_read(client: httpx.AsyncClient, desk: Desk) -> None:
    document = await announced(client, desk, byteCount=5_000_000)

    reply = await put_content(client, desk.clerk, document["id"], b"%PDF-" + bytes(5_000_000))

    assert (reply.status_code, reply.json()["code"]) == (413, "BODY_TOO_LARGE")


@pytest.mark.parametrize("byte_count", [0, -1, 5_000_001])
async def test_a_length_that_none_has_is_refused(
    client: httpx.AsyncClient, store: Store, desk: Desk, byte_count: int
) -> None:
    values = desk.announcement(byteCount=byte_count)

    refused = await do(client, "ShareHealthDocument", values, desk.clerk)

    assert refused["code"] == "INVALID_DOCUMENT"
    assert await store[HEALTH_DOCUMENTS].count({}) == 0


@pytest.mark.parametrize(
    "status",
    [AppointmentStatus.BOOKED, AppointmentStatus.CANCELLED, AppointmentStatus.NOSHOW],
)
async def test_who_did_not_come_gets_nothing(
    client: httpx.AsyncClient,
    services: Services,
    store: Store,
    mai: SignedInPerson,
    status: AppointmentStatus,
) -> None:
    desk = await a_desk(client, services, mai, status=status)

    refused = await do(client, "ShareHealthDocument", desk.announcement(), desk.clerk)

    assert (refused["code"], refused["field"]) == ("NOT_FOUND", "appointmentId")
    assert await store[HEALTH_DOCUMENTS].count({}) == 0


async def test_another_facility_s_appointment_is_not_there(
    client: httpx.AsyncClient, services: Services, desk: Desk
) -> None:
    other = await signed_in(client, services, "other.clerk@example.com")
    await grant(services, other, f"clerk facility:{ELSEWHERE}")

    refused = await do(
        client, "ShareHealthDocument", desk.announcement(facilityId=ELSEWHERE), other
    )
    not_theirs = await do(client, "ShareHealthDocument", desk.announcement(), other)

    assert (refused["code"], not_theirs["code"]) == ("NOT_FOUND", "NOT_ALLOWED")


async def test_who_does_not_agree_gets_nothing(
    client: httpx.AsyncClient, services: Services, store: Store
) -> None:
    minjun = await signed_in(client, services, MINJUN)
    desk = await a_desk(client, services, minjun)

    refused = await do(client, "ShareHealthDocument", desk.announcement(), desk.clerk)

    assert refused["code"] == "CONSENT_MISSING"
    assert await store[HEALTH_DOCUMENTS].count({}) == 0


async def test_an_announcement_sent_twice_is_one(
    client: httpx.AsyncClient, store: Store, desk: Desk
) -> None:
    key = new_key()

    first, again = [await announced(client, desk, idempotencyKey=key) for _ in range(2)]

    assert first == again
    assert await store[HEALTH_DOCUMENTS].count({}) == 1


async def test_an_appointment_has_twenty_documents_at_most(
    client: httpx.AsyncClient, desk: Desk
) -> None:
    for _ in range(20):
        await announced(client, desk)

    refused = await do(client, "ShareHealthDocument", desk.announcement(), desk.clerk)

    assert refused["code"] == "LIMIT_REACHED"


async def test_a_mistake_is_taken_back_at_once(
    client: httpx.AsyncClient, store: Store, mai: SignedInPerson, desk: Desk
) -> None:
    document_id = await a_shared_document(client, desk)

    values = {"facilityId": FACILITY, "id": document_id}
    first, again = [
        await done(client, "WithdrawHealthDocument", values, desk.clerk) for _ in range(2)
    ]

    (shown,) = await documents_of(client, mai)
    assert first == again
    assert (shown["state"], shown["title"], shown["contentUrl"]) == ("WITHDRAWN", "", None)
    assert (await get_content(client, mai, document_id)).status_code == 404
    assert await store[HEALTH_DOCUMENT_PIECES].count({}) == 0


async def test_only_who_shared_it_takes_it_back(
    client: httpx.AsyncClient, services: Services, mai: SignedInPerson, desk: Desk
) -> None:
    other = await signed_in(client, services, "other.clerk@example.com")
    await grant(services, other, f"clerk facility:{FACILITY}")
    document_id = await a_shared_document(client, desk)

    refused = [
        (await do(client, "WithdrawHealthDocument", {"facilityId": FACILITY, "id": it}, who))[
            "code"
        ]
        for it, who in ((document_id, other), (document_id, mai), ("x", desk.clerk))
    ]

    assert refused == ["NOT_FOUND", "NOT_ALLOWED", "NOT_FOUND"]
    assert (await get_content(client, mai, document_id)).status_code == 200


async def test_a_patient_hides_and_removes(
    client: httpx.AsyncClient, store: Store, mai: SignedInPerson, desk: Desk
) -> None:
    document_id = await a_shared_document(client, desk)

    await done(client, "HideHealthDocument", {"id": document_id, "isHidden": True}, mai)
    hidden = await documents_of(client, mai), await documents_of(client, mai, withHidden=True)
    await done(client, "HideHealthDocument", {"id": document_id, "isHidden": False}, mai)
    shown = await documents_of(client, mai)
    await done(client, "RemoveHealthDocument", {"id": document_id}, mai)

    assert [len(found) for found in (*hidden, shown)] == [0, 1, 1]
    assert await documents_of(client, mai, withHidden=True) == []
    assert await store[HEALTH_DOCUMENTS].count({}) == 0
    assert await store[HEALTH_DOCUMENT_PIECES].count({}) == 0


async def test_documents_come_in_pages_the_newest_first(
    client: httpx.AsyncClient, clock: MovableClock, mai: SignedInPerson, desk: Desk
) -> None:
    made: list[str] = []
    for _ in range(3):
        made.append(await a_shared_document(client, desk))
        clock.advance(minutes=1)

    first = (await record_of(client, mai, first=2))["documents"]
    rest = (await record_of(client, mai, first=2, after=first["pageInfo"]["endCursor"]))[
        "documents"
    ]

    ids = [edge["node"]["id"] for page in (first, rest) for edge in page["edges"]]
    assert ids == made[::-1]
    assert (first["pageInfo"]["hasNextPage"], rest["pageInfo"]["hasNextPage"]) == (True, False)


async def test_the_desk_lists_what_it_shared(client: httpx.AsyncClient, desk: Desk) -> None:
    document_id = await a_shared_document(client, desk)
    variables: dict[str, Any] = {"facilityId": FACILITY, "appointmentId": desk.appointment.id}

    data = await send(client, "health/SharedHealthDocuments", variables, headers=desk.clerk.headers)

    (found,) = data["sharedHealthDocuments"]["documents"]
    assert (found["id"], found["state"]) == (document_id, "SHARED")


async def test_everything_that_a_desk_does_is_audited(
    client: httpx.AsyncClient, services: Services, mai: SignedInPerson, desk: Desk
) -> None:
    document_id = await a_shared_document(client, desk)
    variables = {"facilityId": FACILITY, "appointmentId": desk.appointment.id}
    await send(client, "health/SharedHealthDocuments", variables, headers=desk.clerk.headers)
    withdrawn = {"facilityId": FACILITY, "id": document_id}
    await done(client, "WithdrawHealthDocument", withdrawn, desk.clerk)

    scope = f"facility:{FACILITY}"
    assert await audited(services) == [
        ("health.document.withdrawn", scope),
        ("health.documents.listed", scope),
        ("health.document.shared", scope),
        ("health.document.announced", scope),
    ]
    page = await services.audit.entries(1, None)
    entry = page.items[0].entry
    assert entry is not None
    assert entry.subject == await person_id_of(services, mai)
    assert entry.details == {"document": document_id, "kind": "result"}


async def test_titles_and_contents_are_sealed(
    client: httpx.AsyncClient, store: Store, desk: Desk
) -> None:
    await a_shared_document(client, desk)

    assert await documents_with(store, {"Xét nghiệm", "%PDF", "JVBERi0"}) == {}
