"""What went wrong, as an OperationOutcome in the reader's language."""

from api.health.fhir.errors import FhirProblem, IssueType
from api.health.fhir.exchange import Resource
from api.kit.errors import DomainError
from api.kit.pages import PageProblem
from api.kit.request_refusals import BodyTooLarge, BodyTooSlow, TooManyRequests
from locales import translator

CODES = "urn:laocai:fhir:codes"
"""The system of our own codes in `issue.details`: stable, for programs."""
_ISSUES: dict[type[DomainError], IssueType] = {
    PageProblem: IssueType.VALUE,
    TooManyRequests: IssueType.THROTTLED,
    BodyTooLarge: IssueType.TOO_LONG,
    BodyTooSlow: IssueType.TRANSIENT,
}


def outcome_of(problem: DomainError, language: str) -> Resource:
    """Return the resource that says what was refused, and why."""
    known = problem if isinstance(problem, FhirProblem) else None
    kind = known.issue if known else _issue_of(problem)
    text = problem.localized(translator(language))
    return outcome(kind, problem.code.name, text, expression=known.expression if known else None)


def outcome(kind: IssueType, code: str, text: str, *, expression: str | None = None) -> Resource:
    issue: Resource = {
        "severity": "error",
        "code": kind.value,
        "details": {"coding": [{"system": CODES, "code": code}], "text": text},
        "diagnostics": text,
    }
    if expression is not None:
        issue["expression"] = [expression]
    return {"resourceType": "OperationOutcome", "issue": [issue]}


def _issue_of(problem: DomainError) -> IssueType:
    kinds = (kind for one, kind in _ISSUES.items() if isinstance(problem, one))
    return next(kinds, IssueType.BUSINESS_RULE)
