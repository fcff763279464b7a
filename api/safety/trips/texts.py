"""What is said of a trip: to the trekker, to the contacts, to the desks."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum, auto

from api.kit.errors import N_
from api.kit.formats import moment_text
from api.kit.ids import derived_id
from api.safety.trips.records import Contact, Trip, TripContent
from locales import AVAILABLE, translator
from notifications.notice import Notice, Priority, Text
from notifications.text_message import Channel, TextMessage

WARNED_ON_THE_WAY = N_(
    "Until you close this trip, warnings for places on your way come to all devices on which you are"
    " signed in, wherever these are."
)
"""Told to whoever plans a trip."""
_WORTH_TELLING = timedelta(hours=24)
_REMINDER = (
    N_("Are you back soon?"),
    N_("Say in the app that you are back, or that you need longer. Else we tell your contacts."),
)
_DESK = (N_("A trip is overdue"), N_("Open the rescue desk: somebody has not come back."))
_DANGER = (
    N_("A warning on your way"),
    N_("A warning is in force where your trip leads. Read it in the app before you go on."),
)


class Word(StrEnum):
    """What the contacts are told."""

    OVERDUE = auto()
    LATER = auto()
    BACK = auto()


_TO_CONTACTS: Mapping[Word, str] = {
    Word.OVERDUE: N_(
        "{name} planned a trip ({trip}) and wanted to be back by {moment}, but has not said so. Please try to"
        " reach them. If you cannot, call 112."
    ),
    Word.LATER: N_("{name} has answered: the trip ({trip}) takes until {moment}."),
    Word.BACK: N_("{name} has said to be back from the trip ({trip})."),
}


def reminder(trip: Trip) -> Notice:
    """Return what the trekker is told before the trip is due back."""
    return _notice(trip, derived_id("trip reminder", trip.id, str(trip.round)), _REMINDER)


def danger(trip: Trip, alert_id: str) -> Notice:
    """Return what the trekker is told once of a warning on the way."""
    return _notice(trip, derived_id("trip danger", trip.id, alert_id), _DANGER)


def desk_notice(trip: Trip, person_id: str) -> Notice:
    """Return what somebody at a desk is told: neither who, nor where."""
    notice_id = derived_id("trip overdue", trip.id, str(trip.round), person_id)
    return _notice(trip, notice_id, _DESK)


def contact_text(trip: Trip, content: TripContent, contact: Contact, word: Word) -> TextMessage:
    """Return the SMS to a contact."""
    translate = translator(content.language)
    body = translate(_TO_CONTACTS[word]).format(
        name=content.called,
        trip=content.title,
        moment=moment_text(trip.due_at, content.language),
    )
    number = str(content.contacts.index(contact))
    return TextMessage(
        id=derived_id("trip word", trip.id, str(trip.round), word, number),
        channel=Channel.SMS,
        to=contact.number,
        subject="",
        body=body,
        language=content.language,
        expires_at=trip.due_at + timedelta(minutes=trip.grace_minutes) + _WORTH_TELLING,
        person_id=trip.person_id,
    )


def _notice(trip: Trip, notice_id: str, words: tuple[str, str]) -> Notice:
    title, body = words
    return Notice(
        id=notice_id,
        thread=derived_id("trip thread", trip.id),
        texts={
            language: Text(translator(language)(title), translator(language)(body))
            for language in AVAILABLE
        },
        priority=Priority.SEVERE,
        overrides_quiet_hours=True,
        expires_at=trip.due_at + timedelta(minutes=trip.grace_minutes) + _WORTH_TELLING,
        data={"type": "trip", "id": trip.id},
    )
