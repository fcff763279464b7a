"""Tourist cards and the wallet by chat."""

import pytest
from dialogue.province import ProvinceUnreachable
from dialogue.saying import Step
from dialogue.tasks.cards import CARDS

from tests.chatbot import card_answers as told
from tests.chatbot.dialogues import NOT_SIGNED_IN, SA_PA, Dialogue, found
from tests.chatbot.sent_documents import CheckedProvince

CARD, FAMILY = found("card", "sa-pa-48h"), found("card", "sa-pa-family-48h")
TWO_ADULTS, ONE_CHILD = found("person", "2:adult"), found("person", "1:child")
BUY = "tourist_cards/BuyPass"


@pytest.fixture
def talk() -> Dialogue:
    province = CheckedProvince(
        {
            "tourist_cards/CardProducts": told.on_sale(told.TWO_DAYS, told.FAMILY, told.BAC_HA),
            "tourist_cards/MyPasses": {"myPasses": told.page()},
            "tourist_cards/CardProductPlaces": {
                "cardProductPlaces": told.page(told.place("P009", "Sa Pa Museum", 420.0))
            },
            "tourism/Place": {"place": {"id": "P009", "name": told.text("Sa Pa Museum")}},
            "wallet/Wallet": told.wallet(500_000),
            BUY: told.bought(told.card_pass()),
        }
    )
    return Dialogue(CARDS, province)


async def test_a_purchase_asks_in_turn_with_prices(talk: Dialogue) -> None:
    await talk.hear("card_buy")
    offered = talk.choices
    await talk.tap(1)
    people = talk.choices

    await talk.tap(2)

    assert offered[0] == "Sa Pa Card, 48 hours: ₫220,000"
    assert people == ["1 adult", "2 adults", "2 adults, 1 child", "2 adults, 2 children"]
    assert talk.words.splitlines() == [
        "Sa Pa Card, 48 hours, number of cards: 2, with passes for: 2 adults. Price of one card:"
        " ₫220,000. Total: ₫440,000, paid from your wallet. Shall I buy it?",
        "Validity: 48 hours from its first use",
        "An unused card is paid back whole within 7 days, after that less 10%.",
        "Available in your wallet: ₫500,000",
    ]


async def test_a_purchase_is_read_back_with_a_yes_and_a_no_to_tap(talk: Dialogue) -> None:
    await talk.hear("card_buy", CARD, TWO_ADULTS)
    offered = talk.choices
    await talk.tap(1)

    assert offered == ["Yes", "No"]
    assert talk.phrases == ["utter_card_bought"]


async def test_a_tapped_no_buys_nothing(talk: Dialogue) -> None:
    await talk.hear("card_buy", CARD, TWO_ADULTS)
    await talk.tap(2)

    assert talk.phrases == ["utter_what_to_change"]
    assert talk.province.inputs(BUY) == []


async def test_one_yes_buys_each_card_with_a_key_of_its_own(talk: Dialogue) -> None:
    await talk.hear("card_buy", CARD, TWO_ADULTS)
    form = talk.state.form
    await talk.hear("affirm")

    assert form is not None
    assert talk.province.inputs(BUY) == [
        {"productId": "sa-pa-48h", "price": 220_000, "idempotencyKey": f"{form.key}-{number}"}
        for number in (1, 2)
    ]
    assert talk.words.splitlines() == [
        "Bought: Sa Pa Card, 48 hours. Passes: 2. Paid from your wallet: ₫440,000.",
        "To be used for the first time by Thursday, November 30, 2028.",
        "You find the pass with its QR code under “My cards” in the app.",
    ]


async def test_nothing_is_bought_before_the_yes(talk: Dialogue) -> None:
    await talk.hear("card_buy", CARD, TWO_ADULTS)
    await talk.hear("deny")

    assert talk.phrases == ["utter_what_to_change"]
    assert talk.province.inputs(BUY) == []


async def test_a_family_card_says_itself_for_whom_it_is(talk: Dialogue) -> None:
    await talk.hear("card_buy", FAMILY)

    assert "number of cards: 1, with passes for: 2 adults, 2 children" in talk.words
    assert "Total: ₫590,000" in talk.words


async def test_too_little_money_is_told_with_how_to_top_up(talk: Dialogue) -> None:
    await talk.hear("card_buy", FAMILY)

    assert "Still missing in your wallet: ₫90,000" in talk.words
    assert "To top up:" in talk.words


async def test_a_party_that_no_card_fits_is_told_and_offered_what_covers_it(talk: Dialogue) -> None:
    await talk.hear("card_buy", CARD, TWO_ADULTS, ONE_CHILD)
    told_so, offered = talk.words, talk.choices
    await talk.tap(1)

    assert told_so.startswith("One Sa Pa Card, 48 hours holds passes for: 1 adult.")
    assert offered == ["Number of cards: 2, total ₫440,000"]
    assert "Total: ₫440,000" in talk.words


async def test_a_yes_takes_the_only_offer_and_buys_nothing_yet(talk: Dialogue) -> None:
    await talk.hear("card_buy", CARD, TWO_ADULTS, ONE_CHILD)
    await talk.hear("affirm", text="yes")

    assert talk.phrases == ["utter_card_read_back"]
    assert talk.province.inputs(BUY) == []


async def test_a_yes_takes_none_of_several_offers(talk: Dialogue) -> None:
    await talk.hear("card_buy", CARD)
    await talk.hear("affirm", text="yes")

    assert talk.phrases == ["utter_not_understood_here", "utter_card_for_whom"]


async def test_a_correction_of_the_number_counts_anew(talk: Dialogue) -> None:
    await talk.hear("card_buy", CARD, TWO_ADULTS)

    await talk.hear("inform", found("person", "3:adult"), text="no, 3 adults")

    assert "Total: ₫660,000" in talk.words


async def test_a_correction_of_the_card_keeps_the_party(talk: Dialogue) -> None:
    await talk.hear("card_buy", CARD, TWO_ADULTS)

    await talk.hear("inform", found("card", "bac-ha-weekend"))

    assert "Bac Ha Weekend Card, number of cards: 2" in talk.words
    assert "Validity: 2 days, counting the day of its first use" in talk.words


async def test_for_my_mother_and_me_is_two_adults(talk: Dialogue) -> None:
    await talk.hear("card_buy", CARD, found("person", "mother"), found("person", "me"))

    assert "for: 2 adults." in talk.words


async def test_students_are_asked_for_as_adults_or_children(talk: Dialogue) -> None:
    await talk.hear("card_buy", CARD, found("person", "2:student"))

    assert talk.phrases == ["utter_card_no_students", "utter_card_for_whom"]


async def test_more_passes_than_one_may_hold_are_refused_at_once(talk: Dialogue) -> None:
    await talk.hear("card_buy", CARD, found("person", "90:adult"))

    assert talk.words.splitlines()[0] == "One person can hold 40 unused passes at most."


async def test_a_card_that_is_not_sold_is_told_and_the_others_offered(talk: Dialogue) -> None:
    await talk.hear("card_buy", found("card", "someone-elses-card"))

    assert talk.phrases == ["utter_card_not_sold", "utter_which_card"]


async def test_prices_are_told_to_anybody_and_only_the_yes_needs_signing_in(talk: Dialogue) -> None:
    talk.is_signed_in = False
    await talk.hear("card_buy", CARD, found("person", "me"))
    read_back = talk.words
    await talk.hear("affirm")
    at_yes = talk.said

    talk.is_signed_in = True
    await talk.hear("affirm")

    assert "To pay, sign in in the app first." in read_back
    assert at_yes[0].steps == [Step.SIGN_IN]
    assert talk.phrases == ["utter_card_bought"]


async def test_another_price_meanwhile_is_read_back_again(talk: Dialogue) -> None:
    await talk.hear("card_buy", CARD, found("person", "me"))
    talk.province.answers[BUY] = told.refused("buyPass", "PRICE_CHANGED", "It costs more now.")
    dearer = {**told.TWO_DAYS, "price": 250_000}
    talk.province.answers["tourist_cards/CardProducts"] = told.on_sale(dearer)

    await talk.hear("affirm")

    assert talk.phrases == ["utter_refused", "utter_card_read_back"]
    assert "Total: ₫250,000" in talk.words


async def test_what_the_wallet_refuses_can_be_said_yes_to_after_topping_up(talk: Dialogue) -> None:
    await talk.hear("card_buy", CARD, found("person", "me"))
    refusal = told.refused("buyPass", "PAYMENT_REFUSED", "Not enough money.")
    talk.province.answers[BUY] = [refusal, told.bought(told.card_pass())]
    await talk.hear("affirm")
    refused = talk.words

    await talk.hear("affirm")

    assert "Not enough money." in refused
    assert talk.phrases == ["utter_card_bought"]


async def test_a_refusal_on_the_way_says_how_many_were_bought(talk: Dialogue) -> None:
    await talk.hear("card_buy", CARD, TWO_ADULTS)
    refusal = told.refused("buyPass", "PAYMENT_REFUSED", "Not enough money.")
    talk.province.answers[BUY] = [told.bought(told.card_pass()), refusal]

    await talk.hear("affirm")

    assert talk.words.splitlines() == [
        "Cards wanted: 2; bought: 1; paid: ₫220,000. The others were not bought:",
        "Not enough money.",
    ]
    assert talk.state.form is None


async def test_a_lost_answer_is_asked_for_again_with_the_same_keys(talk: Dialogue) -> None:
    await talk.hear("card_buy", CARD, TWO_ADULTS)
    one = told.bought(told.card_pass())
    talk.province.answers[BUY] = [one, ProvinceUnreachable(), one, one]
    await talk.hear("affirm")
    await talk.hear("affirm")

    sent = talk.province.inputs(BUY)
    assert sent[:2] == sent[2:]


async def test_no_card_on_sale_is_said(talk: Dialogue) -> None:
    talk.province.answers["tourist_cards/CardProducts"] = told.on_sale()
    await talk.hear("card_buy")

    assert talk.phrases == ["utter_no_cards_sold"]


async def test_the_card_that_was_told_of_is_bought_with_that_one(talk: Dialogue) -> None:
    await talk.hear("card_where", CARD)

    await talk.hear("card_buy", found("person", "me"))

    assert talk.phrases == ["utter_card_read_back"]
    assert "Sa Pa Card, 48 hours" in talk.words


async def test_wallet_and_passes_are_told(talk: Dialogue) -> None:
    used = told.card_pass(
        "x2",
        state="ACTIVE",
        endsAt="2026-12-01T09:30:00Z",
        left=[told.left("Sights: 3 uses left")],
    )
    talk.province.answers["wallet/Wallet"] = told.wallet(500_000, 450_000, 1_000_000)
    talk.province.answers["tourist_cards/MyPasses"] = {
        "myPasses": told.page(told.card_pass(), used, told.card_pass("x3", state="OVER"))
    }
    await talk.hear("card_balance")

    assert talk.words.replace("\u202f", " ").splitlines() == [
        "In your wallet: ₫500,000",
        "Available in your wallet: ₫450,000",
        "Daily limit: ₫1,000,000; paid today: ₫0",
        "To top up: choose “Top up” in the wallet of the app and pay online, or show the QR code of"
        " your wallet at a counter.",
        "Your tourist cards:",
        "• Sa Pa Card, 48 hours (1 adult), not used yet, first use by Thursday, November 30, 2028:",
        "• Sa Pa Card, 48 hours (1 adult), valid until 12/1/26, 4:30 PM:",
        "Sights: 3 uses left",
    ]


async def test_no_passes_are_said(talk: Dialogue) -> None:
    await talk.hear("card_balance")

    assert talk.phrases == ["utter_wallet", "utter_no_passes"]


async def test_a_balance_needs_signing_in(talk: Dialogue) -> None:
    talk.is_signed_in = False
    await talk.hear("card_balance")
    before = talk.phrases
    talk.is_signed_in = True
    talk.province.answers["wallet/Wallet"] = NOT_SIGNED_IN
    await talk.hear("card_balance")

    assert before == talk.phrases == ["utter_sign_in"]


async def test_where_a_place_honours_cards(talk: Dialogue) -> None:
    await talk.hear("card_where", found("place", "P002"))

    assert talk.words.splitlines() == [
        "At P002:",
        "• Sa Pa Card, 48 hours: 10% discount (Cable car)",
        "• Sa Pa Family Card: 10% discount (Cable car)",
    ]


async def test_a_card_that_a_place_does_not_honour(talk: Dialogue) -> None:
    await talk.hear("card_where", found("place", "P056"), CARD)
    one = talk.words
    await talk.hear("card_where", found("place", "P999"))

    assert one == "Sa Pa Card, 48 hours is not honoured at P056."
    assert talk.words == "No card on sale is honoured at P999."


async def test_what_a_card_includes_and_where(talk: Dialogue) -> None:
    talk.position = SA_PA
    await talk.hear("card_where", CARD)

    assert talk.words.splitlines() == [
        "Sa Pa Card, 48 hours includes:",
        "• Sa Pa Card, 48 hours: ₫220,000, for: 1 adult, 48 hours from its first use",
        "• Sa Pa Museum: as often as you like",
        "• Sights of Sa Pa: uses in all: 4",
        "• Cable car: 10% discount",
        "• Sa Pa Museum: 420 m",
    ]
    assert [one["name"] for one in talk.said[0].points] == ["Sa Pa Museum"]


async def test_a_question_without_a_card_lists_them_and_the_second_is_meant(talk: Dialogue) -> None:
    await talk.hear("card_where")
    asked = talk.phrases

    await talk.hear("inform", found("ordinal", "2"))

    assert asked == ["utter_which_card_about"]
    assert talk.words.startswith("Sa Pa Family Card includes:")


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("I lost my card", "utter_card_lost"),
        ("tôi bị mất thẻ", "utter_card_lost"),
        ("toi bi mat the", "utter_card_lost"),
        ("我的卡丢了", "utter_card_lost"),
        ("카드를 잃어버렸어요", "utter_card_lost"),
        ("カードをなくしました", "utter_card_lost"),
        ("j'ai perdu ma carte", "utter_card_lost"),
        ("my card won't scan", "utter_card_unread"),
        ("thẻ quét không được", "utter_card_unread"),
        ("カードが読み取れません", "utter_card_unread"),
    ],
)
async def test_a_lost_or_unread_card(talk: Dialogue, text: str, phrase: str) -> None:
    await talk.hear("card_where", text=text)

    assert talk.phrases == [phrase]


async def test_nothing_that_was_written_is_kept(talk: Dialogue) -> None:
    await talk.hear("card_buy", CARD, text="for my wife Lan, card please")

    assert "Lan" not in talk.state.to_json()


async def test_an_api_that_is_away_is_said(talk: Dialogue) -> None:
    talk.province.answers["tourist_cards/CardProducts"] = ProvinceUnreachable()
    await talk.hear("card_where")
    first = talk.phrases
    await talk.hear("card_buy")

    assert first == talk.phrases == ["utter_unreachable"]
