"""Refusals of the FHIR door: each with its HTTP status and its issue type of R4's OperationOutcome."""

from enum import StrEnum, auto
from typing import ClassVar

from api.kit.errors import N_, DomainError


class FhirErrorCode(StrEnum):
    """Stable across releases: clients switch on it."""

    NOT_FOUND = auto()
    NOT_SUPPORTED = auto()
    METHOD_NOT_ALLOWED = auto()
    NOT_ACCEPTABLE = auto()
    UNSUPPORTED_MEDIA_TYPE = auto()
    NOT_JSON = auto()
    TOO_DEEP = auto()
    NOT_A_RESOURCE = auto()
    OUTSIDE_R4 = auto()
    UNKNOWN_PARAMETER = auto()
    INVALID_PARAMETER = auto()
    MISSING_PARAMETER = auto()
    TOO_COSTLY = auto()
    TOKEN_MISSING = auto()
    SCOPE_MISSING = auto()
    VERSION_MISSING = auto()
    VERSION_CHANGED = auto()
    ELEMENT_FIXED = auto()
    STATUS_REFUSED = auto()
    PATIENT_UNCLEAR = auto()
    SUBSCRIPTION_REFUSED = auto()
    TOO_MANY_SUBSCRIPTIONS = auto()


class IssueType(StrEnum):
    """Those of http://hl7.org/fhir/R4/valueset-issue-type.html that are used."""

    STRUCTURE = "structure"
    REQUIRED = "required"
    VALUE = "value"
    LOGIN = "login"
    FORBIDDEN = "forbidden"
    NOT_SUPPORTED = "not-supported"
    NOT_FOUND = "not-found"
    TOO_LONG = "too-long"
    TOO_COSTLY = "too-costly"
    BUSINESS_RULE = "business-rule"
    CONFLICT = "conflict"
    TRANSIENT = "transient"
    THROTTLED = "throttled"


class FhirProblem(DomainError):
    """`expression`: the element (FHIRPath) or the parameter that is refused."""

    status: ClassVar[int] = 400
    issue: ClassVar[IssueType] = IssueType.VALUE

    def __init__(self, *, expression: str | None = None, **params: object) -> None:
        super().__init__(**params)
        self.expression = expression


class ResourceNotFound(FhirProblem):
    """Also of what another facility has, so that ids cannot be tried out."""

    code = FhirErrorCode.NOT_FOUND
    message = N_("There is no such resource that you may see.")
    status = 404
    issue = IssueType.NOT_FOUND


class InteractionNotSupported(FhirProblem):
    code = FhirErrorCode.NOT_SUPPORTED
    message = N_("This resource or operation is not supported here: see /fhir/metadata.")
    status = 404
    issue = IssueType.NOT_SUPPORTED


class InteractionNotAllowed(FhirProblem):
    """`allowed`: the methods that this address answers."""

    code = FhirErrorCode.METHOD_NOT_ALLOWED
    message = N_("This address answers {allowed} only.")
    status = 405
    issue = IssueType.NOT_SUPPORTED

    def __init__(self, allowed: str) -> None:
        super().__init__(allowed=allowed)
        self.allowed = allowed


class NotAcceptable(FhirProblem):
    code = FhirErrorCode.NOT_ACCEPTABLE
    message = N_("Answers are in application/fhir+json only.")
    status = 406
    issue = IssueType.NOT_SUPPORTED


class WrongMediaType(FhirProblem):
    code = FhirErrorCode.UNSUPPORTED_MEDIA_TYPE
    message = N_("Send resources as application/fhir+json in UTF-8, not compressed.")
    status = 415
    issue = IssueType.NOT_SUPPORTED


class SearchNotAForm(WrongMediaType):
    """Of a search that is posted, which R4 has as a form and not as a resource."""

    message = N_("Send application/x-www-form-urlencoded in UTF-8, not compressed.")


class BodyNotJson(FhirProblem):
    code = FhirErrorCode.NOT_JSON
    message = N_("The body is not one JSON object in UTF-8 that names each member once.")
    issue = IssueType.STRUCTURE


class BodyTooDeep(FhirProblem):
    code = FhirErrorCode.TOO_DEEP
    message = N_(
        "The body is nested too deeply or holds too much: {levels} levels, {values} values."
    )
    status = 422
    issue = IssueType.TOO_LONG


class NotAResource(FhirProblem):
    code = FhirErrorCode.NOT_A_RESOURCE
    message = N_("The body is not a {kind} as FHIR R4 defines it.")
    issue = IssueType.STRUCTURE


class OutsideR4(FhirProblem):
    code = FhirErrorCode.OUTSIDE_R4
    message = N_("FHIR 4.0.1 has no {name}.")
    issue = IssueType.STRUCTURE


class UnknownParameter(FhirProblem):
    code = FhirErrorCode.UNKNOWN_PARAMETER
    message = N_("The parameter {name} is not supported here: see /fhir/metadata.")
    issue = IssueType.NOT_SUPPORTED


class InvalidParameter(FhirProblem):
    code = FhirErrorCode.INVALID_PARAMETER
    message = N_("The value of {name} is not understood.")


class MissingParameter(FhirProblem):
    code = FhirErrorCode.MISSING_PARAMETER
    message = N_("The parameter {name} is needed, once.")
    issue = IssueType.REQUIRED


class SearchTooCostly(FhirProblem):
    code = FhirErrorCode.TOO_COSTLY
    message = N_("Narrow this search down: give schedule, or specialty with status=free.")
    status = 422
    issue = IssueType.TOO_COSTLY


class TokenMissing(FhirProblem):
    code = FhirErrorCode.TOKEN_MISSING
    message = N_("An access token of a registered system is needed: see {address}.")
    status = 401
    issue = IssueType.LOGIN


class ScopeMissing(FhirProblem):
    code = FhirErrorCode.SCOPE_MISSING
    message = N_("The access token does not have the scope {scope}.")
    status = 403
    issue = IssueType.FORBIDDEN


class VersionMissing(FhirProblem):
    code = FhirErrorCode.VERSION_MISSING
    message = N_('Say in If-Match which version you change, such as W/"3".')
    status = 428
    issue = IssueType.REQUIRED


class VersionChanged(FhirProblem):
    code = FhirErrorCode.VERSION_CHANGED
    message = N_("This was changed since you read it. Read it again.")
    status = 412
    issue = IssueType.CONFLICT


class ElementFixed(FhirProblem):
    code = FhirErrorCode.ELEMENT_FIXED
    message = N_("{name} cannot be changed here: leave it as you read it.")
    status = 422
    issue = IssueType.BUSINESS_RULE


class StatusRefused(FhirProblem):
    code = FhirErrorCode.STATUS_REFUSED
    message = N_("An appointment that is {old} cannot become {new}.")
    status = 409
    issue = IssueType.BUSINESS_RULE


class PatientUnclear(FhirProblem):
    code = FhirErrorCode.PATIENT_UNCLEAR
    message = N_("Give one patient with a name and an identifier that has a system and a value.")
    status = 422
    issue = IssueType.BUSINESS_RULE


class SubscriptionRefused(FhirProblem):
    code = FhirErrorCode.SUBSCRIPTION_REFUSED
    message = N_("{name} of a Subscription cannot be that here.")
    status = 422
    issue = IssueType.BUSINESS_RULE


class TooManySubscriptions(FhirProblem):
    code = FhirErrorCode.TOO_MANY_SUBSCRIPTIONS
    message = N_("A system has at most {most} subscriptions. Delete one first.")
    status = 422
    issue = IssueType.BUSINESS_RULE
