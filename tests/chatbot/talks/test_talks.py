"""What people say to the real bot through GraphQL, in seven ways of writing, and what they must hear.

Nobody here is signed in, and nothing is done: corrections, "that one", other languages, interruptions, emergencies.
"""

from datetime import date, datetime, timedelta, timezone

import pytest
from dialogue import formats

from tests.chatbot.talks.conftest import Talking
from tests.chatbot.talks.script import (
    Step,
    begins_with,
    calls,
    hears,
    hears_nothing_of,
    may,
    play,
    says,
    shares_position,
    taps,
)
from tests.chatbot.talks.talker import Talker

VIETNAM = timezone(timedelta(hours=7))
SATURDAY, SUNDAY, TUESDAY = 5, 6, 1


def coming(weekday: int, language: str) -> str:
    """Return the coming such day, today included, as the bot writes it."""
    today = datetime.now(VIETNAM).date()
    day: date = today + timedelta(days=(weekday - today.weekday()) % 7)
    return formats.day(day, language)


def hears_when_bac_ha_meets(talker: Talker) -> None:
    """Expect the day that is coming as this is played."""
    talker.hears("Chợ Bắc Hà họp vào Chủ Nhật", coming(SUNDAY, "vi"))


TALKS: dict[str, tuple[str, tuple[Step, ...]]] = {
    "a day is corrected, en": (
        "en",
        (
            says("Which markets are on Sunday?"),
            hears("Markets on Sunday", "Bac Ha market"),
            says("no, on Saturday"),
            hears("Markets on Saturday", "Can Cau market"),
        ),
    ),
    "a day is corrected, vi": (
        "vi",
        (
            says("chủ nhật có chợ nào họp"),
            hears("Chợ Bắc Hà"),
            says("à không, thứ bảy"),
            hears("Thứ Bảy", "Chợ Cán Cấu"),
        ),
    ),
    "a day is corrected, vi without marks": (
        "vi",
        (
            says("chu nhat co cho nao hop"),
            hears("Chợ Bắc Hà"),
            says("khong, thu bay"),
            hears("Thứ Bảy", "Chợ Cán Cấu"),
        ),
    ),
    "a day is corrected, zh-Hans": (
        "zh-Hans",
        (
            says("星期天有哪些集市"),
            hears("星期日的集市", "北河集市"),
            says("不对，星期六"),
            hears("星期六的集市"),
            hears_nothing_of("北河集市"),
        ),
    ),
    "a day is corrected, fr": (
        "fr",
        (
            says("Quels marchés y a-t-il dimanche ?"),
            hears("Marchés du dimanche", "Marché de Bac Ha"),
            says("et samedi ?"),
            hears("Marchés du samedi", "Marché de Can Cau"),
        ),
    ),
    "a day is corrected, ko": (
        "ko",
        (
            says("일요일에 열리는 시장은 어디예요?"),
            hears("일요일", "박하 시장"),
            says("아니요, 토요일이요"),
            hears("토요일"),
            hears_nothing_of("박하 시장"),
        ),
    ),
    "a day is corrected, ja": (
        "ja",
        (
            says("日曜日に開かれる市場はどこですか"),
            hears("日曜日の市場", "バックハー市場"),
            says("土曜日は？"),
            hears("土曜日の市場"),
            hears_nothing_of("バックハー市場"),
        ),
    ),
    "what is there, en": (
        "en",
        (
            says("tell me about Silver Waterfall"),
            hears("About Silver Waterfall:"),
            says("what is near it?"),
            hears("Near Silver Waterfall:", "Love Waterfall"),
            says("is the road there open?"),
            hears("on roads around Silver Waterfall"),
            says("any weather warnings there?"),
            hears("for Silver Waterfall"),
        ),
    ),
    "what is there, vi without marks": (
        "vi",
        (
            says("cho bac ha hop ngay nao"),
            hears_when_bac_ha_meets,
            says("gan do co gi"),
            hears("Gần Chợ Bắc Hà"),
        ),
    ),
    "what is there, zh-Hans": (
        "zh-Hans",
        (
            says("北河集市什么时候开"),
            hears("北河集市"),
            says("它附近有什么"),
            hears("北河集市附近："),
            says("那附近有瀑布吗"),
            hears("北河集市周围"),
        ),
    ),
    "what is there, fr": (
        "fr",
        (
            says("où est la cascade d'Argent ?", "et à côté il y a quoi ?"),
            hears("À proximité (Cascade d’Argent)"),
            says("comment sont les routes là-bas ?"),
            hears("autour de ce lieu", "Cascade d’Argent"),
        ),
    ),
    "what is there, ko": (
        "ko",
        (
            says("반호 마을 알려줘"),
            hears("반호 마을 안내:"),
            says("거기 날씨 경보 있어?"),
            hears("반호 마을에 발효 중인 경보가 없습니다"),
            says("그 근처에 뭐가 있어?"),
            hears("반호 마을 근처:"),
        ),
    ),
    "what is there, ja": (
        "ja",
        (
            says("ファンシーパンについて教えて"),
            hears("ファンシーパン山について："),
            says("そこの近くに何がありますか"),
            hears("ファンシーパン山の近く："),
        ),
    ),
    "the second, the first": (
        "en",
        (
            says("which markets are on Sunday?"),
            hears("Bac Ha market", "Muong Hum market"),
            says("where is the second?"),
            hears("Muong Hum market meets on Sunday"),
        ),
    ),
    "prices of cards are told once, en": (
        "en",
        (
            says("how much does a tourist card cost?"),
            hears("tourist cards are on sale"),
            says("thanks"),
            hears_nothing_of("tourist cards are on sale"),
            says("how much does a tourist card cost?"),
            says("no"),
            hears("All right, I leave it."),
        ),
    ),
    "to sign in is said once, en": (
        "en",
        (
            says("I want to book an appointment"),
            hears("sign in in the app"),
            says("tell me about Fansipan"),
            hears("Fansipan"),
            hears_nothing_of("sign in in the app"),
            says("thanks"),
            hears_nothing_of("sign in in the app"),
        ),
    ),
    "the second hospital of the list": (
        "en",
        (
            shares_position,
            says("which hospitals are near me?"),
            hears("nearest to you", "Sa Pa Regional General Hospital"),
            says("tell me about the first hospital"),
            hears("Sa Pa Regional General Hospital:", "regional hospital"),
        ),
    ),
    "another language in the middle": (
        "ja",
        (
            says("サパの観光カードを買いたい"),
            taps(1),
            says("大人2人"),
            hears("バックハー週末カード", "合計：₫200,000"),
            says("ベトナム語で話して"),
            hears("Chúng ta tiếp tục bằng tiếng Việt.", "Tổng cộng: 200.000 ₫"),
            says("khong, 3 nguoi lon"),
            hears("số thẻ: 3", "Tổng cộng: 300.000 ₫"),
        ),
    ),
    "another language for good": (
        "zh-Hans",
        (
            says("星期天有哪些集市", "请说英语"),
            hears("We go on in English."),
            says("and on Saturday?"),
            hears("Markets on Saturday"),
        ),
    ),
    "a question in the middle of a form": (
        "fr",
        (
            says("je veux acheter la carte Sa Pa 24 heures"),
            hears("Pour combien d’adultes et combien d’enfants ?"),
            says("quels marchés y a-t-il dimanche ?"),
            hears("Marchés du dimanche", "Pour combien d’adultes et combien d’enfants ?"),
            says("2 adultes"),
            hears("Total : 300 000 ₫"),
        ),
    ),
    "people of a card are corrected": (
        "vi",
        (
            says("tôi muốn mua thẻ du lịch Sa Pa 48 giờ cho 2 người lớn"),
            hears("2 người lớn", "Tổng cộng: 440.000 ₫"),
            says("không, 3 người lớn"),
            hears("3 người lớn", "Tổng cộng: 660.000 ₫", "hãy đăng nhập"),
        ),
    ),
    "an emergency in a form, vi without marks": (
        "vi",
        (
            says("tôi muốn mua thẻ du lịch Sa Pa 48 giờ cho 2 người lớn"),
            says("troi oi chay nha roi"),
            begins_with("114:"),
            calls("114"),
            may("RAISE_SOS"),
            says("cảm ơn"),
            hears("gọi 112 ngay", "Mua thẻ du lịch", "Tiếp tục nhé?"),
            says("co"),
            hears("Tổng cộng: 440.000 ₫"),
        ),
    ),
    "an emergency in a form, en": (
        "en",
        (
            says("I want to buy the Sa Pa 48 hour card"),
            hears("For how many adults"),
            says("my friend is not breathing"),
            begins_with("115: call an ambulance now."),
            calls("115"),
            says("no"),
            hears("call 112 at once", "Shall we go on with it?"),
            says("yes"),
            hears("For how many adults"),
        ),
    ),
    "an emergency in a form, ko": (
        "ko",
        (
            says("사파 48시간 카드를 사고 싶어요"),
            says("집에 불이 났어요"),
            begins_with("114:"),
            says("아니요"),
            hears("관광 카드 구매"),
            says("아니요"),
            hears("그만두겠습니다"),
        ),
    ),
    "an emergency, ja": (
        "ja",
        (
            says("日曜日に開かれる市場はどこですか", "火事です、助けて"),
            begins_with("114："),
            may("RAISE_SOS"),
            says("いいえ"),
            hears("すぐに112に電話してください"),
        ),
    ),
    "an emergency, zh-Hans": (
        "zh-Hans",
        (
            says("你好", "我被抢了"),
            begins_with("113：请立即报警。"),
            calls("113"),
            says("不用", "星期天有哪些集市"),
            hears("星期日的集市"),
        ),
    ),
    "an emergency, fr": (
        "fr",
        (
            says("on est perdus en montagne"),
            begins_with("112 : appelez tout de suite les secours"),
            may("RAISE_SOS"),
            says("au secours, on est toujours perdus"),
            begins_with("112 : appelez tout de suite les secours"),
        ),
    ),
    "nobody answers in an emergency, and the form waits": (
        "fr",
        (
            says("je veux acheter la carte Sa Pa 48 heures"),
            says("mon ami ne respire plus"),
            begins_with("115 : appelez tout de suite une ambulance."),
            says("ça ne répond pas"),
            begins_with("115 : rappelez tout de suite et laissez sonner."),
            calls("115"),
            may("RAISE_SOS"),
            says("non"),
            hears("appelez tout de suite le 112", "Acheter une carte"),
            says("c'est toujours occupé"),
            begins_with("115 : rappelez tout de suite et laissez sonner."),
            hears_nothing_of("Acheter une carte"),
            says("merci"),
            hears("Acheter une carte"),
            says("oui"),
            hears("adultes"),
        ),
    ),
    "who wants to die and goes on writing": (
        "vi",
        (
            says("toi muon mua the du lich Sa Pa 48 gio"),
            says("em không muốn sống nữa"),
            begins_with("115: gọi ngay"),
            says("ở trường ai cũng ghét em"),
            begins_with("115:"),
            hears("Bạn cứ viết tiếp, tôi ở đây.", "Bạn có muốn nói chuyện với một người không?"),
            calls("115"),
            says("không"),
            hears("Tôi luôn ở đây khi bạn muốn viết."),
            hears_nothing_of("thẻ du lịch"),
            says("em mệt lắm"),
            taps(1),
            hears("112"),
        ),
    ),
    "nobody books without signing in": (
        "en",
        (
            says("I would like to book an appointment with a general doctor on Tuesday morning"),
            may("SIGN_IN"),
            says("thank you"),
            hears("You are welcome."),
            says("stop"),
            hears("All right, I leave it. Nothing was done."),
        ),
    ),
}


@pytest.mark.parametrize("name", TALKS)
def test_a_talk(talking: Talking, name: str) -> None:
    language, steps = TALKS[name]

    play(talking(language), steps)
