"""The lexical grammar of GraphQL (October 2021 specification, section 2.1), in linear time.

Every repetition in the pattern is possessive, so no character is looked at twice for one token.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from api.kit.document_refusals import DocumentUnreadable


class Kind(Enum):
    NAME = "name"
    PUNCTUATOR = "punctuator"
    STRING = "string"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Token:
    """A token; `text` as it stands in the document, `start` counted in characters."""

    kind: Kind
    text: str
    start: int


_IGNORED = r"(?:[ \t\n\r,\ufeff]++|\#[^\n\r]*+)*+"
_BETWEEN_TOKENS = re.compile(_IGNORED)
_TOKEN = re.compile(
    _IGNORED
    + r"""
    (?:
      (?P<name> [A-Za-z_][0-9A-Za-z_]*+ )
    | (?P<punctuator> \.\.\. | [!$&():=@\[\]{|}] )
    | (?P<string>
        \"{3} (?: [^"\\]++ | \\ (?:\"{3})?+ | " (?!"") )*+ \"{3}
      | " (?!"") (?: [^"\\\n\r]++ | \\ [^\n\r] )*+ "
      )
    | (?P<number> -? (?: 0 | [1-9][0-9]*+ ) (?: \.[0-9]++ )?+ (?: [eE][+-]?[0-9]++ )?+
        (?! [0-9A-Za-z_.] ) )
    | (?P<end> \Z )
    )""",
    re.VERBOSE,
)


def tokens(document: str) -> Iterator[Token]:
    """Yield the tokens of `document`. Raises DocumentUnreadable where no token can be."""
    position = 0
    while (found := _TOKEN.match(document, position)) and found.lastgroup != "end":
        kind = found.lastgroup
        assert kind is not None, "every alternative is a named group"  # noqa: S101
        yield Token(Kind(kind), found[kind], found.start(kind))
        position = found.end()
    if found is None:
        ignored = _BETWEEN_TOKENS.match(document, position)
        raise unreadable(document, ignored.end() if ignored else position)


def unreadable(document: str, position: int) -> DocumentUnreadable:
    """Return the refusal that names the line and column of `position`, both from 1."""
    before = document[:position].replace("\r\n", "\n").replace("\r", "\n")
    line = before.count("\n") + 1
    column = len(before) - (before.rfind("\n") + 1) + 1
    return DocumentUnreadable(line=line, column=column)


def normalized(document: str) -> str:
    """Return `document` without comments, commas and layout: equal for documents that mean the same."""
    return " ".join(token.text for token in tokens(document))
