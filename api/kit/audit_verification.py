"""Reading the audit log from its first row to its head, and naming what is not as it was written."""

from dataclasses import dataclass
from enum import StrEnum, auto

from api.kit.audit_chain import START, AuditChain, Head, number_of
from api.kit.store import Document

FAULTS_AT_MOST = 100


class FaultKind(StrEnum):
    """EDITED: the row in its place is not as it was written. MISSING: there is no row.

    REORDERED: a row of another place. FOREIGN: a row where the log has none. UNLINKED: a row that
    was not written after the one before it. HEAD_WRONG: the head is gone, not ours, or not that of
    the last row. NOT_AS_EXPECTED: what was noted down earlier is not a part of this log.
    """

    EDITED = auto()
    MISSING = auto()
    REORDERED = auto()
    FOREIGN = auto()
    UNLINKED = auto()
    HEAD_WRONG = auto()
    NOT_AS_EXPECTED = auto()


@dataclass(frozen=True, slots=True)
class Fault:
    """`number` is the row's, None where it has none; for the head, that of the last row found."""

    kind: FaultKind
    number: int | None


@dataclass(frozen=True, slots=True)
class Verification:
    """What was found. `head` is good to be noted down when there are no faults.

    `faults` in the order of their rows, the first FAULTS_AT_MOST; `has_more_faults`: there are more.
    """

    head: Head
    faults: tuple[Fault, ...]
    has_more_faults: bool


class Walk:
    """Takes rows in order of their ids, and keeps no more than where it stands."""

    def __init__(self, chain: AuditChain, expected: Head | None) -> None:
        self._chain = chain
        self._expected = expected or START
        self._met_expected = self._expected == START
        self._last = START.count
        self._digest: str | None = START.digest
        self._faults: list[Fault] = []
        self._has_more = False

    @property
    def last(self) -> int:
        """The number of the last row taken."""
        return self._last

    def take(self, row: Document, head: Head | None) -> None:
        """Take the next row. `head` was read after it; None when the log has none of ours."""
        number = number_of(row["_id"])
        is_in_place = self._chain.is_in_place(row)
        if number is None or not (is_in_place or self._has_place(number, head)):
            self.add(FaultKind.FOREIGN, number)
            return
        self._miss_rows_before(number)
        if is_in_place:
            self._check_link(row, number)
        else:
            is_ours = self._chain.is_ours(row)
            self.add(FaultKind.REORDERED if is_ours else FaultKind.EDITED, number)
        self._stand_at(number, row["digest"] if is_in_place else None)

    def end(self, head: Head | None, *, is_head_kept: bool) -> Verification:
        """Compare what was walked with the head that the log has."""
        if head is not None:
            self._miss_rows_before(head.count + 1)
            if self._last > head.count or self._digest not in (None, head.digest):
                self.add(FaultKind.HEAD_WRONG, self._last)
        elif is_head_kept or self._last or self._faults:
            self.add(FaultKind.HEAD_WRONG, self._last)
        if not self._met_expected:
            self.add(FaultKind.NOT_AS_EXPECTED, self._expected.count)
        end = head or Head(self._last, self._digest or START.digest)
        return Verification(end, tuple(self._faults), self._has_more)

    def add(self, kind: FaultKind, number: int | None) -> None:
        """Add a fault, if there are not too many already."""
        if len(self._faults) < FAULTS_AT_MOST:
            self._faults.append(Fault(kind, number))
        else:
            self._has_more = True

    def _has_place(self, number: int, head: Head | None) -> bool:
        """Tell whether the log has a row of this number, be it not as it was written."""
        return self._last < number <= (self._last + 1 if head is None else head.count)

    def _check_link(self, row: Document, number: int) -> None:
        # After a row that is missing or not as it was, nobody knows what the digest was.
        if self._digest is not None and row["previous"] != self._digest:
            self.add(FaultKind.UNLINKED, number)

    def _miss_rows_before(self, number: int) -> None:
        first = self._last + 1
        for missing in range(first, min(number, first + FAULTS_AT_MOST + 1)):
            self.add(FaultKind.MISSING, missing)
        if first < number:
            self._stand_at(number - 1, None)

    def _stand_at(self, number: int, digest: str | None) -> None:
        self._last, self._digest = number, digest
        if number == self._expected.count and digest == self._expected.digest:
            self._met_expected = True
