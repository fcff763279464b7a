"""Why a request is refused before anything is done for it."""

from enum import StrEnum, auto
from typing import ClassVar

from api.kit.errors import N_, DomainError


class RequestErrorCode(StrEnum):
    """Stable across releases: clients switch on it."""

    METHOD_NOT_ALLOWED = auto()
    UNSUPPORTED_MEDIA_TYPE = auto()
    BODY_TOO_LARGE = auto()
    BODY_TOO_SLOW = auto()
    INVALID_JSON = auto()
    INVALID_REQUEST = auto()
    BATCH_REFUSED = auto()
    MISSING_QUERY = auto()
    VARIABLES_TOO_DEEP = auto()
    VARIABLES_TOO_LARGE = auto()
    OPERATION_NOT_FOUND = auto()
    SUBSCRIPTION_OVER_HTTP = auto()
    PERSISTED_QUERY_NOT_FOUND = auto()
    DOCUMENT_ID_MISMATCH = auto()
    DOCUMENT_NOT_PUBLISHED = auto()
    INTROSPECTION_DISABLED = auto()
    TOO_MANY_SUBSCRIPTIONS = auto()
    TOO_MANY_REQUESTS = auto()
    NOT_FOUND = auto()
    INVALID_PARAMETER = auto()
    STORE_UNAVAILABLE = auto()


class RequestRefused(DomainError):
    """`code` is a RequestErrorCode, `status` the HTTP status that says the same."""

    status: ClassVar[int] = 400


class MethodNotAllowed(RequestRefused):
    code = RequestErrorCode.METHOD_NOT_ALLOWED
    message = N_("Send GraphQL requests with POST.")
    status = 405


class UnsupportedMediaType(RequestRefused):
    code = RequestErrorCode.UNSUPPORTED_MEDIA_TYPE
    message = N_("Send the request as application/json in UTF-8, not compressed.")
    status = 415


class BodyTooLarge(RequestRefused):
    code = RequestErrorCode.BODY_TOO_LARGE
    message = N_("The request is too large: at most {most} bytes.")
    status = 413


class BodyTooSlow(RequestRefused):
    code = RequestErrorCode.BODY_TOO_SLOW
    message = N_("The request took too long to arrive.")
    status = 408


class InvalidJson(RequestRefused):
    code = RequestErrorCode.INVALID_JSON
    message = N_("The request is not valid JSON in UTF-8.")


class RequestNotObject(RequestRefused):
    code = RequestErrorCode.INVALID_REQUEST
    message = N_("The request must be a JSON object.")


class MemberNotText(RequestRefused):
    code = RequestErrorCode.INVALID_REQUEST
    message = N_("The member {member} of the request must be text.")


class MemberNotObject(RequestRefused):
    code = RequestErrorCode.INVALID_REQUEST
    message = N_("The member {member} of the request must be an object.")


class NulCharacter(RequestRefused):
    code = RequestErrorCode.INVALID_REQUEST
    message = N_("Texts must not contain the character U+0000.")


class BatchRefused(RequestRefused):
    code = RequestErrorCode.BATCH_REFUSED
    message = N_("Send one operation per request.")


class MissingQuery(RequestRefused):
    code = RequestErrorCode.MISSING_QUERY
    message = N_("The request has no query.")


class VariablesTooDeep(RequestRefused):
    code = RequestErrorCode.VARIABLES_TOO_DEEP
    message = N_("The variables are nested too deeply: at most {most} levels.")


class VariablesTooLarge(RequestRefused):
    code = RequestErrorCode.VARIABLES_TOO_LARGE
    message = N_("The variables hold too much: at most {most} values.")


class OperationNotFound(RequestRefused):
    code = RequestErrorCode.OPERATION_NOT_FOUND
    message = N_("The query has no operation of this name, or several and none is named.")


class SubscriptionOverHttp(RequestRefused):
    code = RequestErrorCode.SUBSCRIPTION_OVER_HTTP
    message = N_("Subscriptions are served over WebSocket, with graphql-transport-ws.")


class PersistedQueryNotFound(RequestRefused):
    code = RequestErrorCode.PERSISTED_QUERY_NOT_FOUND
    message = N_("No published operation has this identifier.")


class DocumentIdMismatch(RequestRefused):
    code = RequestErrorCode.DOCUMENT_ID_MISMATCH
    message = N_("The identifier does not belong to the query that came with it.")


class DocumentNotPublished(RequestRefused):
    code = RequestErrorCode.DOCUMENT_NOT_PUBLISHED
    message = N_("Only published operations are answered here.")
    status = 403


class IntrospectionDisabled(RequestRefused):
    code = RequestErrorCode.INTROSPECTION_DISABLED
    message = N_("The schema cannot be queried here. Read the published schema instead.")
    status = 403


class TooManySubscriptions(RequestRefused):
    code = RequestErrorCode.TOO_MANY_SUBSCRIPTIONS
    message = N_("This connection has too many subscriptions: at most {most}.")


class TooManyRequests(RequestRefused):
    """The same may be asked again after so many whole seconds."""

    code = RequestErrorCode.TOO_MANY_REQUESTS
    message = N_("Too many requests. Please try again in {seconds} s.")
    status = 429

    def __init__(self, retry_after_seconds: int) -> None:
        super().__init__(seconds=retry_after_seconds)
        self.retry_after_seconds = retry_after_seconds


class NotFound(RequestRefused):
    code = RequestErrorCode.NOT_FOUND
    message = N_("There is nothing at this address.")
    status = 404


class WrongMethod(RequestRefused):
    code = RequestErrorCode.METHOD_NOT_ALLOWED
    message = N_("This address does not answer requests of this method.")
    status = 405


class InvalidParameter(RequestRefused):
    code = RequestErrorCode.INVALID_PARAMETER
    message = N_("A parameter of the address is not understood.")
    status = 422


class DataOutOfReach(RequestRefused):
    """The store is away before anything ran; the same request may be sent again."""

    code = RequestErrorCode.STORE_UNAVAILABLE
    message = N_("We cannot reach our data right now. Please try again in a moment.")
    status = 503


def extensions_of(error: DomainError) -> dict[str, str | int]:
    """Return what beside its message an app is told of a refusal: `code`, and `retryAfter` seconds."""
    extensions: dict[str, str | int] = {"code": error.code.name}
    if isinstance(error, TooManyRequests):
        extensions["retryAfter"] = error.retry_after_seconds
    return extensions
