from typing import Annotated

import strawberry

from api.context import Info
from api.health.health_error import HealthError
from api.health.specialty_schema import Specialty
from api.health.triage.questioning import (
    ANSWERS_AT_MOST,
    Answer,
    Emergency,
    NextQuestion,
    Told,
)
from api.health.triage.rules import AgeGroup, Complaint, Outcome, Patient, Urgency
from api.health.triage.shipped_rules import Words
from api.health.triage.wiring import Triage
from api.tourism.emergency.numbers import EMERGENCY_NUMBERS
from api.tourism.emergency.schema import EmergencyNumber

_AMBULANCE = next(one for one in EMERGENCY_NUMBERS if one.number == "115")

strawberry.enum(
    AgeGroup,
    name="TriageAgeGroup",
    description="NEWBORN: under 28 days. INFANT: to the first birthday. CHILD: to 16 years. ADULT: to"
    " 60 years. OLDER: above.",
)
strawberry.enum(
    Urgency,
    name="TriageUrgency",
    description="NOW: at an emergency department. ROUTINE: whenever it suits.",
)


@strawberry.type(description="What somebody may come with.")
class TriageComplaint:
    code: strawberry.ID
    name: str = strawberry.field(description="In plain words of the reader's language.")
    age_groups: list[AgeGroup] = strawberry.field(description="Whom to offer it.")
    is_of_pregnancy: bool = strawberry.field(
        description="Only for who is pregnant, may be, or gave birth in the last six weeks."
    )

    @classmethod
    def of(cls, complaint: Complaint, info: Info) -> "TriageComplaint":
        return cls(
            code=strawberry.ID(complaint.code),
            name=_say(info, _triage(info).texts.complaint, complaint.code),
            age_groups=complaint.ages(),
            is_of_pregnancy=complaint.who.pregnant is True,
        )


@strawberry.type(description="What one may come with, and what to send with the answers.")
class TriageQuestionnaire:
    version: str = strawberry.field(description="Of the questions; answers name it.")
    complaints: list[TriageComplaint]
    no_diagnosis_text: str = strawberry.field(description="To be shown before the questions.")


@strawberry.type(description="A question to be answered with yes or no.")
class TriageQuestion:
    question: strawberry.ID = strawberry.field(description="Its code, which the answer names.")
    text: str
    is_red_flag: bool = strawberry.field(description='Whether a "yes" means calling an ambulance.')
    number: int = strawberry.field(description="From 1.")
    count: int = strawberry.field(description="How many questions there are at most.")

    @classmethod
    def of(cls, step: NextQuestion, info: Info) -> "TriageQuestion":
        return cls(
            question=strawberry.ID(step.question),
            text=_say(info, _triage(info).texts.question, step.question),
            is_red_flag=step.is_red_flag,
            number=step.number,
            count=step.count,
        )


@strawberry.type(description="A red flag: call the ambulance. It never comes with a specialty.")
class TriageEmergency:
    text: str = strawberry.field(description='"Call 115 now", to be shown largest.')
    call: EmergencyNumber
    meanwhile_text: str = strawberry.field(description="What to do until help is there.")

    @classmethod
    def of(cls, step: Emergency, info: Info) -> "TriageEmergency":
        texts = _triage(info).texts
        return cls(
            text=_say(info, texts.said, "call_now"),
            call=EmergencyNumber.of(_AMBULANCE, info),
            meanwhile_text=_say(info, texts.advice, step.advice),
        )


@strawberry.type(description="Where to go, and how soon. No diagnosis.")
class TriageSuggestion:
    urgency: Urgency
    urgency_text: str
    specialties: list[Specialty] = strawberry.field(
        description="One to three, the likeliest first; with NOW the emergency department is among them."
    )
    why_text: str
    if_worse_text: str
    no_diagnosis_text: str = strawberry.field(description="To be shown with it.")

    @classmethod
    def of(cls, step: Outcome, info: Info) -> "TriageSuggestion":
        texts = _triage(info).texts
        return cls(
            urgency=step.urgency,
            urgency_text=_say(info, texts.urgency, step.urgency.value),
            specialties=[Specialty.of(code, info) for code in step.specialties],
            why_text=_say(info, texts.why, step.why),
            if_worse_text=_say(info, texts.said, "if_worse"),
            no_diagnosis_text=_say(info, texts.said, "no_diagnosis"),
        )


@strawberry.input
class TriageAnswerInput:
    question: strawberry.ID
    is_yes: bool


@strawberry.input(description="All that was answered so far; none of it is kept.")
class SuggestSpecialtiesInput:
    version: str = strawberry.field(description="Of the questionnaire.")
    is_for_myself: bool
    age_group: AgeGroup
    is_pregnant: bool = strawberry.field(
        default=False,
        description="Of CHILD and ADULT; also who may be, or gave birth in the last six weeks.",
    )
    complaint: strawberry.ID
    answers: list[TriageAnswerInput] = strawberry.field(
        description=f"In any order, at most {ANSWERS_AT_MOST}; a screen may send several at once."
    )

    def told(self) -> Told:
        return Told(
            version=self.version,
            is_self=self.is_for_myself,
            patient=Patient(self.age_group, self.is_pregnant),
            complaint=self.complaint,
            answers=[Answer(answer.question, answer.is_yes) for answer in self.answers],
        )


SuggestSpecialtiesResult = Annotated[
    TriageQuestion | TriageEmergency | TriageSuggestion | HealthError,
    strawberry.union("SuggestSpecialtiesResult"),
]


@strawberry.type
class TriageQuery:
    @strawberry.field(
        description='"Which specialty?": what one may come with, in the reader\'s language. For everybody.'
    )
    def triage_questionnaire(self, info: Info) -> TriageQuestionnaire:
        triage = _triage(info)
        return TriageQuestionnaire(
            version=triage.rules.version,
            complaints=[
                TriageComplaint.of(complaint, info)
                for complaint in triage.rules.complaints.values()
            ],
            no_diagnosis_text=_say(info, triage.texts.said, "no_diagnosis"),
        )

    @strawberry.field(
        description="The next question, or the end: red flags come first. Nothing of it is kept or logged;"
        " send all answers each time."
    )
    def suggest_specialties(
        self, info: Info, input: SuggestSpecialtiesInput
    ) -> SuggestSpecialtiesResult:
        step = _triage(info).questioning.step(input.told())
        if isinstance(step, NextQuestion):
            return TriageQuestion.of(step, info)
        if isinstance(step, Emergency):
            return TriageEmergency.of(step, info)
        return TriageSuggestion.of(step, info)


def _triage(info: Info) -> Triage:
    return info.context.services.health.triage


def _say(info: Info, words: Words, key: str) -> str:
    return words[key][info.context.language]
