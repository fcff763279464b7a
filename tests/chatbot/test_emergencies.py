import pytest

from tests.chatbot.fake_province import FakeProvince
from tests.chatbot.running_bot import RunningBot


@pytest.mark.parametrize(
    ("language", "cry", "first_line"),
    [
        ("vi", "nha toi dang chay", "114: gọi ngay cảnh sát chữa cháy và cứu nạn."),
        ("en", "my friend is not breathing", "115: call an ambulance now."),
        ("zh-Hans", "我被抢了", "113：请立即报警。"),
        (
            "fr",
            "on est perdus en montagne",
            "112 : appelez tout de suite les secours, gratuit, jour et nuit.",
        ),
        ("ko", "엘리베이터에 갇혔어요", "114: 지금 바로 소방구조대에 전화하세요."),
        ("ja", "助けて", "112：今すぐ捜索救助に電話してください。無料、24時間です。"),
    ],
)
def test_the_first_line_is_the_right_number(
    bot: RunningBot, language: str, cry: str, first_line: str
) -> None:
    assert bot.text(cry, language).splitlines()[0] == first_line


def test_all_four_numbers_can_be_called_from_the_answer(bot: RunningBot) -> None:
    replies = bot.say("cháy nhà rồi", "vi")

    assert [link["url"] for link in replies[1]["custom"]["links"]] == [
        "tel:114",
        "tel:112",
        "tel:113",
        "tel:115",
    ]


@pytest.mark.parametrize(
    ("language", "cry", "first_line"),
    [
        ("vi", "em không muốn sống nữa", "115: gọi ngay nếu tính mạng của bạn hoặc của ai đó đang gặp nguy hiểm, và nói bạn đang ở đâu."),
        ("en", "i want to end my life", "115: call now if your life or somebody else's is in danger, and say where you are."),
        ("zh-Hans", "我不想活了", "115：如果您或别人有生命危险，请立即拨打，并说明您在哪里。"),
        ("fr", "je veux mourir", "115 : appelez tout de suite si votre vie ou celle de quelqu’un est en danger, et dites où vous êtes."),
        ("ko", "자살하고 싶어", "115: 본인이나 다른 사람의 생명이 위험하면 지금 바로 전화하고 어디에 있는지 말하세요."),
        ("ja", "もう死にたい", "115：あなたや誰かの命が危ないときは、今すぐ電話して、どこにいるかを伝えてください。"),
    ],
)  # fmt: skip
def test_who_wants_to_die_is_told_of_company_and_of_who_listens(
    bot: RunningBot, language: str, cry: str, first_line: str
) -> None:
    replies = bot.say(cry, language)

    assert replies[0]["text"].splitlines()[0] == first_line
    assert [link["url"] for link in replies[1]["custom"]["links"]] == [
        "tel:115",
        "tel:111",
        "tel:112",
        "tel:113",
        "tel:114",
    ]


def test_a_cry_for_help_inside_another_question_is_heard(bot: RunningBot) -> None:
    answer = bot.text("what is near Bac Ha, we had a heart attack here")

    assert answer.startswith("115:")


def test_an_emergency_needs_no_api(bot: RunningBot, province: FakeProvince) -> None:
    assert bot.text("call an ambulance").startswith("115:")
    assert province.requests == []
