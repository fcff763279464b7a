"""The first visible sheet of an Excel workbook (ECMA-376), which may have been made to do harm.

What is in the archive is measured and looked through before the library that understands it sees
any of it: sizes, and declarations of entities. The library then reads the sheet row by row.
"""

import re
import zipfile
import zlib
from collections.abc import Iterable
from datetime import date, datetime, time
from io import BytesIO
from xml.etree.ElementTree import ParseError

import openpyxl
from lxml.etree import LxmlError
from openpyxl.cell.cell import Cell as WorkbookCell
from openpyxl.cell.cell import MergedCell
from openpyxl.cell.read_only import EmptyCell, ReadOnlyCell
from openpyxl.utils.exceptions import InvalidFileException

from api.students.roster.errors import ForbiddenContent, NoTable, TooLargeUnpacked, TooManyRows
from api.students.roster.sheet import (
    CELL_CHARACTERS_AT_MOST,
    COLUMNS_AT_MOST,
    ROWS_AT_MOST,
    Cell,
    Formula,
    Sheet,
    cell_of,
)

AnyCell = WorkbookCell | MergedCell | ReadOnlyCell | EmptyCell
MEGABYTE = 1_000_000
UNPACKED_MEGABYTES_AT_MOST = 6
"""5,000 rows of ten columns have half of it. It bounds the seconds that a sheet made to be slow takes."""
_PARTS_AT_MOST = 200
_SHEETS_AT_MOST = 200
"""No more than parts; the library spends a fifth of a millisecond on each that is named, there or not."""
_EXACT_BELOW = 10**15
"""Spreadsheets keep fifteen digits of a number, and write zeros in place of the others."""
_XML_ENDS = (".xml", ".rels", ".vml")
_FORBIDDEN = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_ENCODING = re.compile(rb"^<\?xml[^>]*?encoding\s*=\s*[\"']([^\"']*)")
_UTF_8_MARK = b"\xef\xbb\xbf"
_UNREADABLE = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    InvalidFileException,
    ParseError,
    LxmlError,
    # What the library lets through of a workbook whose parts do not fit together.
    ArithmeticError,
    AttributeError,
    LookupError,
    NotImplementedError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
)


def xlsx_sheet(content: bytes) -> Sheet:
    """Read a table. Raises NoTable, TooManyRows, TooLargeUnpacked, ForbiddenContent."""
    try:
        _check_archive(content)
        return _sheet(content)
    except _UNREADABLE as error:
        raise NoTable from error


def _check_archive(content: bytes) -> None:
    """Unpack each part once, within bounds, and refuse what no roster needs."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        parts = archive.infolist()
        # A part is never unpacked further than it is said to be large.
        unpacked = sum(part.file_size for part in parts)
        if len(parts) > _PARTS_AT_MOST or unpacked > UNPACKED_MEGABYTES_AT_MOST * MEGABYTE:
            raise TooLargeUnpacked(most=UNPACKED_MEGABYTES_AT_MOST)
        if len({part.filename for part in parts}) < len(parts):
            raise ForbiddenContent
        for part in parts:
            if part.filename.lower().endswith(_XML_ENDS):
                _check_xml(archive.read(part))


def _check_xml(part: bytes) -> None:
    text = part.removeprefix(_UTF_8_MARK).lstrip()
    encoding = _ENCODING.match(text)
    is_utf_8 = encoding is None or encoding[1].lower() in (b"utf-8", b"us-ascii")
    if text and not text.startswith(b"<"):
        raise ForbiddenContent
    if not is_utf_8 or b"\0" in text or _FORBIDDEN.search(text):
        raise ForbiddenContent
    if text.count(b"sheetId") > _SHEETS_AT_MOST:
        raise ForbiddenContent


def _sheet(content: bytes) -> Sheet:
    workbook = openpyxl.load_workbook(BytesIO(content), read_only=True, keep_links=False)
    try:
        visible = [it for it in workbook.worksheets if it.sheet_state == "visible"]
        if not visible:
            raise NoTable
        # What a sheet says of its own size may be wrong, and would hide rows.
        visible[0].reset_dimensions()
        return _table(visible[0].iter_rows(max_col=COLUMNS_AT_MOST))
    finally:
        workbook.close()


def _table(found: Iterable[tuple[AnyCell, ...]]) -> Sheet:
    header: tuple[str, ...] | None = None
    rows: list[tuple[int, tuple[Cell, ...]]] = []
    for number, cells in enumerate(found, 1):
        if number > ROWS_AT_MOST + 1:
            raise TooManyRows(most=ROWS_AT_MOST)
        values = tuple(map(_cell, cells))
        if header is None:
            header = tuple(
                value[:CELL_CHARACTERS_AT_MOST] if isinstance(value, str) else ""
                for value in values
            )
        elif any(value != "" for value in values):
            rows.append((number, values))
    if header is None or not any(header):
        raise NoTable
    return Sheet(header, rows)


def _cell(cell: AnyCell) -> Cell:
    value = cell.value
    if value is None:
        return ""
    if getattr(cell, "data_type", "n") == "f":
        return Formula.FORMULA
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, int | float) and abs(value) >= _EXACT_BELOW:
        return cell_of(f"{value:e}")  # in no column a value: which digits it had nobody knows
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, str | int | float | bool | time):
        return cell_of(str(value))
    return Formula.FORMULA  # an array formula, or a table of one
