"""What a GraphQL document selects, read from its tokens: all the guard needs to know, no more.

Not a parser: what lies in parentheses and brackets is only counted, and of a document that is
wrong some is misread. The parser, which comes later, refuses those.
"""

import re
from dataclasses import dataclass, field

from api.kit.document_lexer import Kind, Token, tokens, unreadable
from api.kit.document_refusals import (
    NestingTooDeep,
    TooManyAliases,
    TooManyDirectives,
    TooManyFragments,
    TooManyOperations,
    TooManyTokens,
)


@dataclass(frozen=True, slots=True)
class TextBounds:
    """What the text of one document may hold. `nesting` counts open braces, brackets, parentheses."""

    tokens: int = 2_500
    nesting: int = 25
    aliases: int = 30
    directives: int = 50
    operations: int = 5
    fragments: int = 40


@dataclass(slots=True)
class Selections:
    """The inside of one selection set: fields by response name, inline fragments, spreads."""

    fields: list[tuple[str, "Selections"]] = field(default_factory=list["tuple[str, Selections]"])
    inline: list["Selections"] = field(default_factory=list["Selections"])
    spreads: list[str] = field(default_factory=list[str])


@dataclass(slots=True)
class Definition:
    """An operation or a fragment.

    `weight` counts its fields, inline fragments, spreads and directives; `aliases` its aliases;
    `spreads` names the fragments it spreads at any depth, each as often as it does.
    """

    selections: Selections = field(default_factory=Selections)
    spreads: list[str] = field(default_factory=list[str])
    weight: int = 0
    aliases: int = 0


@dataclass(slots=True)
class Survey:
    """What a document contains. `introspects`: a field is `__schema` or `__type`.

    `name` is that of the first operation that has one. `subscribes`: an operation is a subscription.
    """

    operations: list[Definition] = field(default_factory=list[Definition])
    fragments: dict[str, Definition] = field(default_factory=dict[str, Definition])
    introspects: bool = False
    subscribes: bool = False
    name: str | None = None


_OPERATIONS = frozenset({"query", "mutation", "subscription"})
_INTROSPECTION = frozenset({"__schema", "__type"})
# U+0000, as itself or escaped: the store cannot hold it, and no reader means it.
_NUL = re.compile(r"\0|(?<!\\)(?:\\\\)*+\\u(?:0000|\{0++\})")
_DIGITS_AT_MOST = 400
"""Longer than any number that is one; Python refuses to read integers of more than 4,300 digits."""
_CLOSERS = {"(": ")", "[": "]", "{": "}"}


def survey(document: str, bounds: TextBounds) -> Survey:
    """Read `document` once. Raises DocumentUnreadable, or the refusal of the first broken bound."""
    return _Reader(document, bounds).read()


class _Reader:
    def __init__(self, document: str, bounds: TextBounds) -> None:
        self._document = document
        self._bounds = bounds
        self._survey = Survey()
        self._definition: Definition | None = None
        self._names_fragment = False
        self._closers: list[str] = []
        self._open: list[Selections] = []
        self._inline = False
        self._before = ""
        self._aliases = self._directives = 0

    def read(self) -> Survey:
        for count, token in enumerate(tokens(self._document), start=1):
            if count > self._bounds.tokens:
                raise TooManyTokens(most=self._bounds.tokens)
            self._take(token)
            self._before = token.text
        if self._closers or self._definition is not None:
            raise unreadable(self._document, len(self._document))
        return self._survey

    def _take(self, token: Token) -> None:
        if token.kind is Kind.STRING and _NUL.search(token.text):
            raise unreadable(self._document, token.start)
        if token.kind is Kind.NUMBER and len(token.text) > _DIGITS_AT_MOST:
            raise unreadable(self._document, token.start)
        if token.text in _CLOSERS:
            self._enter(token)
        elif self._closers and token.text == self._closers[-1]:
            self._leave()
        elif token.text in (")", "]", "}"):
            raise unreadable(self._document, token.start)
        elif token.text == "@":
            self._count_directive()
        elif not self._closers:
            self._take_outside(token)
        elif self._selects:
            self._take_selection(token)

    @property
    def _selects(self) -> bool:
        """Whether the innermost open sign is the brace of a selection set."""
        return len(self._closers) == len(self._open)

    def _take_outside(self, token: Token) -> None:
        if self._definition is None:
            if token.kind is not Kind.STRING:  # a description, since September 2025
                self._define(token)
        elif self._names_fragment:
            self._name_fragment(token.text)
        elif self._before in _OPERATIONS and token.kind is Kind.NAME:
            self._survey.name = self._survey.name or token.text

    def _define(self, token: Token) -> None:
        if token.text == "fragment":
            self._definition, self._names_fragment = Definition(), True
        elif token.text in _OPERATIONS:
            self._definition = self._added_operation()
            self._survey.subscribes |= token.text == "subscription"
        else:
            raise unreadable(self._document, token.start)

    def _name_fragment(self, name: str) -> None:
        # Of two fragments of one name either could be meant: they count as one that holds both.
        self._definition = self._survey.fragments.setdefault(name, Definition())
        self._names_fragment = False
        if len(self._survey.fragments) > self._bounds.fragments:
            raise TooManyFragments(most=self._bounds.fragments)

    def _added_operation(self) -> Definition:
        if len(self._survey.operations) >= self._bounds.operations:
            raise TooManyOperations(most=self._bounds.operations)
        self._survey.operations.append(Definition())
        return self._survey.operations[-1]

    def _count_directive(self) -> None:
        self._directives += 1
        if self._directives > self._bounds.directives:
            raise TooManyDirectives(most=self._bounds.directives)
        if self._definition is not None:
            self._definition.weight += 1

    def _enter(self, token: Token) -> None:
        if len(self._closers) >= self._bounds.nesting:
            raise NestingTooDeep(most=self._bounds.nesting)
        if token.text == "{" and self._selects:
            self._open.append(self._selections_opened_by(token))
        elif self._definition is None:
            raise unreadable(self._document, token.start)
        self._closers.append(_CLOSERS[token.text])

    def _selections_opened_by(self, brace: Token) -> Selections:
        if not self._open:
            if self._definition is None:
                self._definition = self._added_operation()
            return self._definition.selections
        around = self._open[-1]
        if self._inline:
            self._inline = False
            around.inline.append(Selections())
            return around.inline[-1]
        if not around.fields:
            raise unreadable(self._document, brace.start)
        return around.fields[-1][1]

    def _leave(self) -> None:
        leaves_selections = self._selects
        self._closers.pop()
        if leaves_selections:
            self._open.pop()
            if not self._open:
                self._definition = None

    def _take_selection(self, token: Token) -> None:
        if token.text == "...":
            self._inline = True
            self._weigh_one()
        elif token.text == ":":
            self._aliases += 1
            if self._aliases > self._bounds.aliases:
                raise TooManyAliases(most=self._bounds.aliases)
            if self._definition is not None:
                self._definition.aliases += 1
        elif token.kind is Kind.NAME and self._before != "@":
            self._take_name(token.text)

    def _take_name(self, name: str) -> None:
        if self._before == "...":
            self._inline = name == "on"
            if not self._inline:
                self._spread(name)
        elif self._inline and self._before == "on":
            return  # the type of an inline fragment
        else:
            self._survey.introspects |= name in _INTROSPECTION
            if self._before != ":":  # what follows an alias adds no response name
                self._open[-1].fields.append((name, Selections()))
                self._weigh_one()

    def _spread(self, fragment: str) -> None:
        self._open[-1].spreads.append(fragment)
        if self._definition is not None:
            self._definition.spreads.append(fragment)

    def _weigh_one(self) -> None:
        if self._definition is not None:
            self._definition.weight += 1
