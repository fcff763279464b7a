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
        ("fr", "je veux mourir", "115 : appelez tout de suite si votre vie ou celle d’une autre personne est en danger, et dites où vous êtes."),
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


@pytest.mark.parametrize(
    ("language", "cry", "call", "first_line"),
    [
        ("vi", "chay nha roi", "khong ai nghe may", "114: gọi lại ngay và để chuông reo, đừng vội tắt. Nếu vẫn không ai nghe máy, hãy gọi cả 112: tìm kiếm cứu nạn, miễn phí, 24/24."),
        ("vi", "cháy nhà rồi", "đường dây bận", "114: gọi lại ngay và để chuông reo, đừng vội tắt. Nếu vẫn không ai nghe máy, hãy gọi cả 112: tìm kiếm cứu nạn, miễn phí, 24/24."),
        ("en", "my friend is not breathing", "the line is busy", "115: call again now and let it ring. If nobody answers, try 112 as well: search and rescue, free, day and night."),
        ("zh-Hans", "我被抢了", "占线", "113：请立即重拨，多等一会儿，不要急着挂断。如果还是没人接，请再拨打112：搜救，免费，24小时接听。"),
        ("fr", "on est perdus en montagne", "ça ne répond pas", "112 : rappelez tout de suite et laissez sonner. Si personne ne répond, essayez le 115 (ambulance), le 114 (incendie et personnes coincées) ou le 113 (police)."),
        ("ko", "엘리베이터에 갇혔어요", "통화 중이에요", "114: 지금 바로 다시 걸고, 끊지 말고 기다리세요. 아무도 받지 않으면 112에도 전화하세요. 수색구조대이며 무료, 24시간입니다."),
        ("ja", "火事です、助けて", "話し中", "114：今すぐかけ直し、切らずにしばらく待ってください。誰も出ないときは、112にも電話してください。捜索救助で、無料、24時間です。"),
    ],
)  # fmt: skip
def test_a_number_that_does_not_answer_is_called_again_and_the_next_is_told(
    bot: RunningBot, language: str, cry: str, call: str, first_line: str
) -> None:
    bot.say(cry, language)

    assert bot.text(call, language).splitlines()[0] == first_line


@pytest.mark.parametrize(
    ("language", "cry", "told", "second_line"),
    [
        ("vi", "em khong muon song nua", "khong ai hieu em ca", "Bạn cứ viết tiếp, tôi ở đây. Lúc này hãy nhờ một người ở bên bạn. Nếu bạn lo cho người khác, hãy ở bên họ."),
        ("en", "i want to end my life", "i feel so empty", "You can go on writing, I am here. Ask somebody to be with you now. If you are worried about somebody else, stay with them."),
        ("zh-Hans", "我不想活了", "没有人理解我", "您可以继续写，我在这里。现在请找个人陪着您。如果您是在为别人担心，请陪在对方身边。"),
        ("fr", "je veux mourir", "je suis seul depuis des mois", "Vous pouvez continuer à écrire, je suis là. Demandez à quelqu’un d’être avec vous maintenant. Si vous vous inquiétez pour quelqu’un d’autre, restez à ses côtés."),
        ("ko", "자살하고 싶어", "너무 힘들어요", "계속 쓰셔도 됩니다. 저는 여기 있습니다. 지금은 누군가와 함께 계세요. 다른 사람이 걱정되신다면 그 곁에 있어 주세요."),
        ("ja", "もう死にたい", "学校に行きたくない", "このまま書き続けて大丈夫です。ここにいます。今は誰かにそばにいてもらってください。ほかの人のことが心配なときは、その人のそばにいてください。"),
    ],
)  # fmt: skip
def test_what_is_told_after_that_stays_with_the_person(
    bot: RunningBot, province: FakeProvince, language: str, cry: str, told: str, second_line: str
) -> None:
    bot.say(cry, language)

    replies = bot.say(told, language)

    assert replies[0]["text"].splitlines()[0].startswith("115")
    assert replies[0]["text"].splitlines()[1] == second_line
    assert [link["url"] for link in replies[1]["custom"]["links"]][:2] == ["tel:115", "tel:111"]
    assert province.requests == []
