"""What guardians read. No text names a pupil: a phone shows it while it is locked, and it waits unsealed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from api.kit.errors import N_
from api.kit.formats import clock_text, money_text
from locales import AVAILABLE, translator
from notifications.notice import Text

ARRIVED = N_("Your child in class {school_class} came to school at {time}.")
ARRIVED_LATE = N_("Your child in class {school_class} came late to school, at {time}.")
LEFT = N_("Your child in class {school_class} left school at {time}.")
ABSENT = N_(
    "Your child in class {school_class} has not come to school today, and we do not know why."
    " Please write to the school in the app, or call it."
)
ABSENCE_CORRECTED = N_(
    "Correction: your child in class {school_class} did come to school, at {time}."
)
ARRIVAL_CORRECTED = N_(
    "Correction: your child in class {school_class} was not late, and came at {time}."
)
PAID = N_("Your child in class {school_class} paid {amount} in the canteen.")
LENT = N_("Your child in class {school_class} borrowed a book from the library.")
BROUGHT_BACK = N_("Your child in class {school_class} brought a book back to the library.")
OVERDUE = N_("Your child in class {school_class} has a library book that is overdue.")
DAY_TITLE = N_("The school day")
TITLES = {
    ARRIVED: N_("At school"),
    ARRIVED_LATE: N_("Late at school"),
    LEFT: N_("On the way home"),
    ABSENT: N_("Not at school"),
    ABSENCE_CORRECTED: N_("At school after all"),
    ARRIVAL_CORRECTED: N_("In time after all"),
    PAID: N_("Canteen"),
    LENT: N_("School library"),
    BROUGHT_BACK: N_("School library"),
    OVERDUE: N_("School library"),
}


@dataclass(frozen=True, slots=True)
class Sentence:
    """A msgid and what it names. `at`: a moment, told to the minute; `dong`: an amount."""

    message: str
    school_class: str
    at: datetime | None = None
    dong: int | None = None

    def text(self, language: str) -> str:
        fields = {
            "school_class": self.school_class,
            "time": clock_text(self.at, language) if self.at else "",
            "amount": money_text(self.dong, language) if self.dong is not None else "",
        }
        return translator(language)(self.message).format(**fields)


def texts_of(sentence: Sentence, language: str | None) -> Mapping[str, Text]:
    """Return title and sentence in one language, or in all of ours for the phone to choose."""
    return _in_languages(
        language, lambda one: Text(translator(one)(TITLES[sentence.message]), sentence.text(one))
    )


def day_texts(sentences: "list[Sentence]", language: str | None) -> Mapping[str, Text]:
    """Return what happened in a day, a line for each."""
    return _in_languages(
        language,
        lambda one: Text(
            translator(one)(DAY_TITLE), "\n".join(sentence.text(one) for sentence in sentences)
        ),
    )


def _in_languages(language: str | None, text: Callable[[str], Text]) -> Mapping[str, Text]:
    return {one: text(one) for one in ((language,) if language else AVAILABLE)}
