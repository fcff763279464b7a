"""The emergency card as a page: small, without a script, and in the languages that helpers read.

Each label stands in the reader's language, Vietnamese and English, one below the other: who helps
may not be who owns the phone. What the person wrote is shown as it was written.
"""

from collections.abc import Iterator
from html import escape

from api.health.record.details import AllergySeverity, HealthRecord
from api.health.record.emergency_cards import CardShown
from api.kit.errors import N_
from locales import translator

TITLE = N_("Emergency card")
NAME = N_("Name")
BORN = N_("Year of birth")
BLOOD_GROUP = N_("Blood group")
ALLERGIES = N_("Allergies")
NOTES = N_("Good to know")
CONTACT = N_("Call in an emergency")
NOT_TOLD = N_("Not told")
WRITTEN_BY_OWNER = N_(
    "The owner of this card wrote it; no doctor has checked it. Test the blood group before a transfusion."
)
AMBULANCE = N_("Ambulance in Vietnam: 115")
NO_CARD = N_("There is no emergency card at this address.")

SEVERITIES = {
    AllergySeverity.UNKNOWN: N_("how severe is not known"),
    AllergySeverity.MILD: N_("mild"),
    AllergySeverity.SEVERE: N_("severe"),
    AllergySeverity.LIFE_THREATENING: N_("life-threatening"),
}
_RHESUS_SIGNS = {"positive": "Rh+", "negative": "Rh−"}
_FOR_HELPERS = ("vi", "en")
_STYLE = (
    "body{font:1.1rem/1.4 system-ui,sans-serif;max-width:34rem;margin:1rem auto;padding:0 1rem}"
    "dt{color:#595959;font-size:.9rem;margin-top:.8rem}dd{margin:0;font-size:1.3rem}"
    "dd span{display:block}.small{font-size:1rem}.pre{white-space:pre-line}"
    "h1 span,dt span,p span{display:block}"
)


def card_page(shown: CardShown, language: str) -> str:
    """Return the page of a card as HTML, in `language`, Vietnamese and English."""
    languages = _languages(language)
    rows = "".join(
        f"<dt>{_said(label, languages)}</dt><dd>{value}</dd>"
        for label, value in _rows(shown, languages)
    )
    return _page(
        f"<dl>{rows}</dl><p>{_said(AMBULANCE, languages)}</p>"
        f'<p class="small">{_said(WRITTEN_BY_OWNER, languages)}</p>',
        languages,
    )


def no_card_page(language: str) -> str:
    """Return the same page for whatever code leads to no card."""
    languages = _languages(language)
    return _page(f"<p>{_said(NO_CARD, languages)}</p>", languages)


def _page(body: str, languages: tuple[str, ...]) -> str:
    title = escape(translator(languages[0])(TITLE))
    return (
        f'<!doctype html><html lang="{languages[0]}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        '<meta name="robots" content="noindex,nofollow">'
        f"<title>{title}</title><style>{_STYLE}</style></head><body><main>"
        f"<h1>{_said(TITLE, languages)}</h1>{body}</main></body></html>"
    )


def _rows(shown: CardShown, languages: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    nothing = _said(NOT_TOLD, languages)
    patient, record, card = shown.patient, shown.record, shown.card
    yield NAME, escape(patient.name) if patient.name else nothing
    yield BORN, str(patient.born_on.year) if patient.born_on else nothing
    yield BLOOD_GROUP, _blood(record) or nothing
    yield ALLERGIES, _allergies(record, languages) or nothing
    if card.shows_notes and record.notes:
        yield NOTES, f'<span class="pre small">{escape(record.notes)}</span>'
    if card.contact_name or card.contact_phone:
        yield CONTACT, _contact(card.contact_name, card.contact_phone)


def _blood(record: HealthRecord) -> str:
    group = record.blood_group.name if record.blood_group else ""
    rhesus = _RHESUS_SIGNS[record.rhesus.value] if record.rhesus else ""
    return " ".join(part for part in (group, rhesus) if part)


def _allergies(record: HealthRecord, languages: tuple[str, ...]) -> str:
    gravest_first = sorted(
        record.allergies, key=lambda one: list(AllergySeverity).index(one.severity), reverse=True
    )
    return "".join(
        f"<div><strong>{escape(one.substance)}</strong>"
        f'<span class="small">{_said(SEVERITIES[one.severity], languages)}</span>'
        f'<span class="small">{escape(one.reaction or "")}</span></div>'
        for one in gravest_first
    )


def _contact(name: str | None, phone: str | None) -> str:
    link = f'<a href="tel:{escape(phone)}">{escape(phone)}</a>' if phone else ""
    return f"<span>{escape(name or '')}</span>{link}"


def _said(message: str, languages: tuple[str, ...]) -> str:
    return "".join(
        f'<span lang="{language}">{escape(translator(language)(message))}</span>'
        for language in languages
    )


def _languages(language: str) -> tuple[str, ...]:
    """Return the reader's first, each once."""
    return tuple(dict.fromkeys((language, *_FOR_HELPERS)))
