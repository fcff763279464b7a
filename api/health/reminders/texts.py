"""What a reminder says. On a locked screen: a place and a time, nothing of illness or patient."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from api.health.reaching.message import Message
from api.health.reaching.place_words import PlaceWords
from api.health.reminders.preferences import ReminderKind
from api.kit.errors import N_
from api.kit.ids import derived_id

DAY_BEFORE_TITLE = N_("A reminder of your appointment")
SOON_TITLE = N_("Your appointment is soon")
NEAR_TITLE = N_("Your turn is near")
APPOINTMENT = N_("Appointment at {facility}: {moment}. Your number: {number}.")
APPOINTMENT_SOMEWHERE = N_("You have an appointment: {moment}. Your number: {number}.")
BEFORE_YOU = N_("{count} before you. Your number: {number}. Please stay near.")
CANNOT_COME = N_("You can't come? {link}")
_TURN_IS_NEWS_FOR = timedelta(minutes=20)

TITLES: Mapping[ReminderKind, str] = {
    ReminderKind.DAY_BEFORE: DAY_BEFORE_TITLE,
    ReminderKind.TWO_HOURS_BEFORE: SOON_TITLE,
    ReminderKind.TURN_NEAR: NEAR_TITLE,
}


def reminder(words: PlaceWords, kind: ReminderKind, person_id: str, link: str | None) -> Message:
    """Return what is said ahead of an appointment. `link`: where one tap gives the place back."""
    brief = words.brief(APPOINTMENT, APPOINTMENT_SOMEWHERE)
    footer = words.translated(CANNOT_COME, link=link) if link else None
    return _message(words, kind, person_id, brief, words.details(), footer)


def turn_near(words: PlaceWords, before: int, person_id: str, now: datetime) -> Message:
    """Return what is said to who waits at the facility when `before` are to be called first."""
    brief = words.translated(BEFORE_YOU, count=str(before))
    said = _message(words, ReminderKind.TURN_NEAR, person_id, brief, brief, None)
    return replace(said, expires_at=now + _TURN_IS_NEWS_FOR)


def reminder_id(appointment_id: str, kind: ReminderKind, start: datetime) -> str:
    """Return the one id of what is said of an appointment that begins then."""
    return derived_id("health reminder", appointment_id, kind, start.isoformat())


def _message(
    words: PlaceWords,
    kind: ReminderKind,
    person_id: str,
    brief: str,
    letter: str,
    footer: str | None,
) -> Message:
    appointment = words.appointment
    return Message(
        id=reminder_id(appointment.id, kind, appointment.start),
        thread=derived_id("health reminders", appointment.id),
        person_id=person_id,
        language=words.language,
        title=words.translated(TITLES[kind]),
        brief=brief,
        letter=letter,
        expires_at=appointment.start,
        data={"type": "healthReminder", "appointmentId": appointment.id, "kind": kind.name},
        footer=footer,
    )
