"""POST /students/v1/schools/{id}/rosters: the door through which a school's office sends its roster.

The answer is a dry run: what the file would do, and each row that is wrong, in Vietnamese and in
English, for the office and whoever wrote its software. Nobody is changed; `applyRoster` does that,
by the digest of the same bytes. Refusals are problem documents (RFC 9457).
"""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from api.accounts.caller import Caller
from api.accounts.errors import NotAllowed, NotSignedIn
from api.context import Services, bearer_token
from api.kit.bounded_body import CLIENT_CLOSED_REQUEST, ClientGone, read_body
from api.kit.errors import N_, DomainError
from api.kit.http_problem import refusal_response, unavailable_response
from api.kit.limits import Allowance
from api.kit.request_refusals import RequestRefused
from api.kit.store import StoreUnavailable, WriteConflict
from api.students.errors import SchoolNotFound, StudentProblem
from api.students.roster.checking import RosterCheck
from api.students.roster.comparing import Outcome
from api.students.roster.errors import (
    FAULTS,
    RosterFileErrorCode,
    RosterFileProblem,
    RosterRunning,
    YearOutOfReach,
)
from api.students.roster.reading import BYTES_AT_MOST
from api.students.roster.rows import RowFault, fault_parameters
from locales import translator

BODY_SECONDS = 60.0
FILES_FROM_ONE_PERSON = Allowance(60, 3_600)
LANGUAGES = ("vi", "en")
TITLE = N_("The roster was not accepted.")
_FILE_IS_WRONG = 422
_STATUSES: Mapping[type[DomainError], int] = {
    NotSignedIn: 401,
    NotAllowed: 403,
    SchoolNotFound: 404,
    RosterRunning: 409,
    YearOutOfReach: 422,
}

router = APIRouter()


@router.post("/students/v1/schools/{school_id}/rosters")
async def post_roster(request: Request, school_id: str, year: int | None = None) -> Response:
    """Check a file: 200 with what it would do, also when rows are wrong, else a problem."""
    services: Services = request.app.state.services
    try:
        caller = await _sender(request, services, school_id)
        content = await read_body(
            request.receive, bytes_at_most=BYTES_AT_MOST, seconds=BODY_SECONDS
        )
        checked = await services.students.checking.check(caller, school_id, year, content)
    except (StudentProblem, RosterFileProblem, RequestRefused, NotSignedIn, NotAllowed) as problem:
        return _refusal(request, problem)
    except ClientGone:
        return Response(status_code=CLIENT_CLOSED_REQUEST)
    except (StoreUnavailable, WriteConflict):
        return unavailable_response(request, title=TITLE)
    return JSONResponse(_told(checked), headers={"cache-control": "no-store"})


async def _sender(request: Request, services: Services, school_id: str) -> Caller:
    """Return who sends it, before any of it is read. Raises what the check's `right` raises."""
    token = bearer_token(request.headers.get("authorization"))
    if token is None:
        raise NotSignedIn
    caller = await services.accounts.sessions.caller_of(token)
    person_id = services.students.checking.right(caller, school_id)
    await services.limits.check("students.roster", person_id, FILES_FROM_ONE_PERSON)
    return caller


def _told(checked: RosterCheck) -> dict[str, Any]:
    roster = checked.roster
    return {
        "digest": roster.digest,
        "schoolId": roster.school_id,
        "year": roster.year,
        "rows": roster.row_count,
        "would": {outcome.name: roster.would[outcome] for outcome in Outcome},
        "missing": roster.leavers,
        "ignoredColumns": list(checked.ignored),
        "faultCount": roster.fault_count,
        "faults": [_fault(fault) for fault in checked.faults],
        "expiresAt": roster.expires_at.isoformat(),
    }


def _fault(fault: RowFault) -> dict[str, Any]:
    message = FAULTS[fault.fault]
    parameters = fault_parameters(fault)
    return {
        "row": fault.row,
        "column": fault.column,
        "code": fault.fault.name,
        "messages": {
            language: translator(language)(message).format(**parameters) for language in LANGUAGES
        },
    }


def _refusal(request: Request, problem: DomainError) -> Response:
    members: dict[str, Any] = {}
    headers = {"cache-control": "no-store"}
    if isinstance(problem, RosterFileProblem):
        members["messages"] = {
            language: problem.localized(translator(language)) for language in LANGUAGES
        }
    if isinstance(problem, NotSignedIn):
        headers["www-authenticate"] = "Bearer"
    status = _status_of(problem)
    return refusal_response(request, problem, status, title=TITLE, members=members, headers=headers)


def _status_of(problem: DomainError) -> int:
    if isinstance(problem, RequestRefused):
        return problem.status
    if problem.code is RosterFileErrorCode.TOO_LARGE_UNPACKED:
        return 413
    return _STATUSES.get(type(problem), _FILE_IS_WRONG)
