import pytest

from api.kit.localized import best_language


@pytest.mark.parametrize(
    ("texts", "asked", "answered"),
    [
        ({"vi": "Chợ", "en": "Market", "ko": "시장"}, "ko", "ko"),
        ({"vi": "Chợ", "en": "Market"}, "ko", "en"),
        ({"vi": "Chợ", "fr": "Marché"}, "ko", "vi"),
        ({"fr": "Marché", "ja": "市場"}, "ko", "fr"),
        ({}, "ko", None),
    ],
)
def test_a_reader_gets_the_language_asked_for_then_english_then_vietnamese(
    texts: dict[str, str], asked: str, answered: str | None
) -> None:
    assert best_language(texts, asked) == answered
