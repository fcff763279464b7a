"""The sample message that ships with the product, and that the demo sends."""

import httpx
import pytest

from api.context import Services
from tests.alerts.conftest import Phones, active_identifiers
from tests.alerts.messages import BAC_HA, SA_PA, YEN_BAI
from tests.conftest import ROOT

SAMPLE = ROOT / "api" / "alerts" / "samples" / "sa_pa_flash_flood.cap.xml"


@pytest.mark.parametrize(
    ("language", "title", "body"),
    [
        ("vi", "Nguy cơ rất cao xảy ra lũ quét, sạt lở đất tại Sa Pa", "Rời ngay nhà ở ven suối"),
        ("en", "Flash flood and landslides very likely around Sa Pa", "Leave houses beside"),
        ("zh-Hans", "沙坝地区极有可能发生山洪和山体滑坡", "请立即离开溪边"),
        ("ko", "사파 일대 돌발 홍수와 산사태 위험 매우 높음", "계곡 옆, 골짜기"),
        ("ja", "Nguy cơ rất cao xảy ra lũ quét, sạt lở đất tại Sa Pa", "Rời ngay nhà ở ven suối"),
    ],
)
async def test_phones_in_sa_pa_are_told_what_to_do_in_their_language(
    services: Services, phones: Phones, language: str, title: str, body: str
) -> None:
    await phones.add("in Sa Pa", SA_PA, language=language)
    await phones.add("in Yên Bái", YEN_BAI, language=language)
    await phones.add("in Bắc Hà", BAC_HA, language=language)

    await services.alerts.import_document(SAMPLE.read_bytes(), "sample")

    told = await phones.told()
    assert set(told) == {"in Sa Pa"}
    (text,) = told["in Sa Pa"]
    assert text.title == title
    assert text.body.startswith(body)
    assert not text.body.endswith("…")


async def test_it_means_the_communes_that_it_names(
    services: Services, client: httpx.AsyncClient
) -> None:
    (outcome,) = await services.alerts.import_document(SAMPLE.read_bytes(), "sample")

    assert outcome.imported is not None
    view = await services.alerts.get(outcome.imported.id)
    assert view is not None
    assert view.bulletin.reach.homes(services.communes) == {"03006", "03013", "03037", "03046"}
    assert await active_identifiers(client, SA_PA) == ["laocai-sample-sa-pa-flash-flood"]
    assert await active_identifiers(client, YEN_BAI) == []
