"""What those who follow a report read on a locked phone: its code and what happened, never words or places."""

from collections.abc import Mapping

from api.feedback.life.moves import Move
from api.kit.errors import N_
from locales import translator
from notifications.notice import Text

TITLE = N_("Report {code}")
SENTENCES: Mapping[Move, str] = {
    Move.ACCEPT: N_("{agency} has accepted it."),
    Move.ASSIGN: N_("{agency} has given it to somebody to mend."),
    Move.START: N_("{agency} is working on it."),
    Move.ANSWER: N_(
        "{agency} has answered. Read it in the app; you have {days} days to say that it is not settled."
    ),
    Move.FIX: N_(
        "{agency} says that it is fixed, with a photo. Please confirm or reopen it within {days} days."
    ),
    Move.REFUSE: N_("{agency} cannot take it on. Read why in the app."),
    Move.REROUTE: N_("It was sent on to {other}, who is in charge."),
    Move.CONFIRM: N_("Whoever reported it confirmed that it is fixed. Thank you."),
    Move.REOPEN: N_("Whoever reported it says that it is not settled. {agency} goes on with it."),
    Move.CLOSE: N_("Nobody objected within {days} days, so it is closed now."),
    Move.ESCALATE: N_("{agency} missed its time. The agency above was told."),
    Move.MERGE: N_("Others reported the same. It goes on under {other}."),
    Move.UNMERGE: N_("It goes on by itself again, apart from {other}."),
}
CLERK_TITLE = N_("Report {code} needs you")
CLERK_URGENT = N_("Danger to life was reported. Please act at once.")
CLERK_BEFORE = N_("Its time ends at {time}. Please act.")
CLERK_AFTER = N_("Its time ended at {time}. Please act now.")


def follower_text(move: Move, language: str, **fields: object) -> Text:
    """Return title and sentence in one of our languages."""
    translate = translator(language)
    return Text(translate(TITLE).format(**fields), translate(SENTENCES[move]).format(**fields))


def clerk_text(sentence: str, language: str, **fields: object) -> Text:
    translate = translator(language)
    return Text(translate(CLERK_TITLE).format(**fields), translate(sentence).format(**fields))
