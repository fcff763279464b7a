"""For whom a card is bought, in people's words: only who buys changes it, and never a question in passing."""

from functools import cache

import pytest
from dialogue.tasks.cards import CARDS
from dialogue.turn import Found
from gazetteer.entry import Entry
from gazetteer.lookup import build_lookup
from gazetteer.matching import Gazetteer

from tests.chatbot import card_answers as told
from tests.chatbot.dialogues import Dialogue, found
from tests.chatbot.sent_documents import CheckedProvince

CARD = found("card", "sa-pa-48h")
TWO_ADULTS, ONE_CHILD = found("person", "2:adult"), found("person", "1:child")


@cache
def gazetteer() -> Gazetteer:
    return Gazetteer([Entry(**entry) for entry in build_lookup()])


def people_in(text: str) -> list[Found]:
    return [
        Found("person", match.entry.value, match.start, match.end)
        for match in gazetteer().find(text)
        if match.entry.entity == "person"
    ]


@pytest.fixture
def talk() -> Dialogue:
    province = CheckedProvince(
        {
            "tourist_cards/CardProducts": told.on_sale(told.TWO_DAYS, told.FAMILY),
            "wallet/Wallet": told.wallet(500_000),
        }
    )
    return Dialogue(CARDS, province)


async def party_after(talk: Dialogue, text: str, intent: str = "inform") -> str:
    """Return for how many adults and children it is when a message came after "2 adults, 1 child"."""
    await talk.hear("card_buy", CARD, TWO_ADULTS, ONE_CHILD)
    await talk.tap(1)
    await talk.hear(intent, *people_in(text), text=text)
    assert talk.state.form is not None
    return str(talk.state.form.slots["people"])


@pytest.mark.parametrize(
    "text",
    [
        "just me",
        "only me",
        "just for me",
        "me",
        "no, just me",
        "chỉ mình tôi",
        "chi minh toi",
        "mình tôi thôi",
        "chỉ có tôi",
        "một mình",
        "tôi",
        "tôi thôi",
        "就我一个人",
        "只有我",
        "我自己",
        "我",
        "juste moi",
        "seulement pour moi",
        "moi seul",
        "moi",
        "저만요",
        "저 혼자요",
        "나만",
        "저요",
        "私だけ",
        "私だけです",
        "自分だけ",
        "一人です",
        "私",
    ],
)
async def test_only_me_is_one_adult_and_no_child(talk: Dialogue, text: str) -> None:
    assert await party_after(talk, text) == "1+0"


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("me and my wife", "2+0"),
        ("my wife and I", "2+0"),
        ("me, my wife and 2 kids", "2+2"),
        ("3 adults", "3+0"),
        ("no, 3 adults and 2 children", "3+2"),
        ("and one more child", "2+2"),
        ("plus 1 child", "2+2"),
        ("my mother too", "3+1"),
        ("no children", "2+0"),
        ("2 adults, no kids", "2+0"),
        ("could you make it 3 adults?", "3+0"),
        ("tôi và vợ tôi", "2+0"),
        ("vợ và tôi", "2+0"),
        ("toi va vo toi", "2+0"),
        ("3 người lớn", "3+0"),
        ("thêm 1 trẻ em", "2+2"),
        ("không có trẻ em", "2+0"),
        ("đổi thành 3 người lớn được không", "3+0"),
        ("我和我老婆", "2+0"),
        ("3个大人", "3+0"),
        ("再加一个小孩", "2+2"),
        ("没有小孩", "2+0"),
        ("改成3个大人可以吗", "3+0"),
        ("moi et ma femme", "2+0"),
        ("ma femme et moi", "2+0"),
        ("3 adultes", "3+0"),
        ("et un enfant", "2+2"),
        ("sans enfant", "2+0"),
        ("저랑 아내", "2+0"),
        ("어른 3명", "3+0"),
        ("어린이 1명 추가", "2+2"),
        ("아이는 없어요", "2+0"),
        ("私と妻", "2+0"),
        ("大人3人", "3+0"),
        ("あと子供1人", "2+2"),
        ("子供なし", "2+0"),
    ],
)
async def test_who_is_told_again_takes_the_place_of_all_but_of_those_one_adds_to(
    talk: Dialogue, text: str, people: str
) -> None:
    assert await party_after(talk, text) == people


@pytest.mark.parametrize(
    "text",
    [
        "is there a discount for children?",
        "do children need a ticket",
        "are children cheaper",
        "trẻ em có được giảm giá không",
        "tre em co duoc giam gia khong",
        "trẻ em có phải mua vé không ạ",
        "có ưu đãi cho trẻ em không?",
        "小孩有优惠吗",
        "儿童有没有折扣",
        "y a-t-il une réduction pour les enfants ?",
        "les enfants paient-ils moins cher",
        "les enfants ont-ils une réduction",
        "어린이 할인 있나요",
        "어린이 할인 있어요?",
        "子供割引はありますか",
        "子供は安くなりますか",
    ],
)
async def test_a_question_in_passing_changes_nothing(talk: Dialogue, text: str) -> None:
    assert await party_after(talk, text) == "2+1"


@pytest.mark.parametrize("text", ["please buy it for me", "mua cho tôi đi"])
async def test_who_asks_to_have_it_bought_buys_for_the_same_people(
    talk: Dialogue, text: str
) -> None:
    assert await party_after(talk, text) == "2+1"


async def test_what_is_about_something_else_tells_nobody(talk: Dialogue) -> None:
    assert await party_after(talk, "my child is hungry", "out_of_scope") == "2+1"


async def test_numbers_in_the_question_that_begins_it_are_taken(talk: Dialogue) -> None:
    text = "can I have a card for 2 adults?"

    await talk.hear("card_buy", CARD, *people_in(text), text=text)

    assert talk.state.form is not None
    assert talk.state.form.slots["people"] == "2+0"


async def test_children_in_the_question_that_begins_it_are_asked_for(talk: Dialogue) -> None:
    text = "is the card cheaper for children?"

    await talk.hear("card_buy", CARD, *people_in(text), text=text)

    assert talk.phrases == ["utter_card_for_whom"]
