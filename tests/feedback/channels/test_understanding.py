"""What the rules make of texts: measured on held-out ones, and some by hand."""

import pytest

from api.feedback.channels.records import Sentiment, Topic
from api.feedback.channels.understanding.language import language_of
from api.feedback.channels.understanding.sentiment import shipped_sentiments
from api.feedback.channels.understanding.story import (
    PLACES,
    SAME_STORY,
    bands_of,
    likeness,
    signature_of,
)
from api.feedback.channels.understanding.topic import shipped_topics
from tests.feedback.channels.measuring import held_out, moods, names, understood


def right(field: str) -> int:
    """Return of how many held-out texts the rules get a field right."""
    return sum(
        getattr(one, field) == getattr(understood(one.text), field)
        for one in held_out()
        if field != "sentiment" or one.sentiment is not None
    )


@pytest.mark.parametrize(
    ("field", "of", "at_least"),
    [("language", 139, 138), ("topic", 139, 131), ("place", 139, 137), ("sentiment", 105, 88)],
)
def test_of_held_out_texts_so_many_are_right(field: str, of: int, at_least: int) -> None:
    """The numbers are those of docs/channels.md."""
    counted = [one for one in held_out() if field != "sentiment" or one.sentiment is not None]

    assert len(counted) == of
    assert right(field) == at_least


def test_praise_is_hardly_ever_taken_for_a_complaint() -> None:
    opposite = {Sentiment.POSITIVE, Sentiment.NEGATIVE}

    turned = [
        one for one in held_out() if {one.sentiment, understood(one.text).sentiment} == opposite
    ]

    assert len(turned) == 1


def test_of_moods_of_harder_texts_fewer_are_right() -> None:
    """Short ones that praise and complain without the words for it; docs/channels.md says so."""
    found = [(understood(text).sentiment, mood) for text, mood in moods()]

    opposite = {Sentiment.POSITIVE, Sentiment.NEGATIVE}
    assert len(found) == 64
    assert sum(one is mood for one, mood in found) == 37
    assert sum({one, mood} == opposite for one, mood in found) == 5


@pytest.mark.parametrize(
    ("topic", "sentiment"),
    [(Topic.WASTE, Sentiment.NEGATIVE), (Topic.TOURISM, Sentiment.NEUTRAL)],
)
def test_a_trouble_without_a_word_of_mood_is_a_complaint(
    topic: Topic, sentiment: Sentiment
) -> None:
    found = shipped_sentiments().sentiment_of("Ba ngày nay ở chợ.", "vi", topic)

    assert found is sentiment


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Đường bị ngập.", "vi"),
        ("duong bi ngap roi", "vi"),
        ("The road is flooded.", "en"),
        ("La rue est inondée.", "fr"),
        ("道路被水淹了。", "zh-Hans"),
        ("도로가 침수되었습니다.", "ko"),
        ("道路が冠水しました。", "ja"),
        ("Khách sạn ở 沙坝 rất đẹp và sạch sẽ.", "vi"),
        ("", None),
        ("12345 !!!", None),
    ],
)
def test_languages_are_told_apart(text: str, language: str | None) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize(
    ("text", "language", "sentiment"),
    [
        ("Phòng sạch, chủ nhà thân thiện.", "vi", Sentiment.POSITIVE),
        ("Phòng không sạch.", "vi", Sentiment.NEGATIVE),
        ("phong khong sach", "vi", Sentiment.NEGATIVE),
        ("Đường không bị ngập nữa.", "vi", Sentiment.POSITIVE),
        ("Tôi đọc sách.", "vi", Sentiment.NEUTRAL),
        ("The room was not clean.", "en", Sentiment.NEGATIVE),
        ("It wasn't bad.", "en", Sentiment.POSITIVE),
        ("A meeting is held on Monday.", "en", Sentiment.NEUTRAL),
        ("很好", "zh-Hans", None),
    ],
)
def test_moods_are_turned_by_negations(
    text: str, language: str, sentiment: Sentiment | None
) -> None:
    assert shipped_sentiments().sentiment_of(text, language, Topic.OTHER) is sentiment


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Chợ phiên xã Bắc Hà đông vui", "02839"),
        ("cho phien bac ha dong vui", "02839"),
        ("#sapa đẹp quá", "03006"),
        ("Ngập ở huyện Bát Xát cũ", "huyen-bat-xat"),
        ("Sạt lở ở Bát Xát", "02683"),
        ("Tỉnh Lào Cai họp báo", None),
        ("Ngập ở phường Lào Cai", "02647"),
        ("Gia đình hạnh phúc", None),
        ("Xã Hạnh Phúc có đường mới", "04585"),
        ("Ngập ở Cốc Lếu", "02647"),
        ("bàn cốc lếu tếu", None),
        ("Thung lũng Mường Hoa mùa lúa chín", "03037"),
        ("沙坝下雪了", "03006"),
        ("Không có nơi nào", None),
    ],
)
def test_places_are_found_by_their_longest_name(text: str, place: str | None) -> None:
    found = names().place_in(text)

    assert (found.key if found else None) == place


def test_a_former_district_stands_for_the_communes_in_it() -> None:
    found = names().place_in("Huyện Si Ma Cai")

    assert found is not None
    assert found.commune_codes == ("02809", "02824")


def test_what_is_of_no_topic_is_other() -> None:
    assert shipped_topics().topic_of("Chào cả nhà") is Topic.OTHER


STORY = (
    "Sạt lở đất tại xã Phình Hồ khiến hai ngôi nhà bị vùi lấp, lực lượng chức năng đang tìm kiếm"
    " người mất tích và di dời mười hộ dân đến nơi an toàn trong đêm."
)


def test_the_same_story_is_alike_whatever_case_and_marks() -> None:
    one, other = signature_of(STORY), signature_of(STORY.upper() + "!!!")

    assert len(one) == PLACES
    assert likeness(one, other) == 1.0


def test_a_story_with_a_few_words_changed_is_the_same_story() -> None:
    changed = STORY.replace("hai ngôi nhà", "2 căn nhà").replace(" trong đêm", "")

    assert likeness(signature_of(STORY), signature_of(changed)) >= SAME_STORY
    assert set(bands_of(signature_of(STORY))) & set(bands_of(signature_of(changed)))


def test_another_story_is_not_alike() -> None:
    other = "Lễ hội mùa thu ở Bắc Hà thu hút hàng nghìn du khách tới xem đua ngựa và chợ phiên."

    assert likeness(signature_of(STORY), signature_of(other)) < 0.1


def test_a_greeting_is_alike_to_nothing() -> None:
    assert signature_of("Chào cả nhà, chúc một ngày vui") == ()
    assert likeness((), ()) == 0.0


def test_signatures_stay_as_they_were_kept() -> None:
    assert signature_of("một hai ba bốn năm sáu bảy tám chín mười")[:3] == (
        6001721,
        45852809,
        71200551,
    )
