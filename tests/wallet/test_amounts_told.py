"""Amounts in what the wallet refuses, as readers write them."""

import httpx
import pytest

from api.context import Services
from api.kit.errors import DomainError
from api.students.canteen.errors import AmountNotUnderstood, DailyAmountNotUnderstood
from api.wallet.errors import BalanceLimitReached, InvalidAmount
from locales import AVAILABLE, translator
from tests.accounts.people import signed_in
from tests.wallet.paying import do

REFUSALS = (InvalidAmount, BalanceLimitReached, AmountNotUnderstood, DailyAmountNotUnderstood)
GROUPED = {
    "vi": "100.000.000",
    "en": "100,000,000",
    "zh-Hans": "100,000,000",
    "fr": "100\u202f000\u202f000",
    "ko": "100,000,000",
    "ja": "100,000,000",
}


@pytest.mark.parametrize("language", AVAILABLE)
@pytest.mark.parametrize("refusal", [refusal(most=100_000_000) for refusal in REFUSALS], ids=repr)
def test_an_amount_is_grouped_in_every_language(refusal: DomainError, language: str) -> None:
    text = refusal.localized(translator(language))

    assert GROUPED[language] in text
    assert "100000000" not in text


async def test_a_refusal_of_the_contract_groups_its_amount(
    client: httpx.AsyncClient, services: Services
) -> None:
    mai = await signed_in(client, services)

    result = await do(client, "TopUp", {"amount": 100_000_001}, mai, language="vi")

    assert "100.000.000 đồng" in result["message"]
