"""The numbers of the state, for whoever asks."""

import httpx
import pytest

from tests.conftest import send
from tests.guide.packs.phone import ask, fetch, read


async def test_everybody_gets_the_numbers(client: httpx.AsyncClient) -> None:
    data = await send(client, "tourism/EmergencyNumbers")

    numbers = data["emergencyNumbers"]["numbers"]
    assert [(it["number"], it["url"], it["name"]) for it in numbers] == [
        ("112", "tel:112", "National search and rescue"),
        ("115", "tel:115", "Ambulance"),
        ("114", "tel:114", "Fire and rescue police"),
        ("113", "tel:113", "Police"),
        ("111", "tel:111", "National child helpline"),
    ]
    assert numbers[1]["when"] == "Somebody is badly hurt or ill."
    assert numbers[1]["callText"] == "Call 115, ambulance"


@pytest.mark.parametrize(
    ("language", "name"),
    [
        ("vi", "Tổng đài quốc gia tìm kiếm cứu nạn"),
        ("zh", "国家搜救热线"),
        ("fr", "Recherche et sauvetage (national)"),
        ("ko", "국가 수색구조 신고"),
        ("ja", "国の捜索救助"),
    ],
)
async def test_they_are_named_in_the_reader_s_language(
    client: httpx.AsyncClient, language: str, name: str
) -> None:
    data = await send(client, "tourism/EmergencyNumbers", language=language)

    assert data["emergencyNumbers"]["numbers"][0]["name"] == name


@pytest.mark.parametrize("area", [{}, {"commune": "03006"}, {"tour": "sa-pa-town"}])
async def test_every_pack_has_them(client: httpx.AsyncClient, area: dict[str, str]) -> None:
    pack = read(await fetch(client, await ask(client, **area)))

    found = [item for item in pack.items.values() if item["key"].startswith("emergency/")]

    assert {item["url"] for item in found} == {
        "tel:111",
        "tel:112",
        "tel:113",
        "tel:114",
        "tel:115",
    }
