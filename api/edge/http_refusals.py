"""What an address answers that is not there, or is asked the wrong way: a problem document (RFC 9457)."""

from starlette.requests import Request
from starlette.responses import Response

from api.kit.http_problem import refusal_response
from api.kit.request_refusals import InvalidParameter, NotFound, WrongMethod


async def not_found(request: Request, _: Exception) -> Response:
    return refusal_response(request, NotFound(), NotFound.status)


async def wrong_method(request: Request, error: Exception) -> Response:
    allowed: dict[str, str] = getattr(error, "headers", None) or {}
    return refusal_response(request, WrongMethod(), WrongMethod.status, headers=allowed)


async def invalid_parameter(request: Request, _: Exception) -> Response:
    return refusal_response(request, InvalidParameter(), InvalidParameter.status)
