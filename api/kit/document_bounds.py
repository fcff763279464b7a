"""The guard before the parser: bounds what a GraphQL document may make us do, in linear time.

Parsing and, far more, validating cost time that grows with what fragments expand to, and with the
square of how often a field is repeated (section 5.3.2 of the specification compares every two
fields that would merge). A few hundred bytes can so ask for hours of work. What those steps would
meet is computed here from the text, in time linear in the text and in the bounds.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter

from api.kit.document_refusals import (
    DocumentTooLarge,
    FragmentCycle,
    NestingTooDeep,
    TooManyAliases,
    TooManyRepetitions,
    TooManyRootFields,
    TooManySelections,
)
from api.kit.document_survey import Definition, Selections, Survey, TextBounds, survey


@dataclass(frozen=True, slots=True)
class DocumentBounds:
    """What one document may hold, its text and what it becomes with its fragments spread.

    `selections` counts fields, inline fragments, spreads and directives; `root_fields` the fields
    at the top of one operation; `levels` selection sets, inline fragments and spreads inside each
    other; `repetitions` adds up, over all response paths, the square of how many fields share it
    where more than one does.
    """

    bytes: int = 16_384
    text: TextBounds = field(default_factory=TextBounds)
    selections: int = 1_000
    root_fields: int = 5
    levels: int = 25
    repetitions: int = 2_500


DEFAULT_BOUNDS = DocumentBounds()
_MORE_THAN_ANY_BOUND = 10**12
"""Where counting stops: what doubles with every fragment would become a number of any length."""


def check_document(document: str, bounds: DocumentBounds = DEFAULT_BOUNDS) -> Survey:
    """Return what `document` contains, or raise the DocumentRefused of the first broken bound.

    A document that passes may still be wrong: that is for the parser and the validation to say.
    """
    size = len(document)
    if size > bounds.bytes or len(document.encode(errors="replace")) > bounds.bytes:
        raise DocumentTooLarge(most=bounds.bytes)
    found = survey(document, bounds.text)
    expansion = _Expansion(found, bounds)
    expansion.check_weight()
    for definition in expansion.roots:
        expansion.check_shape(definition)
    return found


class _Expansion:
    """A document with its fragments spread. What nobody spreads is a root, used or not."""

    def __init__(self, found: Survey, bounds: DocumentBounds) -> None:
        self._fragments = found.fragments
        self._bounds = bounds
        self._repetitions = 0
        spread = {name for definition in _definitions(found) for name in definition.spreads}
        unused = (item for name, item in found.fragments.items() if name not in spread)
        self.roots = [*found.operations, *unused]

    def check_weight(self) -> None:
        """Raise FragmentCycle, TooManySelections or TooManyAliases. Every fragment is weighed once."""
        uses = {name: set(item.spreads) for name, item in self._fragments.items()}
        try:
            order = list(TopologicalSorter(uses).static_order())
        except CycleError as error:
            raise FragmentCycle from error
        if self._total(order, lambda it: it.weight) > self._bounds.selections:
            raise TooManySelections(most=self._bounds.selections)
        aliases_at_most = self._bounds.text.aliases
        if self._total(order, lambda it: it.aliases) > aliases_at_most:
            raise TooManyAliases(most=aliases_at_most)

    def _total(self, order: Sequence[str], own: Callable[[Definition], int]) -> int:
        """Return what the roots have of something, with what their fragments have each time."""
        totals: dict[str, int] = {}

        def of(definition: Definition) -> int:
            return own(definition) + sum(totals.get(name, 0) for name in definition.spreads)

        for name in order:
            if fragment := self._fragments.get(name):
                totals[name] = min(of(fragment), _MORE_THAN_ANY_BOUND)
        return sum(map(of, self.roots))

    def check_shape(self, root: Definition) -> None:
        """Walk the expansion, now known to be small. Raises the refusal of a broken bound."""
        top = self._by_name([(root.selections, 1)])
        if sum(map(len, top.values())) > self._bounds.root_fields:
            raise TooManyRootFields(most=self._bounds.root_fields)
        waiting = list(top.values())
        while waiting:
            same = waiting.pop()
            if len(same) > 1:
                self._repetitions += len(same) ** 2
            if self._repetitions > self._bounds.repetitions:
                raise TooManyRepetitions
            waiting.extend(self._by_name(same).values())

    def _by_name(
        self, merged: list[tuple[Selections, int]]
    ) -> dict[str, list[tuple[Selections, int]]]:
        """Return what fields of each response name select, over selection sets that merge."""
        by_name: dict[str, list[tuple[Selections, int]]] = defaultdict(list)
        for selections, level in self._flat(merged):
            for name, inside in selections.fields:
                by_name[name].append((inside, level + 1))
        return by_name

    def _flat(self, merged: list[tuple[Selections, int]]) -> Iterator[tuple[Selections, int]]:
        """Yield the selection sets, and those of their inline fragments and spreads, with levels."""
        waiting = list(merged)
        while waiting:
            selections, level = waiting.pop()
            if level > self._bounds.levels:
                raise NestingTooDeep(most=self._bounds.levels)
            yield selections, level
            waiting.extend((inline, level + 1) for inline in selections.inline)
            waiting.extend(
                (self._fragments[name].selections, level + 1)
                for name in selections.spreads
                if name in self._fragments
            )


def _definitions(found: Survey) -> Iterator[Definition]:
    yield from found.operations
    yield from found.fragments.values()
