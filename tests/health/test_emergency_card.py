"""The emergency card: read by whoever has its address, as long as the person wants that."""

import httpx
import pytest

from api.accounts.privacy.purposes import ConsentPurpose
from api.context import Services
from api.health.record.card_repository import EMERGENCY_CARD_READINGS, EMERGENCY_CARDS
from api.kit.ids import new_id
from api.kit.store import Store
from tests.accounts.families import a_dependant, consent, update_profile, withdraw
from tests.accounts.people import MAI, SignedInPerson, signed_in
from tests.accounts.test_leaving import leave
from tests.accounts.traces import documents_with
from tests.conftest import MovableClock
from tests.health.records import add_allergy, agreeing, do, done, record_of

CONTACT = {"contactName": "Lò Văn Dũng", "contactPhone": "0987 654 321"}


@pytest.fixture
async def mai(client: httpx.AsyncClient, services: Services) -> SignedInPerson:
    person = await agreeing(
        client, services, MAI, ConsentPurpose.HEALTH, ConsentPurpose.EMERGENCY_CARD
    )
    await update_profile(client, person, name="Nguyễn Thị Mai & Co", bornOn="1988-03-08")
    noted = {"bloodGroup": "AB", "rhesus": "NEGATIVE", "notes": "Hen suyễn"}
    await done(client, "UpdateHealthRecord", noted, person)
    await add_allergy(client, person)
    return person


async def switched_on(client: httpx.AsyncClient, person: SignedInPerson, **changes: object) -> str:
    """Switch the card on and return its address."""
    result = await done(client, "SwitchOnEmergencyCard", {**CONTACT, **changes}, person)
    return str(result["card"]["url"])


async def test_whoever_has_the_address_reads_the_card(
    client: httpx.AsyncClient, mai: SignedInPerson
) -> None:
    url = await switched_on(client, mai)

    page = await client.get(url, headers={"accept-language": "ko"})

    assert page.status_code == 200
    for text in (
        "Nguyễn Thị Mai &amp; Co",
        "<dd>1988</dd>",
        "<dd>AB Rh−</dd>",
        "<strong>Penicillin</strong>",
        "Nổi mề đay, khó thở",
        "Lò Văn Dũng",
        '<a href="tel:+84987654321">+84987654321</a>',
        '<span lang="en">Blood group</span>',
    ):
        assert text in page.text, text
    for absent in ("1988-03", "Hen suyễn", "<script", "Mai & Co", MAI):
        assert absent not in page.text, absent


async def test_labels_are_in_the_reader_s_language_vietnamese_and_english(
    client: httpx.AsyncClient, mai: SignedInPerson
) -> None:
    url = await switched_on(client, mai)

    in_korean = (await client.get(url, headers={"accept-language": "ko"})).text
    in_english = (await client.get(url, headers={"accept-language": "en"})).text

    assert in_korean.count('<span lang="ko">') == in_korean.count('<span lang="vi">')
    assert in_korean.count('<span lang="vi">') == in_korean.count('<span lang="en">') > 8
    assert in_english.count('<span lang="en">') == in_english.count('<span lang="vi">')
    assert '<html lang="ko">' in in_korean


async def test_the_page_is_kept_and_found_by_nobody(
    client: httpx.AsyncClient, mai: SignedInPerson
) -> None:
    page = await client.get(await switched_on(client, mai))

    assert page.headers["cache-control"] == "no-store"
    assert page.headers["x-robots-tag"] == "noindex, nofollow, noarchive"
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["content-security-policy"] == (
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
    )
    assert len(page.content) < 6_000


async def test_notes_stand_on_it_only_if_wanted(
    client: httpx.AsyncClient, mai: SignedInPerson
) -> None:
    url = await switched_on(client, mai)
    before = (await client.get(url)).text

    again = await switched_on(client, mai, showsNotes=True)

    assert again == url
    assert "Hen suyễn" not in before
    assert "Hen suyễn" in (await client.get(url)).text


async def test_what_was_not_told_is_said(client: httpx.AsyncClient, services: Services) -> None:
    person = await agreeing(client, services, MAI, ConsentPurpose.EMERGENCY_CARD)

    result = await done(client, "SwitchOnEmergencyCard", {}, person)
    page = await client.get(result["card"]["url"], headers={"accept-language": "en"})

    assert page.text.count('<span lang="en">Not told</span>') == 4


async def test_without_consent_there_is_no_card(
    client: httpx.AsyncClient, services: Services, store: Store
) -> None:
    person = await signed_in(client, services, MAI)

    refused = await do(client, "SwitchOnEmergencyCard", CONTACT, person)

    assert (refused["code"], refused["field"]) == ("CONSENT_MISSING", "patientId")
    assert await store[EMERGENCY_CARDS].count({}) == 0


@pytest.mark.parametrize("phone", ["12", "hello", "0912", "+84 1"])
async def test_a_number_that_nobody_can_call_is_refused(
    client: httpx.AsyncClient, store: Store, mai: SignedInPerson, phone: str
) -> None:
    refused = await do(client, "SwitchOnEmergencyCard", {"contactPhone": phone}, mai)

    assert (refused["code"], refused["field"]) == ("INVALID_RECORD", "contactPhone")
    assert await store[EMERGENCY_CARDS].count({}) == 0


async def test_switched_off_it_is_dead_at_once(
    client: httpx.AsyncClient, mai: SignedInPerson
) -> None:
    url = await switched_on(client, mai)

    await done(client, "SwitchOffEmergencyCard", {}, mai)

    dead = await client.get(url)
    never = await client.get(f"/health/emergency-card/{new_id()}")
    assert (dead.status_code, never.status_code) == (404, 404)
    assert dead.content == never.content
    assert (await record_of(client, mai))["emergencyCard"] is None


async def test_a_new_address_ends_the_old_one(
    client: httpx.AsyncClient, mai: SignedInPerson
) -> None:
    old = await switched_on(client, mai)

    rotated = await done(client, "RotateEmergencyCard", {}, mai)

    new = rotated["card"]["url"]
    assert new != old
    assert ((await client.get(old)).status_code, (await client.get(new)).status_code) == (404, 200)


async def test_a_card_that_is_off_gets_no_new_address(
    client: httpx.AsyncClient, mai: SignedInPerson
) -> None:
    assert (await do(client, "RotateEmergencyCard", {}, mai))["code"] == "NOT_FOUND"


async def test_who_withdraws_the_consent_has_no_card(
    client: httpx.AsyncClient, services: Services, mai: SignedInPerson
) -> None:
    url = await switched_on(client, mai)

    await withdraw(services, mai, ConsentPurpose.EMERGENCY_CARD)

    assert (await client.get(url)).status_code == 404
    assert len((await record_of(client, mai))["allergies"]) == 1


async def test_who_withdraws_health_data_has_a_card_without_it(
    client: httpx.AsyncClient, services: Services, mai: SignedInPerson
) -> None:
    url = await switched_on(client, mai)

    await withdraw(services, mai, ConsentPurpose.HEALTH)

    page = await client.get(url)
    assert page.status_code == 200
    assert "Penicillin" not in page.text


async def test_who_leaves_has_no_card(client: httpx.AsyncClient, mai: SignedInPerson) -> None:
    url = await switched_on(client, mai)

    await leave(client, mai)

    assert (await client.get(url)).status_code == 404


async def test_a_child_has_a_card_of_her_own(
    client: httpx.AsyncClient, services: Services, mai: SignedInPerson
) -> None:
    lan = (await a_dependant(client, mai))["id"]
    await consent(services, mai, ConsentPurpose.EMERGENCY_CARD, lan)

    url = await switched_on(client, mai, patientId=lan)

    page = await client.get(url)
    assert "Nguyễn Thị Lan" in page.text
    assert "<dd>2018</dd>" in page.text
    assert (await record_of(client, mai))["emergencyCard"] is None


async def test_each_reading_is_told_to_the_owner(
    client: httpx.AsyncClient, mai: SignedInPerson, clock: MovableClock
) -> None:
    url = await switched_on(client, mai)
    await client.get(url)
    await client.get(url)
    clock.advance(minutes=5, seconds=12)
    await client.get(url)
    await client.get(f"/health/emergency-card/{new_id()}")
    await done(client, "SwitchOffEmergencyCard", {}, mai)
    await client.get(url)

    assert (await record_of(client, mai))["emergencyCardReadAt"] == [
        "2026-05-01T09:35:00+00:00",
        "2026-05-01T09:30:00+00:00",
    ]


async def test_one_address_reads_twenty_a_minute(
    client: httpx.AsyncClient, mai: SignedInPerson, clock: MovableClock
) -> None:
    url = await switched_on(client, mai)
    for _ in range(20):
        assert (await client.get(f"/health/emergency-card/{new_id()}")).status_code == 404

    refused = await client.get(url)
    clock.advance(minutes=2)

    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) > 0
    assert (await client.get(url)).status_code == 200


@pytest.mark.parametrize("code", ["x", "%00", "a" * 300, "AAAAAAAAAAAAAAAAAAAAAAAAAA", "%F0%9F%92"])
async def test_what_is_no_code_is_answered_alike(client: httpx.AsyncClient, code: str) -> None:
    reply = await client.get(f"/health/emergency-card/{code}")
    never = await client.get(f"/health/emergency-card/{new_id()}")

    assert (reply.status_code, reply.content) == (404, never.content)


async def test_neither_code_nor_contact_is_kept_or_logged_in_clear(
    client: httpx.AsyncClient, store: Store, mai: SignedInPerson, capsys: pytest.CaptureFixture[str]
) -> None:
    url = await switched_on(client, mai)
    code = url.rpartition("/")[2]
    capsys.readouterr()

    await client.get(url)

    logged = capsys.readouterr()
    assert code not in logged.out + logged.err
    assert await documents_with(store, {code, "Lò Văn Dũng", "84987654321"}) == {}
    assert await store[EMERGENCY_CARD_READINGS].count({}) == 1
