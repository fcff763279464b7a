"""From cells to pupils: which column is which, and what is wrong with which row."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TypeVar

from api.accounts.people.errors import InvalidName
from api.accounts.people.personal_details import name_of
from api.kit.folding import fold
from api.students.calendar.school_calendar import Shift, year_span
from api.students.pupils.pupil import PupilDetails
from api.students.roster.errors import ColumnMissing, ColumnTwice, NoRows, RosterFault
from api.students.roster.sheet import CELL_CHARACTERS_AT_MOST, Cell, Formula, Overlong, Sheet

CLASS_CHARACTERS_AT_MOST = 20
FAULTS_AT_MOST = 200
"""More are counted, and not told one by one."""
_AGES = (timedelta(days=3 * 365), timedelta(days=70 * 366))
_NUMBER = re.compile(r"[0-9A-Za-z][0-9A-Za-z./-]{3,19}")
_DIGITS_AT_LEAST = 4
_CLASS = re.compile(r"[\w][\w ./-]*")
_DAY_MONTH_YEAR = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_DAY_WITH_TIME = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ]00:00(?::00)?)?")


Value = TypeVar("Value")


class Column(StrEnum):
    """What a roster may say. The first four must be there."""

    NUMBER = "number"
    NAME = "name"
    BORN_ON = "bornOn"
    CLASS = "class"
    SHIFT = "shift"
    LEFT_ON = "leftOn"


_NEEDED = (Column.NUMBER, Column.NAME, Column.BORN_ON, Column.CLASS)
_NAMES: Mapping[Column, tuple[str, ...]] = {
    Column.NUMBER: ("ma hoc sinh", "ma hs", "ma dinh danh", "pupil number", "student number"),
    Column.NAME: ("ho va ten", "ho ten", "ten hoc sinh", "name", "full name"),
    Column.BORN_ON: ("ngay sinh", "ngay thang nam sinh", "birth date", "date of birth"),
    Column.CLASS: ("lop", "ten lop", "class"),
    Column.SHIFT: ("buoi", "ca hoc", "buoi hoc", "shift"),
    Column.LEFT_ON: ("ngay nghi hoc", "ngay chuyen truong", "ngay roi truong", "left on"),
}
# As a school writes them: whoever corrects the file has to write these, in whatever language they are told.
_TITLES: Mapping[Column, str] = {
    Column.NUMBER: "Mã học sinh",
    Column.NAME: "Họ và tên",
    Column.BORN_ON: "Ngày sinh",
    Column.CLASS: "Lớp",
}
_SHIFTS: Mapping[str, Shift] = {
    "sang": Shift.MORNING,
    "buoi sang": Shift.MORNING,
    "morning": Shift.MORNING,
    "chieu": Shift.AFTERNOON,
    "buoi chieu": Shift.AFTERNOON,
    "afternoon": Shift.AFTERNOON,
    "ca ngay": Shift.WHOLE_DAY,
    "2 buoi": Shift.WHOLE_DAY,
    "whole day": Shift.WHOLE_DAY,
}


@dataclass(frozen=True, slots=True, repr=False)
class RosterRow:
    """A pupil as the file has it. `row`: its number there; `shift`: None where the file says none.

    `left_on`: the first day away.
    """

    row: int
    details: PupilDetails
    class_name: str
    shift: Shift | None
    left_on: date | None


@dataclass(frozen=True, slots=True)
class RowFault:
    """What is wrong where. `column`: as the file names it; `other_row`: which it disagrees with."""

    row: int
    column: str
    fault: RosterFault
    other_row: int | None = None


@dataclass(frozen=True, slots=True, repr=False)
class CheckedRows:
    """What a file says. `fault_count`: with those that are not told; `ignored`: columns of no use."""

    rows: tuple[RosterRow, ...]
    faults: tuple[RowFault, ...]
    fault_count: int
    ignored: tuple[str, ...]


class _Faulty(Exception):
    def __init__(self, fault: RosterFault) -> None:
        super().__init__(fault)
        self.fault = fault


def check_rows(sheet: Sheet, year: int) -> CheckedRows:
    """Read every row of a roster for the school year that begins in `year`.

    Raises ColumnMissing, ColumnTwice, NoRows. A row with a fault is told, and left out.
    """
    check = _Check(sheet, year)
    if not sheet.rows:
        raise NoRows
    return check.run()


class _Check:
    def __init__(self, sheet: Sheet, year: int) -> None:
        self._sheet = sheet
        self._year = year_span(year)
        self._places = _places(sheet.header)
        self._rows: list[RosterRow] = []
        self._faults: list[RowFault] = []
        self._numbers: dict[str, int] = {}
        self._shifts: dict[str, tuple[Shift, int]] = {}

    def run(self) -> CheckedRows:
        for number, cells in self._sheet.rows:
            self._take(number, cells)
        known = set(self._places.values())
        names = enumerate(self._sheet.header)
        return CheckedRows(
            rows=tuple(self._rows),
            faults=tuple(self._faults[:FAULTS_AT_MOST]),
            fault_count=len(self._faults),
            ignored=tuple(name for place, name in names if name and place not in known),
        )

    def _take(self, number: int, cells: tuple[Cell, ...]) -> None:
        before = len(self._faults)
        pupil_number = self._read(number, cells, Column.NUMBER, _pupil_number)
        name = self._read(number, cells, Column.NAME, _name)
        born_on = self._read(number, cells, Column.BORN_ON, self._birth_date)
        class_name = self._read(number, cells, Column.CLASS, _class_name)
        shift = self._read(number, cells, Column.SHIFT, _shift)
        left_on = self._read(number, cells, Column.LEFT_ON, self._leaving)
        if pupil_number is not None:
            self._check_once(number, pupil_number)
        if class_name is not None and shift is not None:
            self._check_shift(number, class_name, shift)
        if len(self._faults) > before:
            return
        if not (pupil_number and name and born_on and class_name):
            return  # never: what is missing is a fault
        details = PupilDetails(pupil_number, name, born_on)
        row = RosterRow(number, details, class_name, shift, left_on)
        self._rows.append(row)

    def _read(
        self,
        number: int,
        cells: tuple[Cell, ...],
        column: Column,
        read: Callable[[Cell], Value],
    ) -> Value | None:
        place = self._places.get(column)
        cell = cells[place] if place is not None and place < len(cells) else ""
        try:
            return read(_value(cell, is_needed=column in _NEEDED))
        except _Faulty as faulty:
            self._tell(number, column, faulty.fault)
            return None

    def _tell(
        self, number: int, column: Column, fault: RosterFault, other_row: int | None = None
    ) -> None:
        name = self._sheet.header[self._places[column]]
        self._faults.append(RowFault(number, name, fault, other_row))

    def _check_once(self, number: int, pupil_number: str) -> None:
        first = self._numbers.setdefault(pupil_number, number)
        if first != number:
            self._tell(number, Column.NUMBER, RosterFault.TWICE, first)

    def _check_shift(self, number: int, class_name: str, shift: Shift) -> None:
        said, row = self._shifts.setdefault(class_name.casefold(), (shift, number))
        if said is not shift:
            self._tell(number, Column.SHIFT, RosterFault.SHIFTS_DIFFER, row)

    def _birth_date(self, cell: Cell) -> date:
        day = _date(cell)
        youngest, oldest = _AGES
        if not self._year.ends - oldest < day < self._year.ends - youngest:
            raise _Faulty(RosterFault.NO_BIRTH_DATE)
        return day

    def _leaving(self, cell: Cell) -> date | None:
        if cell == "":
            return None
        day = _date(cell)
        if not self._year.holds(day):
            raise _Faulty(RosterFault.LEFT_LATER)
        return day


def _places(header: tuple[str, ...]) -> dict[Column, int]:
    """Return where each column stands. Raises ColumnMissing, ColumnTwice."""
    by_name = {name: column for column, names in _NAMES.items() for name in names}
    places: dict[Column, int] = {}
    for place, name in enumerate(header):
        column = by_name.get(" ".join(fold(name).replace("_", " ").split()))
        if column is None:
            continue
        if column in places:
            raise ColumnTwice(column=name)
        places[column] = place
    if missing := [_TITLES[column] for column in _NEEDED if column not in places]:
        raise ColumnMissing(columns=", ".join(missing))
    return places


def _value(cell: Cell, *, is_needed: bool) -> Cell:
    if isinstance(cell, Formula):
        raise _Faulty(RosterFault.FORMULA)
    if isinstance(cell, Overlong):
        raise _Faulty(RosterFault.TOO_LONG)
    if is_needed and cell == "":
        raise _Faulty(RosterFault.EMPTY)
    return cell


def _text(cell: Cell, fault: RosterFault) -> str:
    if not isinstance(cell, str):
        raise _Faulty(fault)
    return unicodedata.normalize("NFC", cell)


def _pupil_number(cell: Cell) -> str:
    number = _text(cell, RosterFault.NO_NUMBER).upper()
    if number.isascii() and number.isdigit() and len(number) < _DIGITS_AT_LEAST:
        raise _Faulty(RosterFault.NUMBER_TOO_SHORT)
    if not number.isascii() or not _NUMBER.fullmatch(number):
        raise _Faulty(RosterFault.NO_NUMBER)
    return number


def _name(cell: Cell) -> str:
    try:
        return name_of(_text(cell, RosterFault.NO_NAME))
    except InvalidName as error:
        raise _Faulty(RosterFault.NO_NAME) from error


def _class_name(cell: Cell) -> str:
    name = " ".join(_text(cell, RosterFault.NO_CLASS).split())
    if len(name) > CLASS_CHARACTERS_AT_MOST or not _CLASS.fullmatch(name):
        raise _Faulty(RosterFault.NO_CLASS)
    return name


def _shift(cell: Cell) -> Shift | None:
    if cell == "":
        return None
    found = _SHIFTS.get(" ".join(fold(_text(cell, RosterFault.NO_SHIFT)).split()))
    if found is None:
        raise _Faulty(RosterFault.NO_SHIFT)
    return found


def _date(cell: Cell) -> date:
    if isinstance(cell, date):
        return cell
    text = _text(cell, RosterFault.NO_DATE)
    try:
        if found := _DAY_MONTH_YEAR.fullmatch(text):
            day, month, year = map(int, found.groups())
            return date(year, month, day)
        if found := _DAY_WITH_TIME.fullmatch(text):
            return date.fromisoformat(found[1])
    except ValueError as error:
        raise _Faulty(RosterFault.NO_DATE) from error
    raise _Faulty(RosterFault.NO_DATE)


def fault_parameters(fault: RowFault) -> dict[str, object]:
    """Return what the message of a fault names."""
    most = {
        RosterFault.TOO_LONG: CELL_CHARACTERS_AT_MOST,
        RosterFault.NO_CLASS: CLASS_CHARACTERS_AT_MOST,
    }.get(fault.fault)
    return {"most": most, "row": fault.other_row}
