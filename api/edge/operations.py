"""One door for both transports: which document a request means, and whether it may run."""

from functools import lru_cache
from typing import NamedTuple

from api.edge.published_documents import PublishedDocuments
from api.kit.document_bounds import check_document
from api.kit.graphql_request import GraphQLRequest
from api.kit.request_refusals import IntrospectionDisabled, OperationNotFound

DOCUMENTS_REMEMBERED = 256


class Contents(NamedTuple):
    """What of a document decides whether a request may run it."""

    operations: int
    introspects: bool


class Operations:
    """Turns a request into the text of a document that keeps the bounds."""

    def __init__(self, published: PublishedDocuments, *, introspection: bool) -> None:
        self._published = published
        self._introspection = introspection

    def document(self, request: GraphQLRequest) -> str:
        """Return the text to run. Raises RequestRefused or DocumentRefused."""
        document = self._published.document(request)
        contents = checked(document)
        if contents.introspects and not self._introspection:
            raise IntrospectionDisabled
        if contents.operations > 1 and request.operation_name is None:
            raise OperationNotFound
        return document


@lru_cache(maxsize=DOCUMENTS_REMEMBERED)
def checked(document: str) -> Contents:
    """Return what `document` contains; raises DocumentRefused when it breaks a bound."""
    found = check_document(document)
    return Contents(len(found.operations), found.introspects)
