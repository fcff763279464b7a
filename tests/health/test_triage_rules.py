"""The shipped rules send people where they should, and rules that are not sound are not taken."""

from collections.abc import Iterator

import pytest

from api.health.triage.questioning import (
    Answer,
    Emergency,
    NextQuestion,
    Questioning,
    Step,
    Told,
)
from api.health.triage.rules import EVERY_PATIENT, AgeGroup, Outcome, Patient, Urgency
from api.health.triage.shipped_rules import (
    SHIPPED_RULES,
    SHIPPED_TEXTS,
    rules_of,
    shipped_rules,
    shipped_texts,
    texts_of,
)
from locales import AVAILABLE
from tests.health.triage_cases import CASES, Case

RULES = shipped_rules()
QUESTIONING = Questioning(RULES)
RULES_TEXT = SHIPPED_RULES.read_text(encoding="utf-8")
TEXTS_TEXT = SHIPPED_TEXTS.read_text(encoding="utf-8")


def step(patient: Patient, complaint: str, answers: list[Answer]) -> Step:
    return QUESTIONING.step(Told(RULES.version, False, patient, complaint, answers))


def end_of(case: Case) -> Step:
    """Answer one question after the other, until it ends."""
    answers: list[Answer] = []
    yes = set(case.yes.split())
    while isinstance(reached := step(case.patient, case.complaint, answers), NextQuestion):
        answers.append(Answer(reached.question, reached.question in yes))
    return reached


def told(end: Step) -> str:
    if isinstance(end, Emergency):
        return f"115: {end.advice}"
    assert isinstance(end, Outcome)
    return f"{end.urgency}: {' '.join(end.specialties)}"


@pytest.mark.parametrize(
    "case", CASES, ids=lambda one: f"{one.patient.age}-{one.complaint}-{one.yes}"
)
def test_where_the_questions_lead(case: Case) -> None:
    assert told(end_of(case)) == case.ends


def everybody() -> Iterator[tuple[str, Patient]]:
    for code, complaint in RULES.complaints.items():
        for patient in EVERY_PATIENT:
            if complaint.who.includes(patient):
                yield code, patient


@pytest.mark.parametrize("code", RULES.complaints)
def test_every_path_ends(code: str) -> None:
    """Each "yes" ends it, so the paths are as many as the questions, and one more."""
    complaint = RULES.complaints[code]
    for patient in filter(complaint.who.includes, EVERY_PATIENT):
        asks = RULES.asked(complaint, patient)
        for number, ask in enumerate(asks):
            answers = [Answer(one.question, False) for one in asks[:number]]
            reached = step(patient, code, answers)
            assert reached == NextQuestion(
                ask.question, ask.emergency is not None, number + 1, len(asks)
            )
            ended = step(patient, code, [*answers, Answer(ask.question, True)])
            assert not isinstance(ended, NextQuestion)
        ended = step(patient, code, [Answer(one.question, False) for one in asks])
        assert isinstance(ended, Outcome)


def test_a_baby_with_fever_waits_for_nothing() -> None:
    for age in (AgeGroup.NEWBORN, AgeGroup.INFANT):
        ends = RULES.outcomes[RULES.otherwise(RULES.complaints["fever"], Patient(age))]

        assert ends.urgency in (Urgency.NOW, Urgency.TODAY)


def test_a_newborn_that_is_ill_is_seen_today_at_the_latest() -> None:
    for code, patient in everybody():
        if patient.age is AgeGroup.NEWBORN and RULES.complaints[code].has_danger_signs:
            end = RULES.outcomes[RULES.otherwise(RULES.complaints[code], patient)]
            assert end.urgency in (Urgency.NOW, Urgency.TODAY) or code == "eye", code


def test_now_leads_to_an_emergency_department() -> None:
    for code, outcome in RULES.outcomes.items():
        assert (outcome.urgency is Urgency.NOW) == (outcome.specialties[0] == "emergency"), code


def test_there_are_about_thirty_complaints_and_all_texts_in_all_languages() -> None:
    texts = shipped_texts()

    assert len(RULES.complaints) == 30
    for words in (texts.complaint, texts.question, texts.advice, texts.why, texts.said):
        for by_language in words.values():
            assert set(by_language) == set(AVAILABLE)


def changed(old: str, new: str) -> str:
    assert old in RULES_TEXT
    return RULES_TEXT.replace(old, new, 1)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (changed('  { outcome = "poison_now" },\n', ""), "no end for"),
        (
            changed(
                '  { outcome = "teeth_week" },\n',
                '  { outcome = "teeth_week" },\n  { outcome = "teeth_today" },\n',
            ),
            "nobody reaches",
        ),
        (
            changed(
                'question = "burn_large", emergency = "cool"',
                'question = "burn_large", emergency = "cool", ages = ["adult"], pregnant = true },\n'
                '  { question = "wound", emergency = "cool", ages = ["older"], pregnant = true',
            ),
            "nobody reaches",
        ),
        (
            changed(
                'asks = [\n  { question = "burn_large"',
                'asks = [\n  { question = "wound", outcome = "burn_now" },\n  { question = "burn_large"',
            ),
            "red flag after something else",
        ),
        (
            changed(
                '{ question = "burn_large", emergency = "cool" },',
                '{ question = "burn_large", emergency = "cool" },\n'
                '  { question = "burn_large", emergency = "cool" },',
            ),
            "the same twice",
        ),
        (changed('emergency = "cool"', 'emergency = "cool", outcome = "burn_now"'), "leads to"),
        (changed('emergency = "press"', 'outcome = "burn_now"'), "a danger sign is an emergency"),
        (changed('outcome = "burn_today"', 'outcome = "nowhere"'), "is used and not there"),
        (
            changed(
                '["surgery"], urgency = "today", why = "burn"',
                '["surgeon"], urgency = "today", why = "burn"',
            ),
            "specialties",
        ),
        (changed('urgency = "today"', 'urgency = "soon"'), "urgency"),
        (changed('ages = ["newborn"]', 'ages = ["baby"]'), "ages"),
        (changed('code = "burn"', 'code = "bite"'), "the same code"),
    ],
)
def test_rules_that_are_not_sound_are_refused(text: str, fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        rules_of(text)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('en = "Fever"', "", "not in every language"),
        ('ko = "열"', 'ko = " "', "not in every language"),
        ("[question.snake]", "[question.adder]", "question"),
        ("[advice.cool]", "[advice.chill]", "advice"),
        ("[said.if_worse]", "[said.worse]", "said"),
    ],
)
def test_texts_that_lack_are_refused(old: str, new: str, fault: str) -> None:
    assert old in TEXTS_TEXT

    with pytest.raises(ValueError, match=fault):
        texts_of(TEXTS_TEXT.replace(old, new, 1), RULES)
