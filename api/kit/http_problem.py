"""Refusals over plain HTTP: problem documents (RFC 9457) in the reader's language, with a stable `code`."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from api.kit.errors import N_, DomainError
from api.kit.presented_errors import STORE_UNAVAILABLE, ErrorCode
from api.kit.request_refusals import TooManyRequests
from locales import negotiate, translator

PROBLEM_TYPE = "application/problem+json"
TITLE = N_("This could not be done.")


def refusal_response(
    request: Request,
    problem: DomainError,
    status: int,
    *,
    title: str = TITLE,
    members: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return the document of a refusal. `title`: a msgid; of `members` those that are None are left out.

    TooManyRequests says when to come again by itself.
    """
    language = negotiate(request.headers.get("accept-language"))
    detail = problem.localized(translator(language))
    if isinstance(problem, TooManyRequests):
        headers = {"retry-after": str(problem.retry_after_seconds), **(headers or {})}
    return _response(status, problem.code.name, title, detail, language, members, headers)


def unavailable_response(request: Request, *, title: str = TITLE) -> Response:
    """Return 503 for a store that is away: send again."""
    language = negotiate(request.headers.get("accept-language"))
    detail = translator(language)(STORE_UNAVAILABLE)
    code = ErrorCode.STORE_UNAVAILABLE.name
    return _response(503, code, title, detail, language, None, {"retry-after": "1"})


def _response(
    status: int,
    code: str,
    title: str,
    detail: str,
    language: str,
    members: Mapping[str, Any] | None,
    headers: Mapping[str, str] | None,
) -> Response:
    document = {
        "type": f"urn:laocai:problem:{code.lower().replace('_', '-')}",
        "title": translator(language)(title),
        "status": status,
        "detail": detail,
        "code": code,
        **{name: value for name, value in (members or {}).items() if value is not None},
    }
    return JSONResponse(
        document,
        status_code=status,
        media_type=PROBLEM_TYPE,
        headers={"content-language": language, "vary": "accept-language", **(headers or {})},
    )
