"""The page behind "I can't come" in an SMS or e-mail: a question, one button, and the answer."""

from html import escape

from api.health.appointments.cancelling import CANCELLABLE
from api.health.appointments.records import CancelledBy
from api.health.reaching.place_words import PlaceWords
from api.kit.errors import N_
from locales import translator

_TITLE = N_("I can't come")
_QUESTION = N_("Give back your place at {facility}: {moment}?")
_QUESTION_SOMEWHERE = N_("Give back your place: {moment}?")
_BUTTON = N_("Yes, I can't come")
_DONE = N_("Your place is given back. Thank you: somebody else can have it.")
_OVER = N_("This appointment cannot be changed any more.")
_NO_LINK = N_(
    "This link is not complete, or its appointment is not there any more. Open it from the message once"
    " more, or give the place back in the app."
)
_STYLE = "body{font:1.2rem sans-serif;margin:2rem auto;max-width:32rem;padding:0 1rem}"
_BUTTON_STYLE = "button{font:inherit;padding:1rem 2rem}"


def question_page(words: PlaceWords) -> str:
    """Ask before anything is done. What is over is answered so at once."""
    if words.appointment.status not in CANCELLABLE:
        return answer_page(words)
    question = words.brief(_QUESTION, _QUESTION_SOMEWHERE)
    button = f'<form method="post"><button>{escape(words.translated(_BUTTON))}</button></form>'
    return _page(words.language, words.translated(_TITLE), question, button)


def answer_page(words: PlaceWords) -> str:
    """Say how it is now."""
    is_given_back = words.appointment.cancelled_by is CancelledBy.PATIENT
    answer = words.translated(_DONE if is_given_back else _OVER)
    return _page(words.language, words.translated(_TITLE), answer, "")


def no_appointment_page(language: str) -> str:
    """Say that a link gives nothing back, and what else to do."""
    translate = translator(language)
    return _page(language, translate(_TITLE), translate(_NO_LINK), "")


def _page(language: str, title: str, text: str, form: str) -> str:
    return (
        f'<!doctype html><html lang="{escape(language)}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{escape(title)}</title><style>{_STYLE}{_BUTTON_STYLE}</style></head>"
        f"<body><h1>{escape(title)}</h1><p>{escape(text)}</p>{form}</body></html>"
    )
