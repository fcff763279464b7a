"""CSV (RFC 4180) as offices write it: with commas, semicolons or tabs, in UTF-8 or in Excel's UTF-16."""

import codecs
import csv
from collections.abc import Iterator

from api.students.roster.errors import EncodingNotSupported, NoTable, TooManyRows
from api.students.roster.sheet import (
    CELL_CHARACTERS_AT_MOST,
    COLUMNS_AT_MOST,
    ROWS_AT_MOST,
    Cell,
    Formula,
    Sheet,
    cell_of,
)

_DELIMITERS = (",", ";", "\t")
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_FORMULA_STARTS = ("=", "+", "-", "@")
_FIELD_CHARACTERS_AT_MOST = 10_000


def csv_sheet(content: bytes) -> Sheet:
    """Read a table. Raises EncodingNotSupported, NoTable, TooManyRows."""
    text = _text(content)
    lines = _lines(text)
    nothing: tuple[int, list[str]] = (0, [])
    number, header = next(lines, nothing)
    if not any(name.strip() for name in header):
        raise NoTable
    rows: list[tuple[int, tuple[Cell, ...]]] = []
    for number, fields in lines:
        if number > ROWS_AT_MOST + 1:
            raise TooManyRows(most=ROWS_AT_MOST)
        if any(field.strip() for field in fields):
            rows.append((number, tuple(map(_cell, fields[:COLUMNS_AT_MOST]))))
    names = tuple(name.strip()[:CELL_CHARACTERS_AT_MOST] for name in header[:COLUMNS_AT_MOST])
    return Sheet(names, rows)


def _text(content: bytes) -> str:
    encoding = "utf-16" if content.startswith(_UTF_16) else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise EncodingNotSupported from error
    if "\0" in text:
        raise NoTable
    return text


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each record with its number, the first being 1. Raises NoTable."""
    # By quotes a field may hold line ends; a record's number is what a spreadsheet shows.
    reader = csv.reader(text.splitlines(keepends=True), delimiter=_delimiter(text), strict=True)
    number = 0
    while True:
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise NoTable from error
        if any(len(field) > _FIELD_CHARACTERS_AT_MOST for field in fields):
            raise NoTable
        number += 1
        yield number, fields


def _delimiter(text: str) -> str:
    """Return the one that parts the first line most often."""
    first = text[:_FIELD_CHARACTERS_AT_MOST].partition("\n")[0]
    return max(_DELIMITERS, key=first.count)


def _cell(field: str) -> Cell:
    if field.strip().startswith(_FORMULA_STARTS):
        return Formula.FORMULA
    return cell_of(field)
