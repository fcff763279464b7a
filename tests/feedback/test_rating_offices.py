"""Rating by the code at a desk, and what its clerks do with the code."""

import asyncio
from datetime import UTC, datetime

import httpx
import pytest

from api.accounts.caller import Caller
from api.accounts.errors import DeviceNotFound, NotAllowed
from api.context import Services
from api.feedback.errors import FeedbackProblem
from api.feedback.satisfaction.desk import keeping_codes
from api.feedback.satisfaction.errors import (
    InvalidReasons,
    OfficeCodeChanged,
    OfficeCodeNotFound,
    OwnOffice,
    RatedToday,
    TooManyOfficeCodes,
    TooManyRatings,
)
from api.feedback.satisfaction.office_codes.office_code import OfficeCode
from api.feedback.satisfaction.office_codes.rating_offices import BY_ONE_DEVICE, FROM_ONE_ADDRESS
from api.feedback.satisfaction.office_codes.repository import OFFICE_CODES, RatingTurns
from api.feedback.satisfaction.records import Grade, Reason
from api.kit.audit_log import AUDIT_ROWS
from tests.accounts.families import caller_of
from tests.accounts.people import Answer, call, new_key, signed_in
from tests.conftest import MovableClock
from tests.feedback.rating import (
    HOSPITAL,
    WARD,
    a_clerk_of,
    a_code,
    a_person,
    an_office_code,
    counts,
    devices,
    gives,
    rated,
    said,
    scans,
)
from tests.feedback.reporting import SA_PA_WARD, a_clerk, a_device, ask, do

AT_THE_WARD = f"{WARD} 2026-05 office_code"
ONE = {AT_THE_WARD: {"total": 1, "grades.satisfied": 1}}


@pytest.fixture
async def device(client: httpx.AsyncClient) -> Answer:
    return await a_device(client)


@pytest.fixture
async def code(services: Services) -> OfficeCode:
    return await a_code(services)


def text_of(services: Services, code: OfficeCode) -> str:
    return services.feedback.satisfaction.proofs.text(code)


async def test_a_scanned_code_counts_for_its_office(services: Services, device: Answer) -> None:
    scanned = await an_office_code(services)

    rating = await scans(services, device, scanned, said(Grade.NEUTRAL, Reason.PAPERWORK))

    assert await counts(services) == {
        AT_THE_WARD: {"total": 1, "grades.neutral": 1, "criticised.paperwork": 1}
    }
    assert (rating.office, rating.rater and rating.rater.key) == (WARD, f"device:{device['id']}")


async def test_a_device_rates_an_office_once_a_day_in_vietnam(
    services: Services, device: Answer, clock: MovableClock
) -> None:
    clock.now = datetime(2026, 5, 1, 16, 59, 59, 999000, tzinfo=UTC)
    scanned, other_desk = await an_office_code(services), await an_office_code(services)
    await scans(services, device, scanned, said())

    for text in (scanned, other_desk):
        with pytest.raises(RatedToday):
            await scans(services, device, text, said(Grade.DISSATISFIED))
    assert await counts(services) == ONE
    clock.advance(milliseconds=1)
    await scans(services, device, scanned, said())

    assert await counts(services) == {AT_THE_WARD: {"total": 2, "grades.satisfied": 2}}


async def test_another_office_may_be_rated_on_the_same_day(
    services: Services, device: Answer
) -> None:
    hospital = text_of(services, await a_code(services, HOSPITAL))
    await scans(services, device, await an_office_code(services), said())

    await scans(services, device, hospital, said())

    assert sorted(await counts(services)) == [AT_THE_WARD, f"{HOSPITAL} 2026-05 office_code"]


async def test_a_person_rates_once_a_day_with_however_many_devices(
    client: httpx.AsyncClient, services: Services
) -> None:
    first, second = await devices(client, 2)
    scanned, caller = await an_office_code(services), await a_person(services)
    await scans(services, first, scanned, said(), caller=caller)

    with pytest.raises(RatedToday):
        await scans(services, second, scanned, said(), caller=caller)

    assert await counts(services) == ONE


async def test_a_device_stands_for_whoever_is_signed_in_on_it(
    client: httpx.AsyncClient, services: Services, device: Answer
) -> None:
    mai = await signed_in(client, services)
    await call(client, "LinkDevice", {**device, "idempotencyKey": new_key()}, mai)
    caller = await caller_of(services, mai)
    scanned, other = await an_office_code(services), await a_device(client, "other")

    rating = await scans(services, device, scanned, said())
    with pytest.raises(RatedToday):
        await scans(services, other, scanned, said(), caller=caller)

    assert rating.rater is not None
    assert rating.rater.person_id == caller.person()
    assert await counts(services) == ONE


async def test_it_is_changed_like_every_other(services: Services, device: Answer) -> None:
    caller = await a_person(services)
    rating = await scans(services, device, await an_office_code(services), said(), caller=caller)

    await gives(services, caller, rating.id, said(Grade.DISSATISFIED))

    assert await counts(services) == {AT_THE_WARD: {"total": 1, "grades.dissatisfied": 1}}


async def test_the_same_key_counts_once(services: Services, device: Answer) -> None:
    scanned, key = await an_office_code(services), new_key()

    first, again = [await scans(services, device, scanned, said(), key=key) for _ in range(2)]

    assert first == again
    assert await counts(services) == ONE


async def test_who_works_there_does_not_rate_it(services: Services, device: Answer) -> None:
    scanned, clerk = await an_office_code(services), await a_clerk_of(services)

    with pytest.raises(OwnOffice):
        await scans(services, device, scanned, said(), caller=clerk)

    assert await counts(services) == {}


async def test_a_clerk_s_own_phone_does_not_either(
    client: httpx.AsyncClient, services: Services, device: Answer
) -> None:
    clerk = await a_clerk(client, services)
    await call(client, "LinkDevice", {**device, "idempotencyKey": new_key()}, clerk)

    with pytest.raises(OwnOffice):
        await scans(services, device, await an_office_code(services), said())

    assert await counts(services) == {}


async def test_a_device_that_is_not_registered_rates_nothing(
    services: Services, device: Answer
) -> None:
    scanned = await an_office_code(services)

    for wrong in ({**device, "secret": "0" * 64}, {"id": "a" * 26, "secret": device["secret"]}):
        with pytest.raises(DeviceNotFound):
            await scans(services, wrong, scanned, said())

    assert await counts(services) == {}


async def test_a_code_that_is_forged_replaced_or_taken_back_rates_nothing(
    services: Services, device: Answer, code: OfficeCode
) -> None:
    clerk, keeping = await a_clerk_of(services), services.feedback.satisfaction.keeping_codes
    gone = await a_code(services, label="Quầy 2")
    await keeping.replace(clerk, WARD, code.id, 1, new_key())
    await keeping.revoke(clerk, WARD, gone.id, 1, new_key())
    first, second = text_of(services, code), text_of(services, gone)

    for text in (first, second, first.replace(".1.", ".2."), first[:-1], "LCRO1", ""):
        with pytest.raises(OfficeCodeNotFound):
            await scans(services, device, text, said())

    assert await counts(services) == {}


async def test_what_replaced_it_holds(services: Services, device: Answer, code: OfficeCode) -> None:
    clerk, keeping = await a_clerk_of(services), services.feedback.satisfaction.keeping_codes

    anew = await keeping.replace(clerk, WARD, code.id, 1, new_key())
    await scans(services, device, text_of(services, anew), said())

    assert (anew.version, await counts(services)) == (2, ONE)


async def test_a_refused_rating_leaves_the_day_s_turn(services: Services, device: Answer) -> None:
    scanned = await an_office_code(services)
    with pytest.raises(InvalidReasons):
        await scans(services, device, scanned, said(Grade.SATISFIED, Reason.SPEED))

    await scans(services, device, scanned, said())

    assert await counts(services) == ONE


async def test_a_farm_of_devices_behind_one_address_comes_to_an_end(
    client: httpx.AsyncClient, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "api.feedback.satisfaction.office_codes.rating_offices.FROM_ONE_ADDRESS",
        type(FROM_ONE_ADDRESS)(2, 24 * 3600),
    )
    farm, scanned = await devices(client, 3), await an_office_code(services)
    for one in farm[:2]:
        await scans(services, one, scanned, said(), address="203.0.113.7")

    with pytest.raises(TooManyRatings) as refused:
        await scans(services, farm[2], scanned, said(), address="203.0.113.7")
    await scans(services, farm[2], scanned, said(), address="203.0.113.8")

    assert 0 < (refused.value.retry_after_seconds or 0) <= 24 * 3600 + 1
    assert await counts(services) == {AT_THE_WARD: {"total": 3, "grades.satisfied": 3}}


async def test_who_rates_again_and_again_uses_up_nothing_of_others(
    client: httpx.AsyncClient, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "api.feedback.satisfaction.office_codes.rating_offices.FROM_ONE_ADDRESS",
        type(FROM_ONE_ADDRESS)(2, 24 * 3600),
    )
    (insisting, other), scanned = await devices(client, 2), await an_office_code(services)
    await scans(services, insisting, scanned, said(), address="203.0.113.7")
    for _ in range(3):
        with pytest.raises(RatedToday):
            await scans(services, insisting, scanned, said(), address="203.0.113.7")

    await scans(services, other, scanned, said(), address="203.0.113.7")

    assert await counts(services) == {AT_THE_WARD: {"total": 2, "grades.satisfied": 2}}


def test_the_limits_are_what_the_guide_says() -> None:
    assert (FROM_ONE_ADDRESS.times, BY_ONE_DEVICE.times) == (60, 10)


async def test_of_two_scans_at_once_one_counts(services: Services, device: Answer) -> None:
    scanned = await an_office_code(services)

    outcomes = await asyncio.gather(
        *(scans(services, device, scanned, said()) for _ in range(2)), return_exceptions=True
    )

    assert sorted(type(one).__name__ for one in outcomes) == ["RatedToday", "Rating"]
    assert await counts(services) == ONE


async def test_without_turns_both_would_count(
    services: Services, device: Answer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def careless(*_: object) -> bool:
        return True

    monkeypatch.setattr(RatingTurns, "take", careless)
    scanned = await an_office_code(services)

    await asyncio.gather(*(scans(services, device, scanned, said()) for _ in range(2)))

    assert await counts(services) == {AT_THE_WARD: {"total": 2, "grades.satisfied": 2}}


async def test_clerks_make_replace_and_take_back_codes(
    client: httpx.AsyncClient, services: Services
) -> None:
    clerk = await a_clerk(client, services)
    office = {"office": {"kind": "AGENCY", "id": SA_PA_WARD}}

    made = await do(
        client,
        "CreateOfficeCode",
        {**office, "label": "Quầy hộ tịch", "idempotencyKey": new_key()},
        clerk,
    )
    first = made["officeCode"]
    named = {**office, "id": first["id"], "version": 1}
    replaced = await do(client, "ReplaceOfficeCode", {**named, "idempotencyKey": new_key()}, clerk)
    stale = await do(client, "ReplaceOfficeCode", {**named, "idempotencyKey": new_key()}, clerk)
    listed = await ask(client, "OfficeCodes", office, clerk)
    revoked = await do(
        client,
        "RevokeOfficeCode",
        {**named, "version": 2, "idempotencyKey": new_key()},
        clerk,
    )

    assert (first["number"], first["label"], first["version"]) == (1, "Quầy hộ tịch", 1)
    assert first["svg"].startswith("<svg")
    assert first["code"].startswith(f"LCRO1.{first['id']}.1.")
    assert replaced["officeCode"]["code"].startswith(f"LCRO1.{first['id']}.2.")
    assert stale["code"] == "OFFICE_CODE_CHANGED"
    assert listed == {"codes": [replaced["officeCode"]]}
    assert (revoked["officeCode"]["code"], revoked["officeCode"]["svg"]) == (None, None)
    assert await ask(client, "OfficeCodes", office, clerk) == {"codes": []}
    rows = await services.store[AUDIT_ROWS].find({"subject": first["id"]}, sort=[("_id", 1)])
    assert [(row["action"], row["scope"], row["details"]) for row in rows] == [
        ("office_code.create", str(WARD), {"version": 1}),
        ("office_code.replace", str(WARD), {"version": 2}),
        ("office_code.revoke", str(WARD), {"version": 2}),
    ]


async def test_clerks_elsewhere_cannot_touch_a_code(services: Services, code: OfficeCode) -> None:
    elsewhere, keeping = await a_clerk_of(services, HOSPITAL), services.feedback.satisfaction
    before = await services.store[OFFICE_CODES].find({})

    with pytest.raises(NotAllowed):
        await keeping.keeping_codes.replace(elsewhere, WARD, code.id, 1, new_key())
    with pytest.raises(OfficeCodeChanged):
        await keeping.keeping_codes.revoke(elsewhere, HOSPITAL, code.id, 1, new_key())

    assert await services.store[OFFICE_CODES].find({}) == before


async def test_a_role_that_was_taken_back_makes_no_code(services: Services) -> None:
    person = await a_person(services)
    clerk = Caller(person.person(), grants=(await a_clerk_of(services)).grants)

    with pytest.raises(NotAllowed):
        await services.feedback.satisfaction.keeping_codes.create(clerk, WARD, "Q", new_key())

    assert await services.store[OFFICE_CODES].count({}) == 0


async def test_an_office_has_so_many_codes_and_a_free_number_is_given_again(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping_codes, "CODES_AT_MOST", 2)
    clerk, keeping = await a_clerk_of(services), services.feedback.satisfaction.keeping_codes

    async def make() -> int | str:
        try:
            return (await keeping.create(clerk, WARD, "Quầy", new_key())).number
        except FeedbackProblem as refusal:
            return type(refusal).__name__

    made = await asyncio.gather(*(make() for _ in range(3)))
    first = (await keeping.of(clerk, WARD))[0]
    await keeping.revoke(clerk, WARD, first.id, 1, new_key())

    assert sorted(made, key=str) == [1, 2, TooManyOfficeCodes.__name__]
    assert await make() == 1


async def test_of_two_who_replace_a_code_one_is_told(services: Services, code: OfficeCode) -> None:
    keeping = services.feedback.satisfaction.keeping_codes
    clerks = [await a_clerk_of(services) for _ in range(2)]

    outcomes = await asyncio.gather(
        *(keeping.replace(clerk, WARD, code.id, 1, new_key()) for clerk in clerks),
        return_exceptions=True,
    )

    assert sorted(type(one).__name__ for one in outcomes) == ["OfficeCode", "OfficeCodeChanged"]


async def test_what_an_app_sends(
    client: httpx.AsyncClient, services: Services, device: Answer
) -> None:
    scanned = await an_office_code(services)

    given = await rated(
        client, "RateOffice", None, code=scanned, device=device, grade="VERY_SATISFIED"
    )

    assert (given["kind"], given["office"]["id"], given["appointmentId"]) == (
        "OFFICE",
        SA_PA_WARD,
        None,
    )
