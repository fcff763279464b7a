from dataclasses import dataclass
from datetime import datetime

from api.kit.errors import N_
from api.tourism.errors import TourismErrorCode, TourismProblem


@dataclass(frozen=True, slots=True, repr=False)
class Conflict:
    """A field that somebody else changed since the version that an editor saw.

    `changed_by`: id of the person, None when the shipped content changed it. `changed_at`: None when
    that is not known.
    """

    field: str
    changed_by: str | None
    changed_by_name: str | None
    changed_at: datetime | None


class PlaceNotFound(TourismProblem):
    code = TourismErrorCode.NOT_FOUND
    message = N_("There is no place with this id.")


class DraftNotFound(TourismProblem):
    """Also the answer to another editor's draft."""

    code = TourismErrorCode.NOT_FOUND
    message = N_("You have no draft with this id.")


class VersionNotFound(TourismProblem):
    code = TourismErrorCode.NOT_FOUND
    message = N_("This place has no such version.")


class PictureNotFound(TourismProblem):
    """Also the answer to a photo that is somebody's and on no place."""

    code = TourismErrorCode.NOT_FOUND
    message = N_("There is no picture of a place with this id.")


class PlaceRetired(TourismProblem):
    code = TourismErrorCode.PLACE_RETIRED
    message = N_("This place is retired. Go back to an earlier version first.")


class NothingChanged(TourismProblem):
    code = TourismErrorCode.NOTHING_CHANGED
    message = N_("This would change nothing.")


class EditConflict(TourismProblem):
    """What an editor saw is not what is published any more."""

    code = TourismErrorCode.EDIT_CONFLICT
    message = N_(
        "Somebody else changed this meanwhile: {fields}. Look at it, then make your change again."
    )

    def __init__(self, conflicts: tuple[Conflict, ...]) -> None:
        self.conflicts = conflicts
        super().__init__(fields=", ".join(conflict.field for conflict in conflicts))


class NewerVersion(EditConflict):
    """Of a place in which no field differs: it was retired, or brought back."""

    message = N_("The newest version of this place is {version}. Look at it first.")

    def __init__(self, version: int) -> None:
        self.conflicts = ()
        TourismProblem.__init__(self, version=version)


class UnknownTextLanguage(TourismProblem):
    code = TourismErrorCode.UNKNOWN_LANGUAGE
    message = N_("We do not speak this language yet. Choose one of: {languages}.")


class InvalidPlace(TourismProblem):
    """A value that a place cannot have; `field` names it as the contract does."""

    code = TourismErrorCode.INVALID_PLACE
    message = N_("This value is not possible.")

    def __init__(self, field: str, **params: object) -> None:
        self.field = field
        super().__init__(**params)


class VietnameseNameMissing(InvalidPlace):
    message = N_("A place needs a name in Vietnamese.")


class TextNotPlain(InvalidPlace):
    message = N_("Write plain text, without markup and without invisible characters.")


class TextTooLong(InvalidPlace):
    message = N_("Write at most {most} characters.")


class TooManyNames(InvalidPlace):
    message = N_("A place may have at most {most} other names, each of them once.")


class TooManyPictures(InvalidPlace):
    message = N_("Choose at most {most} photos, each of them once.")


class PictureNotUsable(InvalidPlace):
    message = N_("One of the photos is not yours, is not ready yet, or is no photo.")


class PictureWithoutCredit(InvalidPlace):
    message = N_("A photo needs a description in Vietnamese, and the name of its author.")


class OutsideProvince(InvalidPlace):
    code = TourismErrorCode.OUTSIDE_PROVINCE
    message = N_("This position lies outside the province.")
