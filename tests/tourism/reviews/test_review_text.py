"""What stands in words that people wrote: what is kept, and what a moderator is told to notice."""

import pytest

from api.tourism.reviews.errors import WordsNotPlain, WordsTooLong
from api.tourism.reviews.review_text import Notice, checked_words, notices


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("See https://example.com", {Notice.LINK}),
        ("See WWW.EXAMPLE.ORG", {Notice.LINK}),
        ("dat phong: saparoom.vn/book", {Notice.LINK}),
        ("saparoom dot com", {Notice.LINK}),
        ("saparoom[.]com", {Notice.LINK}),
        ("ｗｗｗ．ｅｘａｍｐｌｅ．ｃｏｍ", {Notice.LINK}),
        ("Write to mai@sapa", {Notice.EMAIL}),
        ("Write to mai(at)sapa", {Notice.EMAIL}),
        ("Gọi 0912345678 nhé", {Notice.PHONE}),
        ("Gọi 0912.345.678 nhé", {Notice.PHONE}),
        ("call +84 (0) 912-345-678", {Notice.PHONE}),
        ("０９１２３４５６７８", {Notice.PHONE}),
        ("zero\u200bwidth", {Notice.HIDDEN_CHARACTERS}),
        ("soft\u00adhyphen", {Notice.HIDDEN_CHARACTERS}),
        ("\u3164\u3164", {Notice.HIDDEN_CHARACTERS}),
        ("sapa\u2800room", {Notice.HIDDEN_CHARACTERS}),
        ("mai@sapa.vn 0912345678", {Notice.EMAIL, Notice.LINK, Notice.PHONE}),
    ],
)
def test_what_needs_a_careful_look_is_noticed(text: str, expected: set[Notice]) -> None:
    assert notices(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Vé 150.000 đồng, mở cửa 7:30-17:00.",
        "The cable car costs 1.000.000 VND for 2.",
        "Come at 9.30, not at 10.",
        "3143 m above the sea!",
        "We met Mai and Sung. Lovely.Go there",
        "Family 👨\u200d👩\u200d👧 liked it ❤\ufe0f",
        "Tốt. Nên đi vào tháng 9-10/2026.",
        "",
    ],
)
def test_what_people_say_of_places_is_not(text: str) -> None:
    assert notices(text, None) == frozenset()


def test_names_are_looked_at_too() -> None:
    assert notices(None, "mai.vn") == {Notice.LINK}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (None, None),
        ("", None),
        ("\u3000 \n", None),
        (" a  b\tc ", "a b c"),
        ("a\x85b\u2028c", "a b c"),
        ("a\r\nb\n\n\n\nc", "a\nb\n\nc"),
        ("Cho\u031b\u0323", "Chợ"),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
    ],
)
def test_words_are_kept_composed_and_trimmed(typed: str | None, kept: str | None) -> None:
    assert checked_words(typed, "text", 100, with_lines=True) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "\u202eevil",
        "\u2067evil",
        "\u200fevil",
        "a\x00b",
        "a\x1bb",
        "a\ud800b",
        "a\ue000b",
        "Z" + "\u0334" * 8,
    ],
)
def test_what_misleads_the_eye_is_refused(typed: str) -> None:
    with pytest.raises(WordsNotPlain):
        checked_words(typed, "text", 100, with_lines=True)


@pytest.mark.parametrize("typed", ["a" * 101, "a" * 1_000_000, "😀" * 101])
def test_too_much_is_refused(typed: str) -> None:
    with pytest.raises(WordsTooLong):
        checked_words(typed, "text", 100, with_lines=True)


def test_a_name_is_one_line() -> None:
    assert checked_words("Mai\nHoa", "displayName", 60, with_lines=False) == "Mai Hoa"
