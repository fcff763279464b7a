"""What people tell of themselves: kept as it may be, changed side by side, sealed, never logged."""

import json
from typing import Any

import httpx
import pytest

from api.accounts.people.dependant_repository import DependantRepository
from api.accounts.people.repository import ACCOUNTS
from api.accounts.privacy.purposes import ConsentPurpose
from api.context import Services
from api.kit.formats import day_in_vietnam
from api.kit.store import Store
from tests.accounts.families import (
    a_dependant,
    consent,
    person_id_of,
    put_paper,
    refusal,
    told,
    update_profile,
    withdraw,
)
from tests.accounts.people import MAI, MINJUN, signed_in
from tests.conftest import MovableClock, send_raw

MAI_TELLS = {"name": "Nguyễn Thị Mai", "bornOn": "1990-02-28", "language": "vi"}
NEEDS = ConsentPurpose.ACCESSIBILITY_NEEDS


async def test_a_new_account_tells_nothing(client: httpx.AsyncClient, services: Services) -> None:
    person = await signed_in(client, services)

    assert await told(client, person) == (None, None, "en", [])


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, ("Nguyễn Thị Mai", "1990-02-28", "vi")),
        ({"name": "Mai"}, ("Mai", "1990-02-28", "vi")),
        ({"name": None}, (None, "1990-02-28", "vi")),
        ({"bornOn": "1991-12-31"}, ("Nguyễn Thị Mai", "1991-12-31", "vi")),
        ({"bornOn": None}, ("Nguyễn Thị Mai", None, "vi")),
        ({"language": "zh-CN"}, ("Nguyễn Thị Mai", "1990-02-28", "zh-Hans")),
        ({"language": None}, ("Nguyễn Thị Mai", "1990-02-28", "vi")),
    ],
)
async def test_what_is_named_changes_and_the_rest_stays(
    client: httpx.AsyncClient,
    services: Services,
    changes: dict[str, Any],
    expected: tuple[Any, ...],
) -> None:
    person = await signed_in(client, services)
    await update_profile(client, person, **MAI_TELLS)

    result = await update_profile(client, person, **changes)

    assert result["__typename"] == "UpdateProfileSuccess"
    assert await told(client, person) == (*expected, [])


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Vàng   A\u00a0Páo \n", "Vàng A Páo"),
        ("Nguye\u0302\u0303n", "Nguyễn"),
        ("a" * 100, "a" * 100),
        ("ằ" * 100, "ằ" * 100),
        ("a\u0306\u0300" * 100, "ằ" * 100),
        ("O’Brien-Smith, Jr. 2", "O’Brien-Smith, Jr. 2"),
        ("김민준", "김민준"),
        ("محمد", "محمد"),
        ("李", "李"),
    ],
)
async def test_a_name_is_kept_composed(
    client: httpx.AsyncClient, services: Services, typed: str, kept: str
) -> None:
    person = await signed_in(client, services)

    result = await update_profile(client, person, name=typed)

    assert result["person"]["name"] == kept


@pytest.mark.parametrize(
    "name",
    [
        "",
        "   ",
        "a" * 101,
        "a" * 5_000,
        "ằ" * 101,
        "Mai\tLan",
        "Mai\nLan",
        "Mai\x7f",
        "Mai\u0085Lan",
        "\u202eiaM",
        "Mai\u200f",
        "Mai\u2066Lan",
        "M\u200bai",
        "Mai\ufeff",
        "Ma\u00adi",
        "Mai \U0001f338",
        "\U0001f469\u200d\U0001f469\u200d\U0001f467",
        "Mai\u2028Lan",
        "Mai\ue000",
        "Mai\uffff",
        "1990",
        "--",
        "\u0301",
    ],
)
async def test_what_is_no_name_is_refused_and_nothing_changes(
    client: httpx.AsyncClient, services: Services, name: str
) -> None:
    person = await signed_in(client, services)
    await update_profile(client, person, **MAI_TELLS)

    result = await update_profile(client, person, name=name, language="fr")

    assert refusal(result) == "INVALID_PROFILE"
    assert await told(client, person) == ("Nguyễn Thị Mai", "1990-02-28", "vi", [])


async def test_a_nul_never_gets_as_far_as_a_profile(
    client: httpx.AsyncClient, services: Services
) -> None:
    person = await signed_in(client, services)

    reply = await send_raw(
        client, "accounts/UpdateProfile", {"input": {"name": "Mai\0"}}, headers=person.headers
    )

    assert [error["extensions"]["code"] for error in reply.json()["errors"]] == ["INVALID_REQUEST"]
    assert await told(client, person) == (None, None, "en", [])


@pytest.mark.parametrize("born_on", ["2026-05-02", "2126-01-01", "1905-04-30", "0001-01-01"])
async def test_what_is_no_birth_date_of_the_living_is_refused(
    client: httpx.AsyncClient, services: Services, born_on: str
) -> None:
    person = await signed_in(client, services)
    await update_profile(client, person, **MAI_TELLS)

    result = await update_profile(client, person, bornOn=born_on)

    assert refusal(result) == "INVALID_PROFILE"
    assert await told(client, person) == ("Nguyễn Thị Mai", "1990-02-28", "vi", [])


@pytest.mark.parametrize("born_on", ["2026-05-01", "1905-05-02", "2024-02-29"])
async def test_who_is_born_today_or_120_years_old_is_welcome(
    client: httpx.AsyncClient, services: Services, born_on: str
) -> None:
    person = await signed_in(client, services)

    result = await update_profile(client, person, bornOn=born_on)

    assert result["person"]["bornOn"] == born_on


async def test_today_is_what_the_calendar_in_vietnam_says(
    client: httpx.AsyncClient, services: Services, clock: MovableClock
) -> None:
    clock.advance(hours=8)  # 17:30 UTC, half past midnight on 2 May
    person = await signed_in(client, services)

    result = await update_profile(client, person, bornOn="2026-05-02")

    assert result["person"]["bornOn"] == "2026-05-02"


@pytest.mark.parametrize("born_on", ["2025-02-29", "1990-13-01", "1990-00-10", "28.2.1990", ""])
async def test_what_is_no_date_is_the_senders_mistake(
    client: httpx.AsyncClient, services: Services, born_on: str
) -> None:
    person = await signed_in(client, services)

    reply = await send_raw(
        client,
        "accounts/UpdateProfile",
        {"input": {"bornOn": born_on}},
        headers=person.headers,
    )

    (error,) = reply.json()["errors"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert await told(client, person) == (None, None, "en", [])


async def test_a_language_we_do_not_speak_is_refused(
    client: httpx.AsyncClient, services: Services
) -> None:
    person = await signed_in(client, services)

    result = await update_profile(client, person, language="xx", name="Mai")

    assert refusal(result) == "UNKNOWN_LANGUAGE"
    assert await told(client, person) == (None, None, "en", [])


async def test_needs_are_kept_with_consent(client: httpx.AsyncClient, services: Services) -> None:
    person = await signed_in(client, services)
    await consent(services, person, NEEDS)

    result = await update_profile(client, person, needs=["WHEELCHAIR", "COMPANION", "WHEELCHAIR"])

    assert result["person"]["needs"] == ["COMPANION", "WHEELCHAIR"]


async def test_needs_without_consent_are_refused(
    client: httpx.AsyncClient, services: Services
) -> None:
    person = await signed_in(client, services)

    result = await update_profile(client, person, needs=["DEAF"], name="Mai")

    assert refusal(result) == "CONSENT_MISSING"
    assert await told(client, person) == (None, None, "en", [])


async def test_needs_go_with_the_consent_and_can_be_removed_without(
    client: httpx.AsyncClient, services: Services
) -> None:
    person = await signed_in(client, services)
    await consent(services, person, NEEDS)
    await update_profile(client, person, needs=["DEAF"], name="Mai")

    await withdraw(services, person, NEEDS)

    assert await told(client, person) == ("Mai", None, "en", [])
    assert (await update_profile(client, person, needs=None))[
        "__typename"
    ] == "UpdateProfileSuccess"


async def test_a_birth_date_must_agree_with_the_citizen_number(
    client: httpx.AsyncClient, services: Services
) -> None:
    person = await signed_in(client, services)
    await consent(services, person)
    await put_paper(client, person, "CCCD", "010190123456")

    other_year = await update_profile(client, person, bornOn="1991-02-28")
    same_year = await update_profile(client, person, bornOn="1990-02-28")

    assert refusal(other_year) == "INVALID_PROFILE"
    assert same_year["person"]["bornOn"] == "1990-02-28"


async def test_nobody_in_particular_has_no_profile(client: httpx.AsyncClient) -> None:
    assert refusal(await update_profile(client, None, name="Mai")) == "NOT_SIGNED_IN"


async def test_one_person_never_changes_another(
    client: httpx.AsyncClient, services: Services
) -> None:
    mai = await signed_in(client, services, MAI)
    minjun = await signed_in(client, services, MINJUN)

    await update_profile(client, mai, **MAI_TELLS)

    assert await told(client, minjun) == (None, None, "en", [])


async def test_a_profile_is_sealed(
    client: httpx.AsyncClient, services: Services, store: Store
) -> None:
    person = await signed_in(client, services)

    await update_profile(client, person, **MAI_TELLS)

    (document,) = await store[ACCOUNTS].find({})
    kept = json.dumps(document, default=str, ensure_ascii=False)
    assert "Nguyễn" not in kept
    assert "1990-02-28" not in kept


async def test_nothing_that_is_told_is_logged(
    client: httpx.AsyncClient, services: Services, capfd: pytest.CaptureFixture[str]
) -> None:
    person = await signed_in(client, services)
    await consent(services, person)
    await update_profile(client, person, **MAI_TELLS)
    await update_profile(client, person, name="Nguyễn\u202e", bornOn="1890-02-28")
    await put_paper(client, person, "CCCD", "010190123456")
    await put_paper(client, person, "CCCD", "010190 12345")

    captured = capfd.readouterr()
    logged = captured.out + captured.err
    assert "operation=UpdateProfile" in logged
    for secret in ("Nguyễn", "1990-02-28", "1890-02-28", "010190123456", "010190 12345"):
        assert secret not in logged


async def acts_for(
    services: Services, person_id: str, subject_id: str, clock: MovableClock
) -> bool:
    kept, today = DependantRepository(services.store, services.sealer), day_in_vietnam(clock())
    return await kept.acted_for(person_id, subject_id, today) is not None


async def test_one_acts_for_one_s_dependants_and_for_nobody_else(
    client: httpx.AsyncClient, services: Services, clock: MovableClock
) -> None:
    mother = await signed_in(client, services, MAI)
    lan = (await a_dependant(client, mother))["id"]
    mai = await person_id_of(services, mother)
    minjun = await person_id_of(services, await signed_in(client, services, MINJUN))

    others = [lan, mai, "a" * 26, "", "\x00", "\ud800"]
    assert await acts_for(services, mai, lan, clock)
    assert [await acts_for(services, minjun, one, clock) for one in others] == [False] * 6


async def test_a_child_who_comes_of_age_acts_alone(
    client: httpx.AsyncClient, services: Services, clock: MovableClock
) -> None:
    mother = await signed_in(client, services)
    teen = (await a_dependant(client, mother, bornOn="2008-05-02"))["id"]
    aunt = (await a_dependant(client, mother, bornOn="1960-01-01", relation="OTHER"))["id"]
    person = await person_id_of(services, mother)

    before = await acts_for(services, person, teen, clock)
    clock.advance(days=1)

    assert before
    assert not await acts_for(services, person, teen, clock)
    assert await acts_for(services, person, aunt, clock)
