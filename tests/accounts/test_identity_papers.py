"""Identity papers: which numbers are taken, who keeps and reads them, and that they are sealed."""

import asyncio
import json

import httpx
import pytest

from api.accounts.identity_papers.repository import IDENTITY_PAPERS
from api.context import Services
from api.kit.store import Store
from tests.accounts.families import (
    a_dependant,
    consent,
    own_papers,
    put_paper,
    refusal,
    withdraw,
)
from tests.accounts.people import MAI, MINJUN, Answer, SignedInPerson, call, signed_in
from tests.conftest import MovableClock

CITIZEN_NUMBER = "010190123456"  # Lào Cai, a woman born in 1990


@pytest.fixture
async def mai(client: httpx.AsyncClient, services: Services) -> SignedInPerson:
    """Somebody who consents to the keeping of her papers."""
    person = await signed_in(client, services, MAI)
    await consent(services, person)
    return person


async def numbers(client: httpx.AsyncClient, person: SignedInPerson) -> list[str]:
    return [paper["number"] for paper in (await own_papers(client, person))["identityPapers"]]


@pytest.mark.parametrize(
    ("kind", "typed", "kept", "masked"),
    [
        ("CCCD", CITIZEN_NUMBER, CITIZEN_NUMBER, "…456"),
        ("CCCD", " 010 190 123 456 ", CITIZEN_NUMBER, "…456"),
        ("CCCD", "010.190.123-456", CITIZEN_NUMBER, "…456"),
        ("CCCD", "０１０１９０１２３４５６", CITIZEN_NUMBER, "…456"),
        ("CCCD", "010\u00a0190\u3000123456", CITIZEN_NUMBER, "…456"),
        ("CCCD", "096006000001", "096006000001", "…001"),
        ("CCCD", "001326000001", "001326000001", "…001"),
        ("CCCD", "010304123456", "010304123456", "…456"),
        ("BHYT", "1020304050", "1020304050", "…050"),
        ("BHYT", "10 2030 4050", "1020304050", "…050"),
        ("BHYT", "HS4 10 1020304050", "HS4101020304050", "…050"),
        ("BHYT", "te1 10 1020304050", "TE1101020304050", "…050"),
        ("PASSPORT", "e12345678", "E12345678", "…678"),
        ("PASSPORT", "C 123-4567", "C1234567", "…567"),
        ("PASSPORT", "123456", "123456", "…456"),
    ],
)
async def test_a_number_is_kept_without_separators(
    client: httpx.AsyncClient, mai: SignedInPerson, kind: str, typed: str, kept: str, masked: str
) -> None:
    result = await put_paper(client, mai, kind, typed)

    registered_at = "2026-05-01T09:30:00+00:00"
    masked_paper = {"kind": kind, "maskedNumber": masked, "registeredAt": registered_at}
    assert result == {"__typename": "PutIdentityPaperSuccess", "paper": masked_paper}
    assert await own_papers(client, mai) == {
        "identityPapers": [{**masked_paper, "number": kept}],
        "dependants": [],
    }


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("CCCD", ""),
        ("CCCD", "063123456"),  # the old identity card
        ("CCCD", "01019012345"),
        ("CCCD", "0101901234567"),
        ("CCCD", "000190123456"),
        ("CCCD", "097190123456"),
        ("CCCD", "110190123456"),
        ("CCCD", "010227123456"),  # born in 2027
        ("CCCD", "010404123456"),  # born in 2104
        ("CCCD", "010004123456"),  # born in 1904
        ("CCCD", "01019012345A"),
        ("CCCD", "010190123456\u200f"),
        ("CCCD", "\u202e010190123456"),
        ("CCCD", "010\u200b190123456"),
        ("CCCD", "٠١٠١٩٠١٢٣٤٥٦"),
        ("CCCD", "010190123456" + " " * 5_000),
        ("CCCD", "0" * 5_000),
        ("BHYT", "102030405"),
        ("BHYT", "10203040501"),
        ("BHYT", "HS6101020304050"),
        ("BHYT", "H41101020304050"),
        ("BHYT", "HS4101020304O50"),
        ("BHYT", "ßS4101020304050"),
        ("PASSPORT", "E1234"),
        ("PASSPORT", "E123456789"),
        ("PASSPORT", "E1234567É"),
        ("PASSPORT", "E123_4567"),
        ("PASSPORT", "\U0001f1fb\U0001f1f31234567"),
    ],
)
async def test_what_is_no_number_is_refused_and_nothing_is_kept(
    client: httpx.AsyncClient, mai: SignedInPerson, store: Store, kind: str, typed: str
) -> None:
    result = await put_paper(client, mai, kind, typed)

    assert refusal(result) == "INVALID_IDENTITY_NUMBER"
    assert await store[IDENTITY_PAPERS].count({}) == 0


async def test_a_paper_replaces_the_one_of_its_kind(
    client: httpx.AsyncClient, mai: SignedInPerson, clock: MovableClock
) -> None:
    await put_paper(client, mai, "PASSPORT", "C1234567")
    await put_paper(client, mai, "CCCD", CITIZEN_NUMBER)
    clock.advance(minutes=1)

    await put_paper(client, mai, "PASSPORT", "C7654321")

    papers = (await own_papers(client, mai))["identityPapers"]
    assert [(paper["number"], paper["registeredAt"]) for paper in papers] == [
        (CITIZEN_NUMBER, "2026-05-01T09:30:00+00:00"),
        ("C7654321", "2026-05-01T09:31:00+00:00"),
    ]


async def test_papers_of_a_kind_put_at_once_leave_one(
    client: httpx.AsyncClient, mai: SignedInPerson, store: Store
) -> None:
    typed = [f"C{number}" for number in range(1_000_000, 1_000_010)]

    results = await asyncio.gather(*(put_paper(client, mai, "PASSPORT", each) for each in typed))

    assert {result["__typename"] for result in results} == {"PutIdentityPaperSuccess"}
    assert await store[IDENTITY_PAPERS].count({}) == 1


async def test_a_citizen_number_must_agree_with_the_birth_date(
    client: httpx.AsyncClient, mai: SignedInPerson
) -> None:
    await call(client, "UpdateProfile", {"bornOn": "1991-02-28"}, mai)

    disagreeing = await put_paper(client, mai, "CCCD", CITIZEN_NUMBER)
    agreeing = await put_paper(client, mai, "CCCD", "010191123456")

    assert refusal(disagreeing) == "INVALID_IDENTITY_NUMBER"
    assert disagreeing["message"] == (
        "This citizen identity number does not agree with the birth date that is kept."
    )
    assert agreeing["__typename"] == "PutIdentityPaperSuccess"


async def test_a_dependants_citizen_number_and_birth_date_agree(
    client: httpx.AsyncClient, services: Services, mai: SignedInPerson
) -> None:
    lan = await a_dependant(client, mai, bornOn="2018-03-05")
    await consent(services, mai, subject_id=lan["id"])

    disagreeing = await put_paper(client, mai, "CCCD", "010317000001", lan["id"])
    agreeing = await put_paper(client, mai, "CCCD", "010318000001", lan["id"])
    changed = await call(client, "UpdateDependant", {"id": lan["id"], "bornOn": "2017-03-05"}, mai)

    assert refusal(disagreeing) == "INVALID_IDENTITY_NUMBER"
    assert agreeing["paper"]["maskedNumber"] == "…001"
    assert refusal(changed) == "INVALID_PROFILE"


async def test_without_consent_nothing_is_kept(
    client: httpx.AsyncClient, services: Services, store: Store
) -> None:
    person = await signed_in(client, services)

    result = await put_paper(client, person, "CCCD", CITIZEN_NUMBER)

    assert refusal(result) == "CONSENT_MISSING"
    assert await store[IDENTITY_PAPERS].count({}) == 0


async def test_consent_for_oneself_is_none_for_a_dependant(
    client: httpx.AsyncClient, mai: SignedInPerson, store: Store
) -> None:
    lan = await a_dependant(client, mai)

    result = await put_paper(client, mai, "BHYT", "1020304050", lan["id"])

    assert refusal(result) == "CONSENT_MISSING"
    assert await store[IDENTITY_PAPERS].count({}) == 0


async def test_a_withdrawn_consent_takes_the_papers_of_its_subject_along(
    client: httpx.AsyncClient, services: Services, mai: SignedInPerson
) -> None:
    lan = await a_dependant(client, mai)
    await consent(services, mai, subject_id=lan["id"])
    await put_paper(client, mai, "BHYT", "1020304050", lan["id"])
    await put_paper(client, mai, "CCCD", CITIZEN_NUMBER)

    await withdraw(services, mai, subject_id=lan["id"])

    kept = await own_papers(client, mai)
    assert [paper["number"] for paper in kept["identityPapers"]] == [CITIZEN_NUMBER]
    assert [each["identityPapers"] for each in kept["dependants"]] == [[]]


async def test_papers_put_while_the_consent_is_withdrawn_do_not_stay(
    client: httpx.AsyncClient, services: Services, mai: SignedInPerson, store: Store
) -> None:
    puts = [put_paper(client, mai, "PASSPORT", f"C10000{number:02}") for number in range(10)]

    await asyncio.gather(*puts[:5], withdraw(services, mai), *puts[5:])

    assert await store[IDENTITY_PAPERS].count({}) == 0


async def test_a_paper_is_removed(client: httpx.AsyncClient, mai: SignedInPerson) -> None:
    await put_paper(client, mai, "CCCD", CITIZEN_NUMBER)
    await put_paper(client, mai, "PASSPORT", "C1234567")

    removed = await call(client, "RemoveIdentityPaper", {"kind": "CCCD"}, mai)
    again = await call(client, "RemoveIdentityPaper", {"kind": "CCCD"}, mai)

    assert removed == {"__typename": "RemoveIdentityPaperSuccess", "kind": "CCCD"}
    assert refusal(again) == "NOT_FOUND"
    assert await numbers(client, mai) == ["C1234567"]


async def test_nobody_in_particular_has_no_papers(client: httpx.AsyncClient) -> None:
    put = await put_paper(client, None, "CCCD", CITIZEN_NUMBER)
    removed = await call(client, "RemoveIdentityPaper", {"kind": "CCCD"})

    assert [refusal(put), refusal(removed)] == ["NOT_SIGNED_IN", "NOT_SIGNED_IN"]


async def test_other_peoples_papers_are_out_of_reach(
    client: httpx.AsyncClient, services: Services, mai: SignedInPerson, store: Store
) -> None:
    lan = await a_dependant(client, mai)
    await consent(services, mai, subject_id=lan["id"])
    await put_paper(client, mai, "BHYT", "1020304050", lan["id"])
    await put_paper(client, mai, "BHYT", "1020304051")
    minjun = await signed_in(client, services, MINJUN)
    await consent(services, minjun)
    before = await store[IDENTITY_PAPERS].find({})

    ids = [lan["id"], before[0]["person_id"], "a" * 26, "\u202e", "x" * 5_000]
    put = [await put_paper(client, minjun, "BHYT", "9999999999", each) for each in ids]
    removed = [await remove(client, minjun, each) for each in ids]

    assert [refusal(result) for result in put + removed] == ["NOT_FOUND"] * 10
    assert await own_papers(client, minjun) == {"identityPapers": [], "dependants": []}
    assert await store[IDENTITY_PAPERS].find({}) == before


async def remove(client: httpx.AsyncClient, person: SignedInPerson, subject_id: str) -> Answer:
    values = {"kind": "BHYT", "subjectId": subject_id}
    return await call(client, "RemoveIdentityPaper", values, person)


async def test_numbers_are_sealed(
    client: httpx.AsyncClient, mai: SignedInPerson, store: Store
) -> None:
    await put_paper(client, mai, "CCCD", CITIZEN_NUMBER)

    (document,) = await store[IDENTITY_PAPERS].find({})
    assert CITIZEN_NUMBER not in json.dumps(document, default=str)
    assert CITIZEN_NUMBER[-6:] not in json.dumps(document, default=str)
