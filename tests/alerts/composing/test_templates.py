"""What ships: every hazard at every level says something whole in six languages."""

from dataclasses import replace

import pytest

from api.alerts.cap_message import Severity
from api.alerts.composing.draft import Content, Words
from api.alerts.composing.hazards import SlotKind, shipped_hazards
from api.alerts.composing.speakers import shipped_speakers
from api.context import Services
from locales import AVAILABLE
from tests.alerts.composing.officers import CONTENT, AlertDesk

LIBRARY = shipped_hazards()
VALUES = {
    SlotKind.TEXT: "QL4D",
    SlotKind.NUMBER: "8",
    SlotKind.METRES: "83.5",
    SlotKind.MILLIMETRES: "120",
    SlotKind.HOURS: "3",
    SlotKind.DEGREES: "-2",
    SlotKind.MOMENT: "2026-05-01T18:00:00+07:00",
}
EVERY = [
    (hazard.code, level.code)
    for hazard in LIBRARY.hazards.values()
    if hazard.description is not None
    for level in hazard.levels
]


def content(hazard: str, level: str) -> Content:
    slots = {slot.name: VALUES[slot.kind] for slot in LIBRARY.hazard(hazard).slots}
    return replace(CONTENT, hazard=hazard, level=level, slots=slots)


@pytest.mark.parametrize(("hazard", "level"), EVERY)
async def test_every_template_goes_out_whole_in_every_language(
    desk: AlertDesk, services: Services, hazard: str, level: str
) -> None:
    draft = await desk.compose(content(hazard, level))

    preview = await services.composing.previewing.of(draft)

    told = preview.manuscript.texts.told
    assert preview.problem is None
    assert preview.manuscript.texts.missing == ()
    assert set(told) == set(AVAILABLE)
    assert not any(
        "{" in f"{one.headline}{one.description}{one.instruction}" for one in told.values()
    )
    assert max(len(one.headline) for one in told.values()) <= 160
    assert not any(screen.is_cut for screen in preview.screens)


@pytest.mark.parametrize(
    ("language", "description"),
    [
        ("vi", "Mực nước tại QL4D là 83,5 m, ở mức báo động 3."),
        ("en", "The water at QL4D stands at 83.5 m: flood alarm 3."),
        ("ko", "QL4D의 수위는 83.5m로 홍수 경보 3단계입니다."),
    ],
)
async def test_values_are_written_as_each_language_writes_them(
    desk: AlertDesk, services: Services, language: str, description: str
) -> None:
    draft = await desk.compose(content("river-flood", "BD3"))

    manuscript = await services.composing.previewing.manuscript(draft)

    assert manuscript.texts.told[language].description.startswith(description)


@pytest.mark.parametrize(
    ("level", "colour", "severity"),
    [
        ("1", "#A6D8F0", Severity.MINOR),
        ("2", "#FFF3B0", Severity.MODERATE),
        ("3", "#F58220", Severity.SEVERE),
        ("4", "#E30613", Severity.EXTREME),
        ("5", "#7B2D8E", Severity.EXTREME),
    ],
)
def test_the_levels_of_risk_have_their_colours(level: str, colour: str, severity: Severity) -> None:
    found = LIBRARY.hazard("flash-flood").level(level)

    assert (found.colour, found.severity) == (colour, severity)


async def test_own_words_take_the_template_s_place_and_languages_without_them_are_named(
    desk: AlertDesk, services: Services
) -> None:
    words = {
        "vi": Words(instruction="Đến trường học."),
        "en": Words(instruction="Go to the school."),
    }
    draft = await desk.compose(replace(CONTENT, words=words))

    texts = (await services.composing.previewing.manuscript(draft)).texts

    assert texts.told["en"].instruction == "Go to the school."
    assert texts.told["fr"].instruction.startswith("Gagnez les hauteurs")
    assert set(texts.missing) == set(AVAILABLE) - {"vi", "en"}


async def test_a_language_of_the_mountains_can_be_added(
    desk: AlertDesk, services: Services
) -> None:
    hmong = Words("Dej nyab", "Dej tuaj ceev heev.", "Nce mus rau qhov siab.")
    draft = await desk.compose(replace(CONTENT, words={"hmn": hmong}))

    preview = await services.composing.previewing.of(draft)

    assert "<language>hmn</language>" in preview.cap
    assert preview.problem is None


async def test_the_whole_province_is_called_so(desk: AlertDesk, services: Services) -> None:
    everywhere = tuple(sorted(services.communes.codes))
    draft = await desk.compose(replace(CONTENT, communes=everywhere))

    texts = (await services.composing.previewing.manuscript(draft)).texts

    assert texts.told["vi"].headline == "Lũ quét, rủi ro cấp 3 (lớn): toàn tỉnh Lào Cai"


def test_every_speaker_has_a_sender_of_its_own() -> None:
    speakers = shipped_speakers()

    assert len({one.sender for one in speakers}) == len(speakers)
    assert all(set(one.names) == set(AVAILABLE) for one in speakers)
    assert any(one.is_on_province_duty for one in speakers)
