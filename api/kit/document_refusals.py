"""Why a GraphQL document is refused before it is parsed."""

from enum import StrEnum, auto

from api.kit.errors import N_, DomainError


class DocumentErrorCode(StrEnum):
    """Stable across releases: clients switch on it."""

    DOCUMENT_UNREADABLE = auto()
    DOCUMENT_TOO_LARGE = auto()
    TOO_MANY_TOKENS = auto()
    NESTING_TOO_DEEP = auto()
    TOO_MANY_ALIASES = auto()
    TOO_MANY_DIRECTIVES = auto()
    TOO_MANY_OPERATIONS = auto()
    TOO_MANY_FRAGMENTS = auto()
    TOO_MANY_SELECTIONS = auto()
    TOO_MANY_ROOT_FIELDS = auto()
    TOO_MANY_REPETITIONS = auto()
    FRAGMENT_CYCLE = auto()


class DocumentRefused(DomainError):
    """The document is not parsed. `code` is a DocumentErrorCode."""


class DocumentUnreadable(DocumentRefused):
    code = DocumentErrorCode.DOCUMENT_UNREADABLE
    message = N_("The query cannot be read at line {line}, column {column}.")


class DocumentTooLarge(DocumentRefused):
    code = DocumentErrorCode.DOCUMENT_TOO_LARGE
    message = N_("The query is too large: at most {most} bytes.")


class TooManyTokens(DocumentRefused):
    code = DocumentErrorCode.TOO_MANY_TOKENS
    message = N_("The query is too long: at most {most} words and signs.")


class NestingTooDeep(DocumentRefused):
    code = DocumentErrorCode.NESTING_TOO_DEEP
    message = N_("The query is nested too deeply: at most {most} levels.")


class TooManyAliases(DocumentRefused):
    code = DocumentErrorCode.TOO_MANY_ALIASES
    message = N_("The query has too many aliases: at most {most}.")


class TooManyDirectives(DocumentRefused):
    code = DocumentErrorCode.TOO_MANY_DIRECTIVES
    message = N_("The query has too many directives: at most {most}.")


class TooManyOperations(DocumentRefused):
    code = DocumentErrorCode.TOO_MANY_OPERATIONS
    message = N_("The query has too many operations: at most {most}.")


class TooManyFragments(DocumentRefused):
    code = DocumentErrorCode.TOO_MANY_FRAGMENTS
    message = N_("The query has too many fragments: at most {most}.")


class TooManySelections(DocumentRefused):
    code = DocumentErrorCode.TOO_MANY_SELECTIONS
    message = N_(
        "The query asks for too much once its fragments are spread: at most {most} fields."
    )


class TooManyRootFields(DocumentRefused):
    code = DocumentErrorCode.TOO_MANY_ROOT_FIELDS
    message = N_("The query asks for too many things at once: at most {most} fields at its root.")


class TooManyRepetitions(DocumentRefused):
    code = DocumentErrorCode.TOO_MANY_REPETITIONS
    message = N_("The query repeats the same fields too often.")


class FragmentCycle(DocumentRefused):
    code = DocumentErrorCode.FRAGMENT_CYCLE
    message = N_("A fragment of the query contains itself.")
