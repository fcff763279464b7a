from datetime import datetime

from api.kit.errors import N_
from api.tourism.errors import TourismErrorCode, TourismProblem


class EventNotFound(TourismProblem):
    code = TourismErrorCode.NOT_FOUND
    message = N_("There is no event with this id.")


class OccurrenceNotFound(TourismProblem):
    code = TourismErrorCode.NOT_FOUND
    message = N_("This event does not begin on that day. Take the planned day as it is listed.")


class OccurrenceOver(TourismProblem):
    code = TourismErrorCode.OCCURRENCE_OVER
    message = N_("That is over. Only what is to come can be changed.")


class InvalidWindow(TourismProblem):
    code = TourismErrorCode.INVALID_WINDOW
    message = N_("The last day lies before the first.")


class WindowTooLong(TourismProblem):
    code = TourismErrorCode.WINDOW_TOO_LONG
    message = N_("Ask for at most {most} days at a time.")


class DateOutOfRange(TourismProblem):
    code = TourismErrorCode.DATE_OUT_OF_RANGE
    message = N_("Ask for days from {first} to {last}.")


class InvalidEvent(TourismProblem):
    """A value that an event cannot have; `field` names it as the contract does."""

    code = TourismErrorCode.INVALID_EVENT
    message = N_("This value is not possible.")

    def __init__(self, field: str, **params: object) -> None:
        self.field = field
        super().__init__(**params)


class EventNameMissing(InvalidEvent):
    message = N_("An event needs a name in Vietnamese.")


class EventTextNotPlain(InvalidEvent):
    message = N_(
        "Write at most {most} characters of plain text, without markup and without invisible characters."
    )


class EventNowhere(InvalidEvent):
    message = N_("Say where: at a place of ours, or at a position in the province.")


class PlaceUnknown(InvalidEvent):
    message = N_("There is no place with this id.")


class ReasonMissing(InvalidEvent):
    message = N_("Say why, in Vietnamese at least.")


class NewDaysMissing(InvalidEvent):
    message = N_("Say on which days or at which place it is held instead.")


class EventDatesOutOfReach(InvalidEvent):
    message = N_("These days lie in the past, too far ahead, or in the wrong order.")


class EventChanged(TourismProblem):
    """What an editor saw is not what is published any more.

    `changed_by`: id of the person, None when the shipped content changed it.
    """

    code = TourismErrorCode.EDIT_CONFLICT
    message = N_(
        "Somebody else changed this event meanwhile. Look at it, then make your change again."
    )

    def __init__(
        self,
        version: int,
        changed_by: str | None,
        changed_by_name: str | None,
        changed_at: datetime,
    ) -> None:
        self.version = version
        self.changed_by = changed_by
        self.changed_by_name = changed_by_name
        self.changed_at = changed_at
        super().__init__()
