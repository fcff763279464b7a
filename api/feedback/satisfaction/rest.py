"""/feedback/v1/rate?ticket=…: rates with one tap, for a browser without the app."""

from urllib.parse import parse_qs

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from api.context import Services
from api.feedback.errors import FeedbackProblem
from api.feedback.satisfaction.errors import (
    AlreadyRated,
    OwnOffice,
    RatingIsFinal,
    RatingNotFound,
)
from api.feedback.satisfaction.page import answer_page, question_page
from api.feedback.satisfaction.rating import Said
from api.feedback.satisfaction.records import Grade, Rating
from api.feedback.satisfaction.tickets import PATH
from api.feedback.satisfaction.wiring import SatisfactionServices
from api.kit.bounded_body import CLIENT_CLOSED_REQUEST, ClientGone, read_body
from api.kit.form_page import FORM_PAGE_HEADERS
from api.kit.http_problem import refusal_response, unavailable_response
from api.kit.request_refusals import InvalidParameter, RequestRefused
from api.kit.store import StoreError

BODY_BYTES_AT_MOST, BODY_SECONDS = 256, 10.0

router = APIRouter()


@router.get(PATH)
async def ask(request: Request, ticket: str = "") -> Response:
    """Show the question; nothing is counted, for programs that preview links come here too."""
    satisfaction = _satisfaction(request)
    try:
        rating = await satisfaction.giving.of_ticket(ticket)
    except RatingNotFound as problem:
        return refusal_response(request, problem, 404, headers=FORM_PAGE_HEADERS)
    except StoreError:
        return unavailable_response(request)
    is_open = rating.opinion is None and satisfaction.clock() < rating.open_until
    page = question_page(rating, satisfaction.inviting.shown_names(rating), is_open=is_open)
    return HTMLResponse(page, headers=FORM_PAGE_HEADERS)


@router.post(PATH)
async def tap(request: Request, ticket: str = "") -> Response:
    """Count the grade that was tapped, once."""
    satisfaction = _satisfaction(request)
    try:
        said = Said(await _grade(request), (), None, "vi")
        rating, status = await satisfaction.giving.of_ticket(ticket), 200
        try:
            rating = await satisfaction.giving.give_by_ticket(ticket, said)
        except (AlreadyRated, RatingIsFinal):
            status = 409
    except RequestRefused as problem:
        return refusal_response(request, problem, problem.status, headers=FORM_PAGE_HEADERS)
    except ClientGone:
        return Response(status_code=CLIENT_CLOSED_REQUEST)
    except (RatingNotFound, OwnOffice) as problem:
        return refusal_response(request, problem, _status(problem), headers=FORM_PAGE_HEADERS)
    except StoreError:
        return unavailable_response(request)
    return _answered(satisfaction, rating, status)


def _answered(satisfaction: SatisfactionServices, rating: Rating, status: int) -> Response:
    names = satisfaction.inviting.shown_names(rating)
    page = answer_page(rating, names, is_counted=status == 200)
    return HTMLResponse(page, status, headers=FORM_PAGE_HEADERS)


def _status(problem: FeedbackProblem) -> int:
    return 403 if isinstance(problem, OwnOffice) else 404


async def _grade(request: Request) -> Grade:
    """Return what was tapped. Raises RequestRefused, ClientGone."""
    body = await read_body(request.receive, bytes_at_most=BODY_BYTES_AT_MOST, seconds=BODY_SECONDS)
    fields = parse_qs(body.decode("ascii", "replace"))
    (name,) = fields.get("grade", [""])[:1]
    if name not in Grade.__members__:
        raise InvalidParameter
    return Grade[name]


def _satisfaction(request: Request) -> SatisfactionServices:
    services: Services = request.app.state.services
    return services.feedback.satisfaction
