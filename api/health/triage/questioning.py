"""What comes next, given what was answered so far. Nothing is kept: every call has all answers with it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from api.health.triage.errors import (
    AnswersContradict,
    NotForThisPatient,
    PregnancyContradicts,
    QuestionnaireChanged,
    TooManyAnswers,
    UnknownComplaint,
    UnknownQuestion,
    YoungForThis,
)
from api.health.triage.rules import (
    MAY_BE_PREGNANT,
    AgeGroup,
    Ask,
    Complaint,
    Outcome,
    Patient,
    Rules,
)

ANSWERS_AT_MOST = 40
_TOO_YOUNG_TO_ASK = frozenset({AgeGroup.NEWBORN, AgeGroup.INFANT})


@dataclass(frozen=True, slots=True, repr=False)
class Answer:
    """`is_yes`: of a question, by its code."""

    question: str
    is_yes: bool


@dataclass(frozen=True, slots=True, repr=False)
class Told:
    """All that somebody has said. `version`: of the questionnaire that was read; `is_self`: about oneself."""

    version: str
    is_self: bool
    patient: Patient
    complaint: str
    answers: Sequence[Answer]


@dataclass(frozen=True, slots=True)
class NextQuestion:
    """`number` of `count`: how far it is at the most, from 1."""

    question: str
    is_red_flag: bool
    number: int
    count: int


@dataclass(frozen=True, slots=True)
class Emergency:
    """`advice`: key of what to do until help is there."""

    advice: str


Step = NextQuestion | Emergency | Outcome


class Questioning:
    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        every = [
            *rules.danger_signs,
            *(ask for complaint in rules.complaints.values() for ask in complaint.asks),
        ]
        self._questions = frozenset(ask.question for ask in every)
        self._red_flags = [ask for ask in every if ask.emergency is not None]

    def step(self, told: Told) -> Step:
        """Return the next question, or where it ends.

        A red flag ends it at once: in whatever order answers came, of whichever version they are,
        and whatever else is wrong with them. Raises UnknownComplaint, UnknownQuestion,
        TooManyAnswers, AnswersContradict, PregnancyContradicts, YoungForThis, NotForThisPatient and
        QuestionnaireChanged.
        """
        complaint = self._rules.complaints.get(told.complaint)
        asks = self._rules.asked(complaint, told.patient) if complaint else []
        yes = {answer.question for answer in told.answers if answer.is_yes}
        if (advice := self._red_flag(yes, asks)) is not None:
            return Emergency(advice)
        if len(told.answers) > ANSWERS_AT_MOST:
            raise TooManyAnswers(most=ANSWERS_AT_MOST)
        if told.version != self._rules.version:
            raise QuestionnaireChanged
        if complaint is None:
            raise UnknownComplaint
        _check_patient(told, complaint)
        return self._next(complaint, told.patient, asks, self._said(told.answers, asks))

    def _red_flag(self, yes: Collection[str], asks: Sequence[Ask]) -> str | None:
        """Return what to do for the first red flag, also for one that this patient is not asked of.

        The age or the complaint may be what was answered wrongly.
        """
        here = {ask.question for ask in asks}
        elsewhere = (ask for ask in self._red_flags if ask.question not in here)
        for ask in (*asks, *elsewhere):
            if ask.emergency is not None and ask.question in yes:
                return ask.emergency
        return None

    def _next(
        self, complaint: Complaint, patient: Patient, asks: Sequence[Ask], said: Mapping[str, bool]
    ) -> Step:
        for number, ask in enumerate(asks, start=1):
            if ask.question not in said:
                return NextQuestion(ask.question, ask.emergency is not None, number, len(asks))
            if said[ask.question] and ask.outcome is not None:
                return self._rules.outcomes[ask.outcome]
        return self._rules.outcomes[self._rules.otherwise(complaint, patient)]

    def _said(self, answers: Sequence[Answer], asks: Sequence[Ask]) -> Mapping[str, bool]:
        asked = {ask.question for ask in asks}
        said: dict[str, bool] = {}
        for answer in answers:
            if answer.question not in self._questions:
                raise UnknownQuestion
            if answer.question not in asked:
                raise NotForThisPatient
            if said.setdefault(answer.question, answer.is_yes) != answer.is_yes:
                raise AnswersContradict
        return said


def _check_patient(told: Told, complaint: Complaint) -> None:
    patient = told.patient
    if patient.is_pregnant and patient.age not in MAY_BE_PREGNANT:
        raise PregnancyContradicts
    if told.is_self and patient.age in _TOO_YOUNG_TO_ASK:
        raise YoungForThis
    if not complaint.who.includes(patient):
        raise NotForThisPatient
