"""A value stands in a warning as people write it, and never as software names its unit."""

import pytest

from api.alerts.composing.hazards import Slot, SlotKind
from api.alerts.composing.slot_values import written
from locales import AVAILABLE

MEASURED = (SlotKind.METRES, SlotKind.MILLIMETRES, SlotKind.HOURS, SlotKind.DEGREES)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("vi", "3 giờ"),
        ("en", "3 hours"),
        ("zh-Hans", "3小时"),
        ("fr", "3\u00a0heures"),
        ("ko", "3시간"),
        ("ja", "3 時間"),
    ],
)
def test_hours_are_written_out_in_each_language(language: str, text: str) -> None:
    assert written(Slot("hours", SlotKind.HOURS), "3", language) == text


@pytest.mark.parametrize("kind", MEASURED)
@pytest.mark.parametrize("language", sorted(AVAILABLE))
def test_no_unit_is_given_its_technical_name(kind: SlotKind, language: str) -> None:
    assert "-" not in written(Slot("value", kind), "3", language)
