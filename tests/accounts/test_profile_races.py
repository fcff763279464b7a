"""Changes of a profile that meet others halfway; each test has a control without the guard."""

import asyncio
from typing import Any

import httpx
import pytest

from api.accounts.identity_papers.repository import IdentityPaperRepository
from api.accounts.people.consents import NeedsRestOnConsent
from api.accounts.people.repository import ACCOUNTS, Account, AccountRepository
from api.accounts.privacy.consents import Consents
from api.accounts.privacy.purposes import ConsentPurpose
from api.context import Services
from tests.accounts.families import consent, own_papers, put_paper, told, update_profile, withdraw
from tests.accounts.people import signed_in

NEEDS = ConsentPurpose.ACCESSIBILITY_NEEDS


async def test_changes_at_the_same_moment_all_arrive(
    client: httpx.AsyncClient, services: Services
) -> None:
    person = await signed_in(client, services)
    await consent(services, person, NEEDS)
    changes: list[dict[str, Any]] = [
        {"name": "Mai"},
        {"bornOn": "1990-02-28"},
        {"language": "ko"},
        {"needs": ["BLIND"]},
    ]

    results = await asyncio.gather(
        *(update_profile(client, person, **each) for each in changes * 8)
    )

    assert {result["__typename"] for result in results} == {"UpdateProfileSuccess"}
    assert await told(client, person) == ("Mai", "1990-02-28", "ko", ["BLIND"])


async def test_without_the_guard_of_versions_changes_are_lost(
    client: httpx.AsyncClient, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control of the test above."""
    person = await signed_in(client, services)
    all_have_read = asyncio.Barrier(3)

    async def replace_whatever_is_there(accounts: AccountRepository, account: Account) -> Account:
        await all_have_read.wait()
        await services.store[ACCOUNTS].upsert(accounts._document(account))  # pyright: ignore[reportPrivateUsage]
        return account

    monkeypatch.setattr(AccountRepository, "replace", replace_whatever_is_there)
    changes: list[dict[str, Any]] = [{"name": "Mai"}, {"bornOn": "1990-02-28"}, {"language": "ko"}]
    await asyncio.gather(*(update_profile(client, person, **each) for each in changes))

    name, born_on, language, _ = await told(client, person)
    assert [name == "Mai", born_on == "1990-02-28", language == "ko"].count(True) == 1


@pytest.mark.parametrize("is_guarded", [True, False])
async def test_a_number_that_comes_between_check_and_change_is_seen(
    client: httpx.AsyncClient,
    services: Services,
    monkeypatch: pytest.MonkeyPatch,
    is_guarded: bool,
) -> None:
    """Unguarded, number and birth date both come through though they disagree."""
    person = await signed_in(client, services)
    await consent(services, person)
    birth_year_of = IdentityPaperRepository.birth_year_of

    async def find_nothing_then_put(papers: IdentityPaperRepository, subject_id: str) -> int | None:
        year = await birth_year_of(papers, subject_id)
        if year is None:
            await put_paper(client, person, "CCCD", "010190123456")
        return year

    async def hold_nothing(*_: object) -> bool:
        return True

    monkeypatch.setattr(IdentityPaperRepository, "birth_year_of", find_nothing_then_put)
    if not is_guarded:
        monkeypatch.setattr(AccountRepository, "hold", hold_nothing)
    result = await update_profile(client, person, bornOn="1991-02-28")

    _, born_on, _, _ = await told(client, person)
    assert len((await own_papers(client, person))["identityPapers"]) == 1
    assert (result["__typename"] == "AccountError") is is_guarded
    assert born_on == (None if is_guarded else "1991-02-28")


@pytest.mark.parametrize("is_guarded", [True, False])
async def test_a_consent_withdrawn_between_check_and_change_is_seen(
    client: httpx.AsyncClient,
    services: Services,
    monkeypatch: pytest.MonkeyPatch,
    is_guarded: bool,
) -> None:
    """Unguarded, needs are kept that nobody agrees to."""
    person = await signed_in(client, services)
    await consent(services, person, NEEDS)
    is_given = Consents.is_given

    async def say_yes_then_no(consents: Consents, *asked: str) -> bool:
        answer = await is_given(consents, *asked)
        await withdraw(services, person, NEEDS)
        return answer

    async def write_nothing(*_: object) -> None:
        return

    monkeypatch.setattr(Consents, "is_given", say_yes_then_no)
    if not is_guarded:
        monkeypatch.setattr(NeedsRestOnConsent, "consent_withdrawn", write_nothing)
    await update_profile(client, person, needs=["DEAF"])

    _, _, _, needs = await told(client, person)
    assert needs == ([] if is_guarded else ["DEAF"])
