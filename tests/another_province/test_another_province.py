"""The product on the pack of a small, invented province: it tells of that one, and nothing of Lào Cai."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from typing_extensions import override

from api.accounts.sign_in.messages import CODE
from api.kit.ids import new_id
from api.settings import Settings
from api.tourism.commune_cells import import_boundaries
from api.tourism.content_files import SHIPPED_CONTENT
from locales import AVAILABLE, translator
from locales.province import PROVINCE_FOLDER, province_name
from tests.system.running_product import PROCESSES, ROOT, RunningProduct

PACK = Path(__file__).with_name("pack")
OF_LAO_CAI = (
    *("Lào Cai", "Lao Cai", "LÀO CAI", "老街", "라오까이", "ラオカイ"),
    *("Sa Pa", "Sapa", "沙坝", "사파", "サパ", "Fansipan", "Bắc Hà", "Yên Bái", "QL4D"),
    *("02647", "03006", "VN-02", "laocai.example", "1022"),
)
MIDDLE = {"latitude": 15.15, "longitude": 108.125}
SA_PA = {"latitude": 22.3364, "longitude": 103.8438}
LISTS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("tourism/Communes", {"first": 20}),
    ("tourism/Places", {"first": 20}),
    ("tourism/MarketsOn", {"date": "2026-11-29", "near": MIDDLE, "first": 20}),
    ("tourism/Trails", {"first": 20}),
    ("tourism/Events", {"from": "2026-11-29", "to": "2026-12-29", "first": 20}),
    ("tourism/Roads", {}),
    ("tourism/EmergencyNumbers", {}),
    ("guide/Tours", {"first": 20}),
    ("health/Facilities", {"first": 20}),
    ("students/Schools", {"first": 20}),
    ("feedback/AgencyLeague", {"month": "2026-11"}),
    ("feedback/ReportCategories", {}),
    ("conditions/Stations", {"first": 20}),
    ("tourist_cards/CardProducts", {"first": 20}),
    ("bot/HelpCentres", {}),
)
FILES = (
    "/tourism/v1/places.geojson",
    "/tourism/v1/places.jsonld",
    "/open311/v2/services.json",
    "/cap/v1/feed",
    "/fhir/metadata",
)


class ProductOfSongMay(RunningProduct):
    def __init__(self, folder: Path, pack: Path) -> None:
        super().__init__(folder)
        self._procfile.write_text(f"api: {PROCESSES['api']}\n")
        self._pack = pack

    @property
    @override
    def environment(self) -> dict[str, str]:
        return {**super().environment, "LAOCAI_PROVINCE_FOLDER": str(self._pack)}


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ProductOfSongMay]:
    folder = tmp_path_factory.mktemp("song-may")
    pack = Path(shutil.copytree(PACK, folder / "pack"))
    table = pack / "tourism" / "commune_cells.npz"
    import_boundaries(pack / "boundaries.geojson", table, lambda _step, _done, _total: None)
    running = ProductOfSongMay(folder, pack)
    try:
        running.start()
        yield running
    finally:
        running.close()


def ask(
    product: RunningProduct, operation: str, variables: dict[str, Any], language: str = "en"
) -> tuple[dict[str, Any], str]:
    document = (ROOT / "graphql" / "operations" / f"{operation}.graphql").read_text()
    reply = product.client.post(
        "/graphql",
        json={"query": document, "variables": variables},
        headers={"accept-language": language},
    )
    body = reply.json()
    assert "errors" not in body, body
    return body["data"], reply.text


def nodes(connection: dict[str, Any]) -> list[dict[str, Any]]:
    return [edge["node"] for edge in connection["edges"]]


def told_of_lao_cai(text: str) -> list[str]:
    return [name for name in OF_LAO_CAI if name in text]


def test_what_is_looked_for_would_be_found() -> None:
    shipped = (SHIPPED_CONTENT / "places.json").read_text(encoding="utf-8")

    assert {"Lào Cai", "Sa Pa", "沙坝", "사파", "サパ", "Fansipan"} <= {*told_of_lao_cai(shipped)}


def test_a_folder_without_a_province_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match=r"give a folder that holds province\.json"):
        Settings(province_folder=tmp_path)


def test_its_own_places_and_communes_are_told(product: RunningProduct) -> None:
    communes, _ = ask(product, "tourism/Communes", {})
    places, _ = ask(product, "tourism/Places", {})
    facilities, _ = ask(product, "health/Facilities", {})

    assert {one["code"]: one["name"]["text"] for one in nodes(communes["communes"])} == {
        "98001": "May Thuong Commune",
        "98002": "May Ha Commune",
    }
    assert sorted(one["id"] for one in nodes(places["places"])) == ["S01", "S02", "S03"]
    assert [one["name"]["text"] for one in nodes(facilities["facilities"])] == ["Song May Hospital"]


def test_a_position_lies_in_its_commune_and_sa_pa_in_none(product: RunningProduct) -> None:
    here, _ = ask(product, "tourism/Commune", {"at": MIDDLE})
    there, _ = ask(product, "tourism/Commune", {"at": SA_PA})

    assert here["commune"]["code"] == "98001"
    assert there["commune"] is None


@pytest.mark.parametrize("language", AVAILABLE)
def test_no_list_tells_of_lao_cai(product: RunningProduct, language: str) -> None:
    answers = {
        operation: ask(product, operation, variables, language)[1] for operation, variables in LISTS
    }

    found = {operation: told_of_lao_cai(text) for operation, text in answers.items()}
    assert found == {operation: [] for operation in answers}


@pytest.mark.parametrize("text", ["Sa Pa", "Fansipan", "cho bac ha", "lao cai"])
def test_the_search_finds_nothing_of_lao_cai(product: RunningProduct, text: str) -> None:
    found, told = ask(product, "guide/Search", {"text": text})

    assert told_of_lao_cai(told) == []
    assert {one["id"] for one in nodes(found["search"])} <= {"S01", "S02", "S03"}


@pytest.mark.parametrize("path", FILES)
def test_no_file_tells_of_lao_cai(product: RunningProduct, path: str) -> None:
    reply = product.client.get(path)

    assert reply.status_code == 200
    assert told_of_lao_cai(reply.text) == []
    assert "Sông Mây" in reply.text


@pytest.mark.parametrize(
    ("language", "group"),
    [("en", "Province of Sông Mây"), ("zh-Hans", "云河省"), ("ja", "ソンマイ省")],
)
def test_an_answer_names_the_province(product: RunningProduct, language: str, group: str) -> None:
    reply = product.client.get("/open311/v2/services.json", headers={"accept-language": language})

    assert {service["group"] for service in reply.json()} == {group}


@pytest.mark.parametrize("language", AVAILABLE)
def test_a_code_by_sms_names_the_province(monkeypatch: pytest.MonkeyPatch, language: str) -> None:
    monkeypatch.setenv(PROVINCE_FOLDER, str(PACK))

    text = translator(language)(CODE).format(code="123456", minutes=10)

    assert province_name(language) in text
    assert told_of_lao_cai(text) == []


def test_the_desk_and_its_number_are_its_own(product: RunningProduct) -> None:
    words = {"text": "hello", "idempotencyKey": new_id()}
    begun, _ = ask(product, "bot/SendChatMessage", {"input": words})
    conversation = begun["sendChatMessage"]["conversation"]["id"]
    wish = {"conversationId": conversation, "shareConversation": False, "idempotencyKey": new_id()}

    desk, told = ask(product, "bot/TalkToPerson", {"input": wish})
    centres, _ = ask(product, "bot/HelpCentres", {"near": MIDDLE})

    assert desk["talkToPerson"]["handoff"]["deskName"] == "Song May desk"
    assert [one["phone"] for one in nodes(centres["places"])] == ["+842998765432"]
    assert told_of_lao_cai(told) == []
