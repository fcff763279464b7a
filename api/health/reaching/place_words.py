"""Where and when, in words: what a locked screen may show of an appointment, and what a letter tells."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from api.health.appointments.records import Appointment
from api.health.directory.records import Facility, HealthcareService
from api.kit.errors import N_
from api.kit.formats import clock_text, moment_text
from api.kit.localized import best_language
from locales import SOURCE, language_of, translator

_SERVICE = N_("What for: {service}")
_FACILITY = N_("Where: {facility}")
_MOMENT = N_("When: {moment}")
_NUMBER = N_("Your number: {number}")
_PREPARATION = N_("Before you come: {preparation}")
_GENERAL = "general"


def spoken(tag: str) -> str:
    """Return which of our languages serves a reader of the BCP 47 `tag`."""
    return language_of(tag) or SOURCE


def in_words(texts: Mapping[str, str], language: str) -> str:
    """Return the text for a reader; empty where there is none."""
    chosen = best_language(texts, language)
    return texts[chosen] if chosen else ""


def is_named_on_locked_screens(facility: Facility) -> bool:
    """Tell whether a facility's name gives nothing away: a lung or mental hospital's tells the illness."""
    return _GENERAL in facility.specialties


@dataclass(frozen=True, slots=True, repr=False)
class PlaceWords:
    """`named` and `unnamed` of `brief`: msgids for facilities that may be named, and for the others."""

    appointment: Appointment
    facility: Facility | None
    service: HealthcareService | None

    @property
    def language(self) -> str:
        return spoken(self.appointment.language)

    def translated(self, message: str, **more: str) -> str:
        """Return a msgid in the appointment's language, its {moment}, {number} and {facility} filled in."""
        fields = {
            "moment": moment_text(self.appointment.start, self.language),
            "number": str(self.appointment.queue_number or ""),
            "facility": self._facility,
        }
        return translator(self.language)(message).format(**fields, **more)

    def brief(self, named: str, unnamed: str, **more: str) -> str:
        facility = self.facility
        is_named = facility is not None and is_named_on_locked_screens(facility)
        return self.translated(named if is_named else unnamed, **more)

    def details(self) -> str:
        """Return all that a letter tells, a line for each thing. The reason for the visit is not in it."""
        service = in_words(self.service.names, self.language) if self.service else ""
        preparation = in_words(self.service.preparation, self.language) if self.service else ""
        lines = [
            self.translated(_SERVICE, service=service) if service else "",
            self.translated(_FACILITY) if self._facility else "",
            self.translated(_MOMENT),
            self.translated(_NUMBER) if self.appointment.queue_number else "",
            self.translated(_PREPARATION, preparation=preparation) if preparation else "",
        ]
        return "\n".join(filter(None, lines))

    def time(self, moment: datetime) -> str:
        return clock_text(moment, self.language)

    @property
    def _facility(self) -> str:
        return in_words(self.facility.names, self.language) if self.facility else ""
