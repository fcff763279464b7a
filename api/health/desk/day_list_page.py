"""The printed list: a plain page, by time, without the reasons of visits."""

from collections.abc import Callable, Mapping
from datetime import datetime
from html import escape

from api.health.appointments.records import AppointmentStatus
from api.health.desk.day_lists import DeskPatient
from api.health.desk.printing import PrintedList
from api.health.directory.records import Payment
from api.kit.errors import N_
from api.kit.formats import clock_text, date_text, moment_text
from api.kit.localized import best_language
from locales import translator

TITLE = N_("Patients of the day")
NUMBER = N_("No.")
TIME = N_("Time")
NAME = N_("Name")
BIRTH_YEAR = N_("Born in")
LINE = N_("Payment")
STATE = N_("State")
EMPTY = N_("Nobody has a place on this day.")
CUT = N_("There are more patients than fit on this list.")
PRINTED = N_("As of {moment}")
WALK_IN = N_("Without appointment")
PAYMENTS: Mapping[str, str] = {
    Payment.INSURANCE.value: N_("Health insurance"),
    Payment.SELF_PAY.value: N_("Self-pay"),
}
STATES: Mapping[AppointmentStatus, str] = {
    AppointmentStatus.BOOKED: N_("Booked"),
    AppointmentStatus.CHECKED_IN: N_("Waiting"),
    AppointmentStatus.ARRIVED: N_("Called"),
    AppointmentStatus.FULFILLED: N_("Seen"),
    AppointmentStatus.NOSHOW: N_("Did not come"),
}

_STYLE = (
    "body{font:11pt/1.4 system-ui,sans-serif;margin:1.5cm}"
    "table{border-collapse:collapse;width:100%}"
    "th,td{border:1px solid #555;padding:.15cm .2cm;text-align:left;vertical-align:top}"
    "thead{display:table-header-group}tr{break-inside:avoid}"
    "@media print{body{margin:0}}"
)
_Translate = Callable[[str], str]


def page(printed: PrintedList, now: datetime) -> str:
    """Return the page as HTML, in the language of the list."""
    language = printed.language
    translate = translator(language)
    title = escape(translate(TITLE))
    as_of = translate(PRINTED).format(moment=moment_text(now, language))
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><meta name="robots" content="noindex">'
        f"<title>{title}</title><style>{_STYLE}</style></head><body><main><h1>{title}</h1>"
        f"<p>{_heading(printed)}</p>{_table(printed, translate)}"
        f"{'' if printed.is_whole else f'<p>{escape(translate(CUT))}</p>'}"
        f"<p>{escape(as_of)}</p></main></body></html>"
    )


def _heading(printed: PrintedList) -> str:
    service = printed.service
    parts = (
        _name(printed.facility.names, printed.language),
        _name(service.names, printed.language) if service else "",
        date_text(printed.day, printed.language),
    )
    return "<br>".join(escape(part) for part in parts if part)


def _table(printed: PrintedList, translate: _Translate) -> str:
    if not printed.patients:
        return f"<p>{escape(translate(EMPTY))}</p>"
    columns = (NUMBER, TIME, NAME, BIRTH_YEAR, LINE, STATE)
    head = "".join(f'<th scope="col">{escape(translate(column))}</th>' for column in columns)
    rows = "".join(_row(one, printed.language, translate) for one in printed.patients)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _row(one: DeskPatient, language: str, translate: _Translate) -> str:
    appointment = one.appointment
    payment = PAYMENTS.get(appointment.payment or "")
    cells = (
        "" if appointment.queue_number is None else str(appointment.queue_number),
        translate(WALK_IN) if one.is_walk_in else clock_text(appointment.start, language),
        appointment.patient_name,
        "" if one.birth_year is None else str(one.birth_year),
        translate(payment) if payment else "",
        translate(STATES[appointment.status]),
    )
    return "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>"


def _name(names: Mapping[str, str], language: str) -> str:
    best = best_language(names, language)
    return names[best] if best else ""
