"""/health/v1/cannot-come?ticket=…: gives a place back with one tap, for a browser without the app."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from api.context import Services
from api.health.appointments.errors import AppointmentNotFound, AppointmentOver
from api.health.reminders.cannot_come_page import answer_page, no_appointment_page, question_page
from api.health.reminders.way_out import PATH, CannotCome
from api.kit.form_page import FORM_PAGE_HEADERS
from api.kit.http_problem import unavailable_response
from api.kit.store import StoreError
from locales import negotiate

router = APIRouter()


@router.get(PATH)
async def ask(request: Request, ticket: str = "") -> Response:
    """Show what would be given back; nothing is done, for programs that preview links come here too."""
    try:
        words = await _page_of(request).asked(ticket)
    except AppointmentNotFound:
        return _nothing_there(request)
    except StoreError:
        return unavailable_response(request)
    return HTMLResponse(question_page(words), headers=FORM_PAGE_HEADERS)


@router.post(PATH)
async def confirm(request: Request, ticket: str = "") -> Response:
    """Give the place back."""
    behind = _page_of(request)
    try:
        try:
            words, status = await behind.confirmed(ticket), 200
        except AppointmentOver:
            words, status = await behind.asked(ticket), 409
    except AppointmentNotFound:
        return _nothing_there(request)
    except StoreError:
        return unavailable_response(request)
    return HTMLResponse(answer_page(words), status, headers=FORM_PAGE_HEADERS)


def _nothing_there(request: Request) -> Response:
    """Answer a person, who may have tapped a link that an SMS broke in two: no problem document."""
    language = negotiate(request.headers.get("accept-language"))
    headers = {**FORM_PAGE_HEADERS, "vary": "accept-language"}
    return HTMLResponse(no_appointment_page(language), 404, headers=headers)


def _page_of(request: Request) -> CannotCome:
    services: Services = request.app.state.services
    return services.health.waiting.cannot_come
