"""What rules must hold before anybody is asked by them; checked whenever they are read.

Every path ends; red flags are asked first; no rule is there for nobody, or hidden behind another
one; and every text is there in all languages of ours.
"""

from collections.abc import Iterable, Iterator, Mapping

from api.health.specialties import SPECIALTIES
from api.health.triage.rules import EVERY_PATIENT, Ask, Complaint, Patient, Rules
from locales import AVAILABLE

SAID = {"call_now", "no_diagnosis", "if_worse"}
"""Sentences that stand with every end."""


def check_rules(rules: Rules) -> None:
    """Raise ValueError naming the first thing that is wrong."""
    for ask in _all_asks(rules):
        if (ask.emergency is None) == (ask.outcome is None):
            raise ValueError(f"{ask.question}: leads to an emergency or to an outcome")
    _check_danger_signs(rules)
    for complaint in rules.complaints.values():
        _check_complaint(rules, complaint)
    _check_outcomes(rules)


def check_texts(rules: Rules, texts: Mapping[str, Mapping[str, Mapping[str, str]]]) -> None:
    """Raise ValueError for a text that lacks, that no rule uses, or that is not in every language."""
    for kind, used in _used(rules).items():
        if differing := used ^ set(texts[kind]):
            raise ValueError(f"{kind}: {min(differing)} is used and not there, or not used")
    for kind, of_kind in texts.items():
        for key, words in of_kind.items():
            if set(words) != set(AVAILABLE) or not all(word.strip() for word in words.values()):
                raise ValueError(f"{kind}.{key}: not in every language")


def _check_complaint(rules: Rules, complaint: Complaint) -> None:
    code = complaint.code
    patients = [one for one in EVERY_PATIENT if complaint.who.includes(one)]
    reached: set[object] = set()
    for patient in patients:
        asks = rules.asked(complaint, patient)
        _check_order(code, asks)
        reached.update(asks)
        end = next((one for one in complaint.otherwise if one.who.includes(patient)), None)
        if end is None:
            raise ValueError(f"{code}: no end for {patient}")
        reached.add(end)
    for one in (*complaint.asks, *complaint.otherwise):
        if one not in reached:
            raise ValueError(f"{code}: nobody reaches {one}")


def _check_order(code: str, asks: list[Ask]) -> None:
    questions = [ask.question for ask in asks]
    if len(set(questions)) < len(questions):
        raise ValueError(f"{code}: asks somebody the same twice")
    is_flag = [ask.emergency is not None for ask in asks]
    if is_flag != sorted(is_flag, reverse=True):
        raise ValueError(f"{code}: asks for a red flag after something else")


def _check_danger_signs(rules: Rules) -> None:
    for ask in rules.danger_signs:
        if ask.emergency is None:
            raise ValueError(f"{ask.question}: a danger sign is an emergency")
    complaints = [one for one in rules.complaints.values() if one.has_danger_signs]
    for ask in rules.danger_signs:
        if not any(_asks(rules, complaints, patient, ask) for patient in EVERY_PATIENT):
            raise ValueError(f"nobody is asked {ask.question}")


def _asks(rules: Rules, complaints: list[Complaint], patient: Patient, ask: Ask) -> bool:
    return any(one.who.includes(patient) and ask in rules.asked(one, patient) for one in complaints)


def _check_outcomes(rules: Rules) -> None:
    used = {ask.outcome for ask in _all_asks(rules) if ask.outcome is not None}
    used |= {end.outcome for one in rules.complaints.values() for end in one.otherwise}
    if differing := used ^ set(rules.outcomes):
        raise ValueError(f"outcome {min(differing)} is used and not there, or not used")
    for code, outcome in rules.outcomes.items():
        unknown = [one for one in outcome.specialties if one not in SPECIALTIES]
        if unknown or len(set(outcome.specialties)) < len(outcome.specialties):
            raise ValueError(f"outcome {code}: specialties {outcome.specialties}")


def _used(rules: Rules) -> dict[str, set[str]]:
    asks = list(_all_asks(rules))
    return {
        "complaint": set(rules.complaints),
        "question": {ask.question for ask in asks},
        "advice": _there(ask.emergency for ask in asks),
        "why": {one.why for one in rules.outcomes.values()},
        "urgency": {one.urgency.value for one in rules.outcomes.values()},
        "said": SAID,
    }


def _there(keys: Iterable[str | None]) -> set[str]:
    return {key for key in keys if key is not None}


def _all_asks(rules: Rules) -> Iterator[Ask]:
    yield from rules.danger_signs
    for complaint in rules.complaints.values():
        yield from complaint.asks
