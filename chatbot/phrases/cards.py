"""Tourist cards and the wallet."""

from __future__ import annotations

from phrases.marking import N_

PHRASES: dict[str, str] = {
    "title_card_buy": N_("Buy a tourist card"),
    "title_card_balance": N_("My wallet and my cards"),
    "title_card_where": N_("What a tourist card includes"),
    "utter_which_card": N_("These tourist cards are on sale. Which one would you like?"),
    "utter_which_card_about": N_("Which card do you mean? These are on sale:"),
    "utter_no_cards_sold": N_(
        "No tourist card is on sale at the moment. The help centre can tell you when there will be."
    ),
    "utter_card_not_sold": N_("That card is not on sale."),
    "utter_card_for_whom": N_("For how many adults and how many children?"),
    "utter_card_no_students": N_(
        "Cards are sold for adults and for children. How many are adults, and how many are children?"
    ),
    "utter_card_too_many": N_("One person can hold {most} unused passes at most."),
    "utter_card_does_not_fit": N_(
        "One {card} holds passes for: {holds}. That is not quite your party: {people}. Take what is offered,"
        " or name another card or other numbers."
    ),
    "utter_card_read_back": N_(
        "{card}, number of cards: {copies}, with passes for: {people}. Price of one card: {price}."
        " Total: {total}, paid from your wallet. Shall I buy it?"
    ),
    "line_card_price": N_("• {card}: {price}, for: {people}, {validity}"),
    "line_card_validity": N_("Validity: {validity}"),
    "line_card_refund": N_(
        "An unused card is paid back whole within {days} days, after that less {percent}%."
    ),
    "line_card_sign_in": N_("To pay, sign in in the app first."),
    "line_wallet_available": N_("Available in your wallet: {amount}"),
    "line_wallet_short": N_("Still missing in your wallet: {missing}"),
    "line_wallet_limit": N_("Daily limit: {limit}; paid today: {paid}"),
    "line_top_up": N_(
        "To top up: choose “Top up” in the wallet of the app and pay online, or show the QR code of your wallet"
        " at a counter."
    ),
    "part_adult": N_("{count} adult"),
    "part_adults": N_("{count} adults"),
    "part_child": N_("{count} child"),
    "part_children": N_("{count} children"),
    "part_valid_hours": N_("{hours} hours from its first use"),
    "part_valid_day": N_("the day of its first use"),
    "part_valid_days": N_("{days} days, counting the day of its first use"),
    "choice_card": N_("{card}: {price}"),
    "choice_card_copies": N_("Number of cards: {copies}, total {total}"),
    "utter_card_bought": N_("Bought: {card}. Passes: {count}. Paid from your wallet: {total}."),
    "utter_card_bought_in_part": N_(
        "Cards wanted: {wanted}; bought: {bought}; paid: {total}. The others were not bought:"
    ),
    "line_pass_first_use": N_("To be used for the first time by {day}."),
    "line_pass_on_phone": N_("You find the pass with its QR code under “My cards” in the app."),
    "utter_wallet": N_("In your wallet: {amount}"),
    "utter_no_passes": N_("You have no tourist card that can be used."),
    "utter_my_passes": N_("Your tourist cards:"),
    "line_pass_active": N_("• {card} ({people}), valid until {until}:"),
    "line_pass_unused": N_("• {card} ({people}), not used yet, first use by {day}:"),
    "utter_card_lost": N_(
        "Your card is in your account, so it is not lost with your phone or a print. Sign in on another phone and"
        " take the card there, under “My cards”: the earlier phone and prints then open no gate any more."
    ),
    "line_card_lost_help": N_(
        "If somebody else may be using it, do this at once, or ask the help centre."
    ),
    "utter_card_unread": N_(
        "Open the card anew in the app with a connection, for its code changes, and turn the screen bright."
        " Then check under “My cards” whether it is still valid and has uses left."
    ),
    "line_card_unread_help": N_(
        "If the gate still refuses it, show it to the staff there, or ask the help centre."
    ),
    "utter_cards_there": N_("At {place}:"),
    "utter_card_not_there": N_("{card} is not honoured at {place}."),
    "utter_no_card_there": N_("No card on sale is honoured at {place}."),
    "line_card_entry": N_("• {card}: included ({what})"),
    "line_card_discount": N_("• {card}: {percent}% discount ({what})"),
    "utter_card_includes": N_("{card} includes:"),
    "line_promise_discount": N_("• {what}: {percent}% discount"),
    "line_promise_unlimited": N_("• {what}: as often as you like"),
    "line_promise_uses": N_("• {what}: uses in all: {uses}"),
}
