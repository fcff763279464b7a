from enum import StrEnum, auto

from api.kit.errors import N_, DomainError
from api.students.errors import StudentErrorCode, StudentProblem


class RosterFault(StrEnum):
    """What is wrong with a row, or with the file. Stable across releases."""

    EMPTY = auto()
    FORMULA = auto()
    TOO_LONG = auto()
    NO_NAME = auto()
    NO_NUMBER = auto()
    NUMBER_TOO_SHORT = auto()
    NO_DATE = auto()
    NO_BIRTH_DATE = auto()
    NO_CLASS = auto()
    NO_SHIFT = auto()
    TWICE = auto()
    SHIFTS_DIFFER = auto()
    LEFT_LATER = auto()


FAULTS = {
    RosterFault.EMPTY: N_("This cell is empty, and must not be."),
    RosterFault.FORMULA: N_("This cell holds a formula. Write the value itself."),
    RosterFault.TOO_LONG: N_("This cell holds more than {most} characters."),
    RosterFault.NO_NAME: N_("This is not a name: letters are needed, and no hidden signs."),
    RosterFault.NO_NUMBER: N_("This is not a pupil number: 4 to 20 letters and digits."),
    RosterFault.NUMBER_TOO_SHORT: N_(
        "This pupil number is too short: 4 to 20 letters and digits. Spreadsheets take leading zeros"
        " away: format the column as text, and write the numbers again."
    ),
    RosterFault.NO_DATE: N_("This is not a date such as 05/09/2014."),
    RosterFault.NO_BIRTH_DATE: N_("Nobody at a school was born on this day."),
    RosterFault.NO_CLASS: N_("This is not a class such as 6A: at most {most} characters."),
    RosterFault.NO_SHIFT: N_("This is not a shift: morning, afternoon or whole day."),
    RosterFault.TWICE: N_("This pupil number stands in row {row} already."),
    RosterFault.SHIFTS_DIFFER: N_("This class has another shift in row {row}."),
    RosterFault.LEFT_LATER: N_("A day of leaving lies within the school year."),
}


class RosterFileErrorCode(StrEnum):
    """Why a file is refused as a whole. Stable across releases."""

    NO_TABLE = auto()
    ENCODING_NOT_SUPPORTED = auto()
    OLD_WORKBOOK = auto()
    TOO_MANY_ROWS = auto()
    NO_ROWS = auto()
    COLUMN_MISSING = auto()
    COLUMN_TWICE = auto()
    TOO_LARGE_UNPACKED = auto()
    FORBIDDEN_CONTENT = auto()


class RosterFileProblem(DomainError):
    """A file that cannot be read as a roster; `code` is a RosterFileErrorCode."""


class NoTable(RosterFileProblem):
    code = RosterFileErrorCode.NO_TABLE
    message = N_("This is not a table: send an Excel file (.xlsx), or CSV.")


class EncodingNotSupported(RosterFileProblem):
    code = RosterFileErrorCode.ENCODING_NOT_SUPPORTED
    message = N_(
        "The letters of this file are not in Unicode (perhaps Windows-1258, VNI or TCVN3)."
        " In Excel, save it as CSV UTF-8, or send the .xlsx file."
    )


class OldWorkbook(RosterFileProblem):
    code = RosterFileErrorCode.OLD_WORKBOOK
    message = N_(
        "This is a workbook of old Excel (.xls), or one with a password. Save it as .xlsx."
    )


class TooManyRows(RosterFileProblem):
    code = RosterFileErrorCode.TOO_MANY_ROWS
    message = N_("The table has more than {most} rows. Delete the empty ones at its end.")


class NoRows(RosterFileProblem):
    """Names of columns and nothing below, which would say that nobody is at the school."""

    code = RosterFileErrorCode.NO_ROWS
    message = N_("The table names its columns, and has no pupil below them.")


class ColumnMissing(RosterFileProblem):
    code = RosterFileErrorCode.COLUMN_MISSING
    message = N_("The first row must name the columns. There is none for: {columns}.")


class ColumnTwice(RosterFileProblem):
    code = RosterFileErrorCode.COLUMN_TWICE
    message = N_("Two columns have the name {column}.")


class TooLargeUnpacked(RosterFileProblem):
    code = RosterFileErrorCode.TOO_LARGE_UNPACKED
    message = N_("Unpacked, this file has more than {most} megabytes.")


class ForbiddenContent(RosterFileProblem):
    code = RosterFileErrorCode.FORBIDDEN_CONTENT
    message = N_("This workbook holds what a roster needs not, such as entities of its own.")


class RosterNotFound(StudentProblem):
    code = StudentErrorCode.NOT_FOUND
    field = "digest"
    message = N_("No checked roster of this school has this digest. Check the file again.")


class RosterHasFaults(StudentProblem):
    code = StudentErrorCode.ROSTER_REFUSED
    field = "digest"
    message = N_("This roster has {count} faults. Correct the file and check it again.")


class RosterChanged(StudentProblem):
    code = StudentErrorCode.ROSTER_CHANGED
    field = "digest"
    message = N_("Another roster was applied since this one was checked. Check it again.")


class RosterRunning(StudentProblem):
    code = StudentErrorCode.ROSTER_RUNNING
    field = "schoolId"
    retry_after_seconds = 5
    message = N_("Another roster of this school is being applied at this moment.")


class YearOutOfReach(StudentProblem):
    code = StudentErrorCode.INVALID_PERIOD
    field = "year"
    message = N_("A roster is for this school year or for the next one.")
