"""The operations that the apps send, as published in the contract folder."""

from functools import cache
from pathlib import Path

from api.kit.document_lexer import normalized
from api.kit.document_refusals import DocumentRefused
from api.kit.graphql_request import GraphQLRequest, document_id
from api.kit.operation_texts import operation_texts, released_texts
from api.kit.request_refusals import (
    DocumentIdMismatch,
    DocumentNotPublished,
    MissingQuery,
    PersistedQueryNotFound,
)


class PublishedDocuments:
    """Documents by the SHA-256 of their file, and by what they say whatever their layout.

    `names`: of their operations, one a file and called as the file is.
    """

    def __init__(
        self, texts: list[str], *, only_these: bool, names: frozenset[str] = frozenset()
    ) -> None:
        self.names = names
        self._by_id = {document_id(text): text for text in texts}
        # Only asked for when nothing else is answered, and it takes a while to know what all mean.
        self._by_meaning = {normalized(text): text for text in texts} if only_these else {}
        self._only_these = only_these

    @classmethod
    @cache
    def in_folder(cls, operations: Path, *, only_these: bool) -> "PublishedDocuments":
        """Read what is published, once; raises ValueError when nothing could run."""
        current = operation_texts(operations)
        if only_these and not current:
            raise ValueError(f"trusted_documents_only: no *.graphql file lies under {operations}")
        texts = dict.fromkeys((*current.values(), *released_texts(operations).values()))
        names = frozenset(name.rpartition("/")[2] for name in current)
        return cls(list(texts), only_these=only_these, names=names)

    def document(self, request: GraphQLRequest) -> str:
        """Return the text to run for `request`.

        Raises MissingQuery, PersistedQueryNotFound, DocumentIdMismatch or, when nothing else is
        answered, DocumentNotPublished.
        """
        if request.document_id is not None:
            return self._identified(request.document_id, request.query)
        if not request.query:
            raise MissingQuery
        return self._published(request.query) if self._only_these else request.query

    def _identified(self, wanted: str, query: str | None) -> str:
        known = self._by_id.get(wanted)
        if query and document_id(query) != wanted:
            raise DocumentIdMismatch
        if known is None and (query is None or self._only_these):
            raise PersistedQueryNotFound
        return known or query or ""

    def _published(self, query: str) -> str:
        try:
            known = self._by_meaning.get(normalized(query))
        except DocumentRefused:
            known = None
        if known is None:
            raise DocumentNotPublished
        return known
