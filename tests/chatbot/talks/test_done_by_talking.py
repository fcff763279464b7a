"""What is in the store after a talk: what was agreed to, exactly once, and nothing without a yes."""

import pytest

from tests.chatbot.talks.conftest import Talking
from tests.chatbot.talks.days import Days
from tests.chatbot.talks.people import MOTHER, People
from tests.chatbot.talks.talker import SA_PA, Answer, Talker

OVER_AND_OVER, DESK = 3, "rescue"


def appointments(lan: Talker) -> list[Answer]:
    """Return those that are booked."""
    mine = lan.ask("health/MyAppointments", first=20)
    return [one["node"] for one in mine["edges"] if one["node"]["status"] == "BOOKED"]


def passes(anna: Talker) -> list[Answer]:
    return [one["node"] for one in anna.ask("tourist_cards/MyPasses", first=40)["edges"]]


def money(anna: Talker) -> int:
    return int(anna.ask("wallet/Wallet", first=1)["balance"]["amount"])


def reports(lan: Talker) -> list[Answer]:
    return [one["node"] for one in lan.ask("feedback/MyReports", first=20)["edges"]]


def test_an_appointment_is_corrected_read_back_and_booked_once_with_one_yes(
    people: People, days: Days
) -> None:
    lan = people.patient()
    lan.says(f"I need an appointment with a general doctor on {days.first.en} morning")
    lan.hears(f"Free on {days.first.en}", "Which time?").says("no, in the afternoon")
    lan.hears("Which time?").taps(1)
    time = lan.text
    lan.hears("For whom").says("no, for my mother").hears("How will it be paid?")
    lan.says("with insurance").hears(
        "Shall I book this?", days.first.en, "PM", f"Patient: {MOTHER}"
    )
    before = appointments(lan)

    lan.says("yes").hears("Booked: General practice", "Number: ")

    (booked,) = appointments(lan)
    assert before == []
    assert time
    assert booked["patientName"] == MOTHER
    assert lan.says("yes").hears("What can I do for you?")
    assert appointments(lan) == [booked]


def test_another_day_before_the_yes_moves_no_other_appointment(people: People, days: Days) -> None:
    lan = people.patient()
    lan.says(f"I need an appointment with a general doctor on {days.first.en} afternoon").taps(1)
    lan.says("for me", "without insurance").hears("Shall I book this?", days.first.en)

    lan.says(f"can we move it to {days.second.en}?")

    lan.hears(days.second.en)
    assert "begun something before" not in lan.text
    assert appointments(lan) == []


def test_it_is_cancelled_with_another_yes(people: People, days: Days) -> None:
    lan = people.patient()
    lan.says(f"I need an appointment with a general doctor on {days.second.en} afternoon").taps(1)
    lan.says("for me", "without insurance", "yes").hears("Booked:")
    (booked,) = appointments(lan)

    lan.says("when is my appointment?").hears("Your appointments:", "for Giàng Thị Lan")
    lan.says("cancel that appointment").hears("Shall I cancel this appointment?")
    kept = appointments(lan)
    lan.says("yes").hears("Cancelled: General practice")

    assert kept == [booked]
    assert appointments(lan) == []


def test_who_signs_in_on_the_way_need_say_nothing_again(
    talking: Talking, people: People, days: Days
) -> None:
    mai = talking("vi").says(f"toi muon dat lich kham tong quat chieu {days.first.typed}")
    mai.hears("hãy đăng nhập trong ứng dụng")
    asked_for = mai.steps

    mai.signs_in(people.token()).says("toi da dang nhap roi")

    assert asked_for == ["SIGN_IN"]
    mai.hears(f"Còn trống ngày {days.first.vi}", "Bạn chọn giờ nào?")
    assert all(title >= "12:00" for title in mai.choices)


@pytest.mark.parametrize(
    ("language", "wish", "signed_in", "free"),
    [
        ("en", "book a general doctor for {first.en} afternoon", "I have signed in", "Free on {first.en}"),
        ("zh-Hans", "我想{second.zh}下午看全科", "我已经登录了", "{second.zh}有空"),
        ("fr", "je veux un rendez-vous avec un médecin généraliste {first.fr} après-midi", "je me suis connecté", "Libre le {first.fr}"),
        ("ko", "{first.ko} 오후에 일반 진료과 예약해 주세요", "로그인했어요", "{first.ko}"),
        ("ja", "{second.ja}の午後に総合診療科を予約したいです", "ログインしました", "{second.ja}に空きがあります"),
    ],
)  # fmt: skip
def test_what_was_told_before_signing_in_is_kept_in_every_language(
    talking: Talking,
    people: People,
    days: Days,
    language: str,
    wish: str,
    signed_in: str,
    free: str,
) -> None:
    somebody = talking(language).says(wish.format(**days._asdict()))
    asked_for = somebody.steps

    somebody.signs_in(people.token()).says(signed_in).hears(free.format(**days._asdict()))

    assert asked_for == ["SIGN_IN"]
    assert somebody.choices != []


def test_an_appointment_for_the_mother_in_korean(people: People, days: Days) -> None:
    lan = people.patient("ko").says(f"{days.first.ko} 오후에 일반 진료과 예약해 주세요").taps(2)
    lan.says(f"아니요, {days.second.ko} 오후").hears(days.second.ko).taps(1)
    lan.says("어머니요").hears("비용은 어떻게 내시나요?").says("건강 보험으로")
    lan.hears("이대로 예약할까요?", f"{days.second.ko} 오후", f"환자: {MOTHER}")

    lan.says("예").hears("예약되었습니다")

    assert [one["patientName"] for one in appointments(lan)] == [MOTHER]


def test_an_appointment_is_made_and_given_up_in_japanese(people: People, days: Days) -> None:
    lan = people.patient("ja").says(f"{days.second.ja}の午後に総合診療科を予約したいです").taps(1)
    lan.says("母の分です", "保険なし").hears(
        "この内容で予約しますか。", days.second.ja, f"患者：{MOTHER}"
    )
    lan.says("はい").hears("予約しました")
    booked = appointments(lan)

    lan.says("予約を取り消してください").hears("この予約を取り消しますか。")
    lan.says("はい").hears("取り消しました")

    assert len(booked) == 1
    assert appointments(lan) == []


def test_cancelling_before_it_is_booked_books_nothing(people: People, days: Days) -> None:
    lan = people.patient().says(
        f"I need an appointment with a general doctor on {days.first.en} afternoon"
    )

    lan.says("cancel it").hears("All right, I leave it. Nothing was done.")

    assert lan.says("yes").text == "What can I do for you?"
    assert appointments(lan) == []


def test_an_emergency_in_the_middle_of_a_booking(people: People, days: Days) -> None:
    lan = (
        people.patient("vi")
        .says(f"toi muon dat lich kham tong quat chieu {days.first.typed}")
        .taps(1)
    )
    lan.says("cho toi").hears("Bạn thanh toán thế nào?")
    lan.says("me toi ngat xiu, khong tho duoc")
    emergency, links = lan.text, lan.links
    lan.says("khong").hears("gọi 112 ngay", "Đặt lịch khám", "Tiếp tục nhé?")
    lan.says("co").hears("Bạn thanh toán thế nào?")

    lan.says("co bao hiem").hears("Tôi đặt lịch này nhé?", "13:30").says("co").hears("Đã đặt")

    assert emergency.startswith("115: gọi cấp cứu y tế ngay.")
    assert links[0] == "tel:115"
    assert len(appointments(lan)) == 1


def test_an_sos_is_raised_once_by_tapping(people: People) -> None:
    anna = people.somebody("zh-Hans")
    anna.position = SA_PA
    anna.says("着火了，救命").hears("114", "现在发送吗？").taps(1)
    sent = anna.text
    anna.says("是", "是")

    desk = people.clerk(DESK).ask("safety/DeskSos", deskId=DESK)

    (call,) = desk["calls"]
    assert call["code"] in sent
    assert call["kind"] == "FIRE"


def test_a_card_is_bought_once_for_the_price_that_was_read_back(people: People) -> None:
    anna = people.with_money(500_000)
    anna.says("I want to buy the Sa Pa 48 hour card for 2 adults").hears("Total: ₫440,000")
    anna.says("no, only one adult").hears("Total: ₫220,000", "Available in your wallet: ₫500,000")
    before = (passes(anna), money(anna))

    anna.says("yes").hears("Bought: Sa Pa Card, 48 hours. Passes: 1.")
    anna.says(*["yes"] * OVER_AND_OVER)

    assert before == ([], 500_000)
    assert [one["productId"] for one in passes(anna)] == ["sa-pa-48h"]
    assert money(anna) == 280_000
    anna.says("what is left in my wallet?").hears("In your wallet: ₫280,000", "Sa Pa Card")


def test_without_money_nothing_is_bought_and_the_wallet_says_what_is_missing(
    talking: Talking, people: People
) -> None:
    jean = talking("fr").says("je veux acheter la carte Sa Pa 24 heures", "pour 2 adultes", "oui")
    asked_for = jean.steps

    jean.signs_in(people.token()).says("oui")

    assert asked_for == ["SIGN_IN"]
    jean.hears("Cela n’a pas abouti", "Il manque encore dans votre porte-monnaie : 300 000 ₫")
    assert passes(jean) == []


def test_a_report_is_corrected_and_sent_once(people: People) -> None:
    minh = people.somebody("vi")
    minh.says("đường trước chợ sa pa có ổ gà rất to, xe máy ngã hoài").hears("Ở đâu: Chợ Sa Pa")
    minh.says("không, ở nhà thờ đá sa pa").hears("Ở đâu: Nhà thờ đá Sa Pa")
    before = reports(minh)

    minh.says("có").hears("Phản ánh đã được ghi nhận; mã là LC-")
    minh.says("có", "có")

    (report,) = reports(minh)
    assert before == []
    assert report["category"]["code"] == "road-damage"
    minh.says("phản ánh của tôi thế nào rồi").hears(report["code"], "Đã tiếp nhận")


def test_a_report_in_korean_is_asked_after_by_its_code(people: People) -> None:
    minjun = people.somebody("ko").says("사파 시장 앞에 쓰레기가 너무 많아요")
    minjun.hears("이 신고를 담당 기관에 보내겠습니다.", "장소: 사파 시장")

    minjun.says("예").hears("신고가 등록되었습니다")

    (report,) = reports(minjun)
    minjun.says(report["code"]).hears(report["code"], "접수됨")


def test_no_means_that_nothing_is_sent(people: People) -> None:
    anna = people.somebody()
    anna.says(
        "there is garbage everywhere on the street next to the stone church in Sa Pa, it smells"
    ).hears("Is it right?")

    anna.says("no").hears("Nothing is done yet. What shall I change?")
    anna.says("stop").hears("All right, I leave it. Nothing was done.")

    assert reports(anna) == []


def test_nobody_hears_of_anothers_appointment(people: People, days: Days) -> None:
    lan = people.patient().says(f"book a general doctor for {days.first.en} afternoon").taps(1)
    lan.says("for me", "with insurance", "yes").hears("Booked:")

    stranger = people.somebody()
    stranger.conversation = lan.conversation
    stranger.says("when is my appointment?")

    stranger.hears_nothing_of("General practice", "Giàng Thị Lan")
