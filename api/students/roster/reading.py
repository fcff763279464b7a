"""From the bytes of a file to a sheet: what the file is, its first bytes say, and not its name."""

from api.students.roster.csv_sheet import csv_sheet
from api.students.roster.errors import NoTable, OldWorkbook
from api.students.roster.sheet import Sheet
from api.students.roster.xlsx_sheet import xlsx_sheet

BYTES_AT_MOST = 2_000_000
_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHERS = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"{\\rtf", b"<")


def read_sheet(content: bytes) -> Sheet:
    """Read a table; takes up to some seconds of a thread. Raises RosterFileProblem."""
    if content.startswith(_OLE):
        raise OldWorkbook
    if content.startswith(_ZIP):
        return xlsx_sheet(content)
    if not content.strip() or content.lstrip().startswith(_OTHERS):
        raise NoTable
    return csv_sheet(content)
