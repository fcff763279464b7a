from api.kit.errors import N_
from api.tourism.errors import TourismErrorCode, TourismProblem


class TrailNotFound(TourismProblem):
    code = TourismErrorCode.NOT_FOUND
    field = "id"
    message = N_("There is no trail with this id.")


class EndNotFound(TourismProblem):
    """The place at an end of a trail."""

    code = TourismErrorCode.NOT_FOUND
    message = N_("There is no place with this id.")

    def __init__(self, field: str) -> None:
        super().__init__()
        self.field = field


class FileTooLarge(TourismProblem):
    code = TourismErrorCode.FILE_TOO_LARGE
    field = "document"
    message = N_("A file may have {most} kibibytes at most.")


class FileNotReadable(TourismProblem):
    code = TourismErrorCode.FILE_NOT_READABLE
    field = "document"
    message = N_("This is not a {format} file that can be read.")


class ForbiddenMarkup(TourismProblem):
    code = TourismErrorCode.FORBIDDEN_MARKUP
    field = "document"
    message = N_("A file may hold no document type declaration and no entities of its own.")


class FileTooComplex(TourismProblem):
    code = TourismErrorCode.FILE_TOO_COMPLEX
    field = "document"
    message = N_("The file is nested too deeply or has too many parts.")


class NoLine(TourismProblem):
    code = TourismErrorCode.NO_LINE
    field = "document"
    message = N_("The file holds no line of two points or more that lie {least} metres apart.")


class TooManyPoints(TourismProblem):
    code = TourismErrorCode.TOO_MANY_POINTS
    field = "document"
    message = N_("A line may have {most} points at most. Please simplify it first.")


class LineTooLong(TourismProblem):
    code = TourismErrorCode.LINE_TOO_LONG
    field = "document"
    message = N_("A trail may be {most} kilometres long at most.")


class InvalidTrailPoint(TourismProblem):
    code = TourismErrorCode.INVALID_TRAIL_POINT
    field = "document"
    message = N_(
        "Point {number} is nowhere on the earth: latitude {latitude}, longitude {longitude}."
    )


class InvalidElevation(TourismProblem):
    code = TourismErrorCode.INVALID_ELEVATION
    field = "document"
    message = N_(
        "Point {number} has the elevation {elevation}. Metres from {least} to {most} are taken."
    )


class OutsideProvince(TourismProblem):
    code = TourismErrorCode.OUTSIDE_PROVINCE
    field = "document"
    message = N_(
        "Point {number} lies outside the province: latitude {latitude}, longitude {longitude}."
    )


class GapInLine(TourismProblem):
    code = TourismErrorCode.GAP_IN_LINE
    field = "document"
    message = N_(
        "Behind point {number} the line has a gap of {metres} metres. Parts are joined when {most}"
        " metres lie between them at most."
    )


class PointsTooFarApart(TourismProblem):
    """A straight line of such a length is no survey: lengths and times of it would be wrong."""

    code = TourismErrorCode.GAP_IN_LINE
    field = "document"
    message = N_(
        "Behind point {number} no point was recorded for {metres} metres. Points may lie {most} metres"
        " apart at most."
    )


class InvalidTolerance(TourismProblem):
    code = TourismErrorCode.INVALID_TOLERANCE
    field = "tolerance"
    message = N_("A tolerance is {least} to {most} metres.")


class InvalidProfile(TourismProblem):
    code = TourismErrorCode.INVALID_PROFILE
    field = "points"
    message = N_("A profile has {least} to {most} points.")


class InvalidMonths(TourismProblem):
    code = TourismErrorCode.INVALID_MONTHS
    field = "bestMonths"
    message = N_("Months are numbers from 1 to 12, each once.")


class InvalidAccuracy(TourismProblem):
    code = TourismErrorCode.INVALID_ACCURACY
    field = "lineAccuracy"
    message = N_("The accuracy of a line is {least} to {most} metres.")


class InvalidStatement(TourismProblem):
    code = TourismErrorCode.INVALID_STATEMENT
    field = "facts"
    message = N_("A stated length or time is a number from 1 to {most}.")


class DifficultyMissing(TourismProblem):
    code = TourismErrorCode.DIFFICULTY_MISSING
    field = "difficulty"
    message = N_("A sketch cannot tell how hard a trail is. Please choose the difficulty.")


class InvalidLength(TourismProblem):
    code = TourismErrorCode.INVALID_LENGTH
    field = "maxLength"
    message = N_("A length is {least} to {most} metres.")
