"""What a roster may look like, and what is wrong with one that is wrong."""

import io
import re
import zipfile
from datetime import date

import pytest
from openpyxl import Workbook

from api.students.roster.errors import (
    ColumnMissing,
    ColumnTwice,
    EncodingNotSupported,
    ForbiddenContent,
    NoRows,
    NoTable,
    OldWorkbook,
    RosterFault,
    RosterFileProblem,
    TooLargeUnpacked,
    TooManyRows,
)
from api.students.roster.reading import read_sheet
from api.students.roster.rows import CheckedRows, check_rows
from tests.students.school import BAO, HEADER, LAN, csv_of


def checked(content: bytes) -> CheckedRows:
    return check_rows(read_sheet(content), 2025)


def told(rows: CheckedRows) -> list[tuple[str, str, date, str]]:
    return [
        (it.details.number, it.details.name, it.details.born_on, it.class_name) for it in rows.rows
    ]


def faults(content: bytes) -> list[tuple[int, str, RosterFault]]:
    return [(it.row, it.column, it.fault) for it in checked(content).faults]


def workbook(*rows: list[str | float | date]) -> bytes:
    book = Workbook()
    assert book.active is not None
    book.active.append(HEADER.split(","))
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_part(content: bytes, name: str, data: bytes) -> bytes:
    """Return the archive with a part replaced or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.infolist():
            if part.filename != name:
                new.writestr(part, old.read(part))
        new.writestr(name, data)
    return out.getvalue()


LAN_TOLD = ("2411000001", "Nguyễn Thị Lan", date(2018, 3, 5), "2A")


@pytest.mark.parametrize(
    "content",
    [
        csv_of(LAN),
        b"\xef\xbb\xbf" + csv_of(LAN),
        csv_of(LAN).decode().replace(",", ";").encode(),
        csv_of(LAN).decode().replace(",", "\t").encode("utf-16"),
        csv_of(LAN).replace(b"\n", b"\r\n"),
        csv_of('2411000001,"Nguyễn Thị  Lan",2018-03-05,2A'),
        csv_of("2411000001,Nguyễn Thị Lan,5.3.2018, 2A "),
        csv_of(LAN, header="PUPIL NUMBER,Full name,Date of birth,Class"),
        workbook(["2411000001", "Nguyễn Thị Lan", date(2018, 3, 5), "2A"]),
        workbook([2411000001, "Nguyễn Thị Lan", "05/03/2018", "2A"]),
    ],
    ids=[
        "CSV", "byte order mark", "semicolons", "UTF-16 of Excel", "CR LF", "quotes and ISO", "dots",
        "English", "XLSX", "XLSX with numbers",
    ],
)  # fmt: skip
def test_a_roster_as_offices_write_it(content: bytes) -> None:
    rows = checked(content)

    assert told(rows) == [LAN_TOLD]
    assert not rows.faults


@pytest.mark.parametrize(
    ("row", "column", "fault"),
    [
        (",Nguyễn Thị Lan,05/03/2018,2A", "Mã học sinh", RosterFault.EMPTY),
        ("001,Nguyễn Thị Lan,05/03/2018,2A", "Mã học sinh", RosterFault.NUMBER_TOO_SHORT),
        ("1/2,Nguyễn Thị Lan,05/03/2018,2A", "Mã học sinh", RosterFault.NO_NUMBER),
        ("２４１１０００００１,Lan,05/03/2018,2A", "Mã học sinh", RosterFault.NO_NUMBER),
        ("2411000001,123,05/03/2018,2A", "Họ và tên", RosterFault.NO_NAME),
        ("2411000001,La\u202en,05/03/2018,2A", "Họ và tên", RosterFault.NO_NAME),
        ("2411000001,=cmd|x,05/03/2018,2A", "Họ và tên", RosterFault.FORMULA),
        ("2411000001,@SUM(A1),05/03/2018,2A", "Họ và tên", RosterFault.FORMULA),
        (f"2411000001,{'L' * 201},05/03/2018,2A", "Họ và tên", RosterFault.TOO_LONG),
        ("2411000001,Lan,31/02/2018,2A", "Ngày sinh", RosterFault.NO_DATE),
        ("2411000001,Lan,03/2018,2A", "Ngày sinh", RosterFault.NO_DATE),
        ("2411000001,Lan,05/03/2024,2A", "Ngày sinh", RosterFault.NO_BIRTH_DATE),
        ("2411000001,Lan,05/03/1918,2A", "Ngày sinh", RosterFault.NO_BIRTH_DATE),
        ("2411000001,Lan,05/03/2018,2A<b>", "Lớp", RosterFault.NO_CLASS),
        (f"2411000001,Lan,05/03/2018,{'2' * 21}", "Lớp", RosterFault.NO_CLASS),
    ],
)
def test_a_row_is_wrong_by_its_number_and_its_column(
    row: str, column: str, fault: RosterFault
) -> None:
    found = faults(csv_of(BAO, "", row))

    assert found == [(4, column, fault)]


def test_a_number_that_comes_twice_names_the_first_row() -> None:
    rows = checked(csv_of(LAN, BAO, LAN))

    (fault,) = rows.faults
    assert (fault.row, fault.fault, fault.other_row) == (4, RosterFault.TWICE, 2)


def test_a_class_has_one_shift() -> None:
    content = csv_of(f"{LAN},sáng", f"{BAO},Chiều", header=f"{HEADER},Buổi")

    assert faults(content) == [(3, "Buổi", RosterFault.SHIFTS_DIFFER)]


def test_a_day_of_leaving_lies_in_the_school_year() -> None:
    content = csv_of(f"{LAN},04/05/2026", f"{BAO},04/05/2027", header=f"{HEADER},Ngày nghỉ học")

    rows = checked(content)

    assert [row.left_on for row in rows.rows] == [date(2026, 5, 4)]
    assert faults(content) == [(3, "Ngày nghỉ học", RosterFault.LEFT_LATER)]


def test_columns_of_no_use_are_named() -> None:
    rows = checked(csv_of(f"{LAN},Mẹ", header=f"{HEADER},Ghi chú"))

    assert rows.ignored == ("Ghi chú",)


def test_many_faults_are_counted_and_not_all_told() -> None:
    rows = checked(csv_of(*["x,1,2,3"] * 300))

    assert (len(rows.faults), rows.fault_count, rows.rows) == (200, 900, ())


@pytest.mark.parametrize("number", [1.23456789012346e17, 123456789012346000])
def test_a_number_of_a_workbook_that_lost_its_last_digits_is_none(number: float) -> None:
    exact = workbook([10**15 - 1, "Nguyễn Thị Lan", "05/03/2018", "2A"])
    content = workbook([number, "Nguyễn Thị Lan", "05/03/2018", "2A"])

    assert faults(exact) == []
    assert faults(content) == [(2, "Mã học sinh", RosterFault.NO_NUMBER)]


def test_a_number_of_a_workbook_that_lost_its_zeros_says_so() -> None:
    content = workbook([42, "Nguyễn Thị Lan", "05/03/2018", "2A"])

    assert faults(content) == [(2, "Mã học sinh", RosterFault.NUMBER_TOO_SHORT)]


def test_formulas_of_a_workbook_are_no_values() -> None:
    content = workbook(["2411000001", '=HYPERLINK("http://x","Lan")', "05/03/2018", "2A"])

    assert faults(content) == [(2, "Họ và tên", RosterFault.FORMULA)]


_ENTITIES = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>
<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>&a;</t></si></sst>"""
_ONE = workbook(["2411000001", "Nguyễn Thị Lan", "05/03/2018", "2A"])
_SHEET = "xl/worksheets/sheet1.xml"


def _said_to_be_small() -> bytes:
    """Return an archive whose directory says that a part of 50 MB has 10 bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<" + b" " * 50_000_000)
    data = out.getvalue()
    return data.replace((50_000_001).to_bytes(4, "little"), (10).to_bytes(4, "little"))


def _with_a_row_far_down() -> bytes:
    with zipfile.ZipFile(io.BytesIO(_ONE)) as archive:
        sheet = archive.read(_SHEET)
    far = sheet.replace(b"</sheetData>", b'<row r="1048576"><c r="A1048576"/></row></sheetData>')
    return with_part(_ONE, _SHEET, far)


def _with_many_sheets() -> bytes:
    """Return a workbook that names its one sheet again and again."""
    with zipfile.ZipFile(io.BytesIO(_ONE)) as archive:
        workbook_part = archive.read("xl/workbook.xml")
    start, sheet, end = re.split(rb"(<sheet [^>]*/>)", workbook_part)
    return with_part(_ONE, "xl/workbook.xml", start + sheet * 201 + end)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", NoTable),
        (b"\n\n", NoTable),
        (b"%PDF-1.7 ...", NoTable),
        (b"<html>", NoTable),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", OldWorkbook),
        (f"{HEADER}\n2411000001,Lan,05/03/2018,2A".encode("utf-16-le"), EncodingNotSupported),
        ("Mã số,Lý".encode("latin-1", errors="replace"), EncodingNotSupported),
        ("Họ".encode("utf-16-le"), EncodingNotSupported),
        (b'a,"b\nc', NoTable),
        (b"a,b\0c", NoTable),
        (b"Name,Class\nLan,2A", ColumnMissing),
        (csv_of(header=f"{HEADER},Tên lớp"), ColumnTwice),
        (csv_of(*[LAN] * 5_001), TooManyRows),
        (csv_of(), NoRows),
        (csv_of("", ",,,", " , "), NoRows),
        (workbook(), NoRows),
        (b"PK\x03\x04 no archive", NoTable),
        (_ONE[: len(_ONE) // 2], NoTable),
        (with_part(_ONE, "xl/sharedStrings.xml", _ENTITIES), ForbiddenContent),
        (with_part(_ONE, "docProps/core.xml", _ENTITIES.decode().encode("utf-16")),
         ForbiddenContent),
        (with_part(_ONE, _SHEET, b"<?xml version='1.0' encoding='utf-7'?><a/>"), ForbiddenContent),
        (with_part(_ONE, _SHEET, b"<worksheet><sheetData><row>"), NoTable),
        (with_part(_ONE, "xl/big.xml", b"<" + b" " * 13_000_000), TooLargeUnpacked),
        (_said_to_be_small(), NoTable),
        (_with_a_row_far_down(), TooManyRows),
        (_with_many_sheets(), ForbiddenContent),
    ],
    ids=["empty", "blank lines", "PDF", "HTML", "XLS", "UTF-16 without mark", "Latin-1", "UTF-16 without mark, short", "open quote", "NUL", "columns missing", "column twice", "too many rows", "no rows", "empty rows", "XLSX without rows", "broken archive", "half an archive", "entities", "entities in UTF-16", "UTF-7", "sheet cut off", "unpacks to much", "lies about its size", "row far down", "names many sheets"],
)  # fmt: skip
def test_a_file_that_is_no_roster_or_does_harm_is_refused(
    content: bytes, problem: type[RosterFileProblem]
) -> None:
    with pytest.raises(problem):
        checked(content)


def test_missing_columns_are_named_as_a_school_writes_them() -> None:
    with pytest.raises(ColumnMissing) as refused:
        checked("Mã học sinh,Họ và tên\n2411000001,Lan".encode())

    assert refused.value.params == {"columns": "Ngày sinh, Lớp"}


def test_the_message_for_old_letters_says_what_to_do() -> None:
    content = "Mã học sinh,Họ tên\n".encode("cp1258", errors="replace") + b"\xd2\xec"

    with pytest.raises(EncodingNotSupported) as refused:
        checked(content)

    assert "Windows-1258" in str(refused.value)
    assert "CSV UTF-8" in str(refused.value)
