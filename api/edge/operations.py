"""One door for both transports: which document a request means, and whether it may run."""

import re
from functools import lru_cache
from typing import NamedTuple

from api.edge.published_documents import PublishedDocuments
from api.kit.document_bounds import check_document
from api.kit.graphql_request import GraphQLRequest
from api.kit.request_refusals import IntrospectionDisabled, OperationNotFound

DOCUMENTS_REMEMBERED = 256
_NAME = re.compile(r"[A-Za-z_][0-9A-Za-z_]{0,63}")


class Contents(NamedTuple):
    """What of a document decides whether a request may run it."""

    operations: int
    introspects: bool
    subscribes: bool
    name: str | None


class Runnable(NamedTuple):
    """A document that may run, and the name of its operation if that may be logged.

    `subscribes`: one of its operations is a subscription.
    """

    document: str
    name: str | None
    subscribes: bool


class Operations:
    """Turns a request into the text of a document that keeps the bounds."""

    def __init__(self, published: PublishedDocuments, *, introspection: bool) -> None:
        self._published = published
        self._introspection = introspection

    def runnable(self, request: GraphQLRequest) -> Runnable:
        """Return what to run. Raises RequestRefused or DocumentRefused."""
        document = self._published.document(request)
        contents = checked(document)
        if contents.introspects and not self._introspection:
            raise IntrospectionDisabled
        if contents.operations > 1 and request.operation_name is None:
            raise OperationNotFound
        name = _loggable(request.operation_name or contents.name)
        return Runnable(document, name, contents.subscribes)


def _loggable(name: str | None) -> str | None:
    """Return a name that has the form of one and its length: what else a client sends is not logged."""
    return name if name is not None and _NAME.fullmatch(name) else None


@lru_cache(maxsize=DOCUMENTS_REMEMBERED)
def checked(document: str) -> Contents:
    """Return what `document` contains; raises DocumentRefused when it breaks a bound."""
    found = check_document(document)
    return Contents(len(found.operations), found.introspects, found.subscribes, found.name)
