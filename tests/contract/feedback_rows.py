"""Rows of the authorization matrix: reports of people, and the desk of the agency that has them."""

from collections.abc import Callable
from typing import Any

from tests.contract.rows import EVERYBODY, SIGNED_IN, Row, Sight, Variables
from tests.contract.world import Actor, World
from tests.feedback.reporting import SA_PA, SA_PA_WARD, a_report

_CLERK = frozenset({Actor.REPORT_CLERK})
_OWNER = frozenset({Actor.OWNER})
_KEY = "authorization-matrix-of-reports"
_OFFICE = {"kind": "AGENCY", "id": SA_PA_WARD}
_SAID = {"words": "Sáng mai đội dọn.", "language": "vi"}


def _of_the_desk(operation: str, values: Callable[[World], Variables]) -> Row:
    """Return the row of what clerks of the agency do."""
    return Row(
        f"feedback/{operation}",
        _CLERK,
        "NOT_ALLOWED",
        "NOT_SIGNED_IN",
        lambda world: {"agencyId": SA_PA_WARD, **values(world)},
    )


def _step(
    operation: str,
    code: Callable[[World], str],
    state: str,
    more: Callable[[World], dict[str, Any]] = lambda _: {},
) -> Row:
    return _of_the_desk(
        operation,
        lambda world: {
            "code": code(world),
            "seenState": state,
            "idempotencyKey": _KEY,
            **more(world),
        },
    )


def _of_the_office(operation: str, values: Callable[[World], Variables] = lambda _: {}) -> Row:
    """Return the row of what clerks of an office that is rated do."""
    return Row(
        f"feedback/{operation}",
        _CLERK,
        "NOT_ALLOWED",
        "NOT_SIGNED_IN",
        lambda world: {"office": _OFFICE, **values(world)},
    )


def _of_the_code(operation: str) -> Row:
    return _of_the_office(
        operation,
        lambda world: {
            "id": world.feedback.office_code_id,
            "version": 1,
            "idempotencyKey": _KEY,
        },
    )


def _of_the_reporter(operation: str, more: dict[str, Any]) -> Row:
    return Row(
        f"feedback/{operation}",
        _OWNER,
        "NOT_FOUND",
        "NOT_SIGNED_IN",
        lambda world: {"code": world.feedback.private_fixed, "idempotencyKey": _KEY, **more},
    )


FEEDBACK_ROWS: dict[str, Row] = {
    "Query.reportCategories": Row("feedback/ReportCategories", EVERYBODY),
    "Query.suggestCategory": Row(
        "feedback/SuggestCategory", EVERYBODY, variables=lambda _: {"text": "rác"}
    ),
    "Query.report": Row(
        "feedback/Report", EVERYBODY, variables=lambda world: {"code": world.feedback.received}
    ),
    "Query.publicReports": Row("feedback/PublicReports", EVERYBODY),
    "Query.agencyLeague": Row(
        "feedback/AgencyLeague", EVERYBODY, variables=lambda _: {"month": "2026-05"}
    ),
    "Query.similarReports": Row(
        "feedback/SimilarReports",
        EVERYBODY,
        variables=lambda _: {"position": SA_PA, "categoryCode": "waste"},
    ),
    "Query.myReports": Row("feedback/MyReports", SIGNED_IN, anonymous="NOT_SIGNED_IN"),
    "Query.myReport": Row(
        "feedback/MyReport",
        _OWNER,
        None,
        "NOT_SIGNED_IN",
        lambda world: {"code": world.feedback.private_fixed},
    ),
    "Query.deskReports": _of_the_desk("DeskReports", lambda _: {}),
    "Query.deskReport": _of_the_desk(
        "DeskReport", lambda world: {"code": world.feedback.private_fixed}
    ),
    "Query.reporterContact": _of_the_desk(
        "ReporterContact", lambda world: {"code": world.feedback.private_fixed}
    ),
    "Mutation.blurPhoto": _of_the_desk(
        "BlurPhoto",
        lambda world: {
            "code": world.feedback.private_fixed,
            "mediaId": world.feedback.blurred_id,
            "seenVersion": 1,
            "boxes": [{"left": 0.1, "top": 0.1, "width": 0.2, "height": 0.2}],
            "idempotencyKey": _KEY,
        },
    ),
    "Mutation.readOriginalPhoto": _of_the_desk(
        "ReadOriginalPhoto",
        lambda world: {
            "code": world.feedback.private_fixed,
            "mediaId": world.feedback.blurred_id,
            "reason": "COMPLAINT",
        },
    ),
    "Query.ratingForms": Row("feedback/RatingForms", EVERYBODY),
    "Query.satisfactionResults": Row(
        "feedback/SatisfactionResults", EVERYBODY, variables=lambda _: {"month": "2026-01"}
    ),
    "Query.myRatings": Row("feedback/MyRatings", SIGNED_IN, anonymous="NOT_SIGNED_IN"),
    "Query.officeRatings": _of_the_office("OfficeRatings"),
    "Query.officeCodes": _of_the_office("OfficeCodes"),
    "Mutation.rate": Row(
        "feedback/Rate",
        _OWNER,
        "NOT_FOUND",
        "NOT_SIGNED_IN",
        lambda world: {
            "ratingId": world.feedback.rating_id,
            "grade": "SATISFIED",
            "idempotencyKey": _KEY,
        },
    ),
    # Whoever is signed in, it takes the secret that only the device has.
    "Mutation.rateOffice": Row(
        "feedback/RateOffice",
        frozenset(),
        "DEVICE_NOT_FOUND",
        variables=lambda world: {
            "code": "LCRO1",
            "device": {"id": world.device_id, "secret": "0" * 64},
            "grade": "SATISFIED",
            "idempotencyKey": _KEY,
        },
    ),
    "Mutation.createOfficeCode": _of_the_office(
        "CreateOfficeCode", lambda _: {"label": "Quầy 2", "idempotencyKey": _KEY}
    ),
    "Mutation.replaceOfficeCode": _of_the_code("ReplaceOfficeCode"),
    "Mutation.revokeOfficeCode": _of_the_code("RevokeOfficeCode"),
    "Mutation.submitReport": Row(
        "feedback/SubmitReport",
        SIGNED_IN,
        anonymous="NOT_SIGNED_IN",
        variables=lambda _: a_report(idempotencyKey=_KEY),
    ),
    "Mutation.joinReport": Row(
        "feedback/JoinReport",
        SIGNED_IN,
        anonymous="NOT_SIGNED_IN",
        variables=lambda world: {"code": world.feedback.received, "idempotencyKey": _KEY},
    ),
    "Mutation.leaveReport": Row(
        "feedback/LeaveReport",
        SIGNED_IN,
        anonymous="NOT_SIGNED_IN",
        variables=lambda world: {"code": world.feedback.received, "idempotencyKey": _KEY},
    ),
    "Mutation.confirmFix": _of_the_reporter("ConfirmFix", {}),
    "Mutation.reopenReport": _of_the_reporter("ReopenReport", _SAID),
    "Mutation.acceptReport": _step("AcceptReport", lambda it: it.feedback.received, "RECEIVED"),
    "Mutation.refuseReport": _step(
        "RefuseReport",
        lambda it: it.feedback.received,
        "RECEIVED",
        lambda _: {"reason": "NOT_OURS", **_SAID},
    ),
    "Mutation.rerouteReport": _step(
        "RerouteReport",
        lambda it: it.feedback.received,
        "RECEIVED",
        lambda _: {"toAgencyId": "environment", **_SAID},
    ),
    "Mutation.assignReport": _step(
        "AssignReport", lambda it: it.feedback.in_progress, "IN_PROGRESS", lambda _: _SAID
    ),
    "Mutation.answerReport": _step(
        "AnswerReport", lambda it: it.feedback.in_progress, "IN_PROGRESS", lambda _: _SAID
    ),
    "Mutation.startReport": _step("StartReport", lambda it: it.feedback.accepted, "ACCEPTED"),
    "Mutation.proveFix": _step(
        "ProveFix",
        lambda it: it.feedback.in_progress,
        "IN_PROGRESS",
        lambda it: {"photoIds": [it.feedback.proof_id]},
    ),
    "Mutation.mergeReports": _of_the_desk(
        "MergeReports",
        lambda world: {
            "leadCode": world.feedback.accepted,
            "codes": [world.feedback.received],
            "idempotencyKey": _KEY,
        },
    ),
    "Mutation.unmergeReport": _of_the_desk(
        "UnmergeReport",
        lambda world: {"code": world.feedback.merged, "idempotencyKey": _KEY},
    ),
}

FEEDBACK_TYPES: dict[str, tuple[Sight, str]] = {
    "AcceptReportSuccess": (Sight.STAFF, "report"),
    "AgencyFigures": (
        Sight.PUBLIC,
        "received answered medianHoursToAnswer ninetiethHoursToAnswer due fixedInTime shareFixedInTime reopened shareReopened openOverdue",
    ),
    "AgencyLeague": (Sight.PUBLIC, "month asOf province standings"),
    "AgencyStanding": (Sight.PUBLIC, "agency rank figures"),
    "AnswerReportSuccess": (Sight.STAFF, "report"),
    "AssignReportSuccess": (Sight.STAFF, "report"),
    "CategorySuggestion": (Sight.PUBLIC, "category share"),
    "CategorySuggestions": (Sight.PUBLIC, "suggestions"),
    "CreateOfficeCodeSuccess": (Sight.STAFF, "officeCode"),
    "GradeCount": (Sight.PUBLIC, "grade ratings"),
    "MyRating": (
        Sight.OWN,
        "id kind reportCode appointmentId office askedAt openUntil grade reasons words ratedAt",
    ),
    "MyRatingConnection": (Sight.OWN, "edges pageInfo"),
    "MyRatingEdge": (Sight.OWN, "node cursor"),
    "OfferedGrade": (Sight.PUBLIC, "code name"),
    "OfferedReason": (Sight.PUBLIC, "code name"),
    "OfficeCode": (Sight.STAFF, "id number label version code svg createdAt changedAt"),
    "OfficeCodes": (Sight.STAFF, "codes"),
    "OfficeRating": (Sight.STAFF, "kind grade reasons words week"),
    "OfficeRatingConnection": (Sight.STAFF, "edges pageInfo"),
    "OfficeRatingEdge": (Sight.STAFF, "node cursor"),
    "RateOfficeSuccess": (Sight.OWN, "rating"),
    "RateSuccess": (Sight.OWN, "rating"),
    "RatedOffice": (Sight.PUBLIC, "kind id name"),
    "RatingForm": (Sight.PUBLIC, "kind grades reasons"),
    "RatingForms": (Sight.PUBLIC, "forms"),
    "ReasonCount": (Sight.PUBLIC, "reason praised criticised"),
    "ReplaceOfficeCodeSuccess": (Sight.STAFF, "officeCode"),
    "RevokeOfficeCodeSuccess": (Sight.STAFF, "officeCode"),
    "SatisfactionResult": (
        Sight.PUBLIC,
        "office month source ratings grades satisfied reasons",
    ),
    "SatisfactionResultConnection": (Sight.PUBLIC, "edges pageInfo"),
    "SatisfactionResultEdge": (Sight.PUBLIC, "node cursor"),
    "SatisfiedShare": (Sight.PUBLIC, "share low high"),
    "ConfirmFixSuccess": (Sight.OWN, "report"),
    "DeskReport": (
        Sight.STAFF,
        "code category state stateName communeCode agency agencyReason people receivedAt stateSince due steps visibility position accuracy capturedAt text fields level photos leadCode deskPhotos",
    ),
    "DeskReportConnection": (Sight.STAFF, "edges pageInfo"),
    "DeskReportEdge": (Sight.STAFF, "node cursor"),
    "BlurBox": (Sight.STAFF, "left top width height"),
    "BlurPhotoSuccess": (Sight.STAFF, "photo"),
    "DeskPhoto": (
        Sight.STAFF,
        "mediaId blurVersion boxes isBlurring takenAt takenPosition",
    ),
    "ReadOriginalPhotoSuccess": (Sight.STAFF, "url expiresAt"),
    "FeedbackError": (Sight.PUBLIC, "message code field retryAfter"),
    "JoinReportSuccess": (Sight.PUBLIC, "report"),
    "LeaveReportSuccess": (Sight.PUBLIC, "report"),
    "MergeReportsSuccess": (Sight.STAFF, "report"),
    "MyReport": (
        Sight.OWN,
        "code category state stateName communeCode agency agencyReason people receivedAt stateSince due steps isMine visibility position capturedAt text canConfirm canReopen photos",
    ),
    "MyReportConnection": (Sight.OWN, "edges pageInfo"),
    "MyReportEdge": (Sight.OWN, "node cursor"),
    "ProveFixSuccess": (Sight.STAFF, "report"),
    "PublicReport": (
        Sight.PUBLIC,
        "code category state stateName communeCode agency agencyReason people receivedAt stateSince due steps position text reportedBy photos",
    ),
    "PublicReportConnection": (Sight.PUBLIC, "edges pageInfo"),
    "PublicReportEdge": (Sight.PUBLIC, "node cursor"),
    "RefuseReportSuccess": (Sight.STAFF, "report"),
    "ReopenReportSuccess": (Sight.OWN, "report"),
    "ReportAgency": (Sight.PUBLIC, "id kind name communeCode"),
    "ReportAnswer": (Sight.STAFF, "code value"),
    "ReportCategories": (Sight.PUBLIC, "categories"),
    "ReportCategory": (
        Sight.PUBLIC,
        "code name hint fields isUrgent emergencyNumbers acceptWithin answerWithin fixWithin",
    ),
    "ReportDeadlines": (Sight.PUBLIC, "accept answer fix"),
    "ReportField": (Sight.PUBLIC, "code kind label isRequired choices"),
    "ReportFieldChoice": (Sight.PUBLIC, "code label"),
    "ReportRefusal": (Sight.PUBLIC, "code message"),
    "ReportStep": (
        Sight.PUBLIC,
        "move state by agency at words refusal toAgency otherCode level photos",
    ),
    "ReportTerm": (Sight.PUBLIC, "amount unit"),
    "ReporterAddress": (Sight.STAFF, "channel address"),
    "ReporterContact": (Sight.STAFF, "addresses"),
    "RerouteReportSuccess": (Sight.STAFF, "report"),
    "SimilarReport": (Sight.PUBLIC, "report distance"),
    "SimilarReports": (Sight.PUBLIC, "reports"),
    "StartReportSuccess": (Sight.STAFF, "report"),
    "SubmitReportSuccess": (Sight.OWN, "report"),
    "TranslatedText": (Sight.PUBLIC, "text language translation"),
    "UnmergeReportSuccess": (Sight.STAFF, "report"),
}
