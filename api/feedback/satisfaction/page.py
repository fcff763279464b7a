"""The page behind the link in an invitation: four buttons, and the answer. It names what the invitation names."""

from collections.abc import Mapping
from html import escape

from api.feedback.satisfaction.reasons import GRADE_LABELS
from api.feedback.satisfaction.records import Grade, Rating
from api.feedback.satisfaction.texts import invitation
from api.kit.errors import N_
from locales import translator

_DONE = N_("Thank you. Your rating is counted.")
_OVER = N_("This rating cannot be given or changed here any more.")
_STYLE = (
    "body{font:1.2rem sans-serif;margin:2rem auto;max-width:32rem;padding:0 1rem}"
    "button{display:block;font:inherit;margin:.5rem 0;padding:1rem;width:100%}"
)


def question_page(rating: Rating, names: Mapping[str, str] | None, *, is_open: bool) -> str:
    """Ask before anything is counted. What is over is answered so at once. `names`: as `invitation` has it."""
    if not is_open:
        return answer_page(rating, names, is_counted=rating.opinion is not None)
    text, translate = invitation(rating, names), translator(rating.language)
    buttons = "".join(
        f'<button name="grade" value="{grade.name}">{escape(translate(GRADE_LABELS[grade]))}</button>'
        for grade in Grade
    )
    return _page(rating.language, text.title, text.body, f'<form method="post">{buttons}</form>')


def answer_page(rating: Rating, names: Mapping[str, str] | None, *, is_counted: bool) -> str:
    """Say how it is now."""
    answer = translator(rating.language)(_DONE if is_counted else _OVER)
    return _page(rating.language, invitation(rating, names).title, answer, "")


def _page(language: str, title: str, text: str, form: str) -> str:
    return (
        f'<!doctype html><html lang="{escape(language)}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>"
        f"<body><h1>{escape(title)}</h1><p>{escape(text)}</p>{form}</body></html>"
    )
