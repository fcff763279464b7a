"""What an invitation says on a locked phone: an office and a report's code, nothing of why somebody was there."""

from collections.abc import Mapping

from api.feedback.satisfaction.records import RatedKind, Rating
from api.kit.errors import N_
from api.kit.localized import best_language
from locales import translator
from notifications.notice import Text

TITLE = N_("How was it?")
REPORT = N_("Report {code} has ended. How satisfied are you with {office}? One tap is enough.")
VISIT = N_("How satisfied are you with {office}? One tap is enough.")
VISIT_SOMEWHERE = N_("How satisfied are you with your visit? One tap is enough.")
LINK = N_("Rate here: {link}")


def invitation(rating: Rating, names: Mapping[str, str] | None) -> Text:
    """Return what is said in the rating's language. `names`: None where the office must not be named."""
    translate, language = translator(rating.language), rating.language
    template = VISIT_SOMEWHERE
    if names is not None:
        template = REPORT if rating.kind is RatedKind.REPORT else VISIT
    office = names[best_language(names, language) or "vi"] if names else ""
    body = translate(template).format(code=rating.subject or "", office=office)
    return Text(translate(TITLE), body)


def link_line(rating: Rating, link: str) -> str:
    """Return what an SMS or e-mail has besides, for there no app shows it."""
    return translator(rating.language)(LINK).format(link=link)
