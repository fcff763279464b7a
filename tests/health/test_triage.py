"""The questionnaire as phones ask it: the next question or the end, refusals, and that nothing is kept."""

from typing import Any

import httpx
import pytest

from api.collections import COLLECTIONS
from api.health.triage.shipped_rules import shipped_rules
from api.kit.store import Store
from tests.conftest import send

VERSION = shipped_rules().version
SIGNS = ("unresponsive", "hardly_breathing", "heavy_bleeding", "fit_now")


def no(*questions: str) -> list[dict[str, Any]]:
    return [{"question": question, "isYes": False} for question in questions]


def yes(*questions: str) -> list[dict[str, Any]]:
    return [{"question": question, "isYes": True} for question in questions]


async def suggest(
    client: httpx.AsyncClient,
    complaint: str,
    answers: list[dict[str, Any]],
    *,
    language: str = "en",
    **changes: Any,  # noqa: ANN401
) -> dict[str, Any]:
    told: dict[str, Any] = {
        "version": VERSION,
        "isForMyself": False,
        "ageGroup": "ADULT",
        "complaint": complaint,
        "answers": answers,
        **changes,
    }
    data = await send(client, "health/SuggestSpecialties", {"input": told}, language=language)
    result: dict[str, Any] = data["suggestSpecialties"]
    return result


async def test_the_questionnaire_names_complaints_in_the_reader_s_language(
    client: httpx.AsyncClient,
) -> None:
    data = await send(client, "health/TriageQuestionnaire", language="vi")

    found = data["triageQuestionnaire"]
    assert found["version"] == VERSION
    assert len(found["complaints"]) == 30
    assert found["complaints"][0] == {
        "code": "fever",
        "name": "Sốt",
        "ageGroups": ["NEWBORN", "INFANT", "CHILD", "ADULT", "OLDER"],
        "isOfPregnancy": False,
    }
    assert [one["code"] for one in found["complaints"] if one["isOfPregnancy"]] == ["pregnancy"]
    assert found["noDiagnosisText"].startswith("Đây không phải chẩn đoán")


async def test_the_first_question_is_for_a_red_flag(client: httpx.AsyncClient) -> None:
    first = await suggest(client, "tooth", [])

    assert first == {
        "__typename": "TriageQuestion",
        "question": "unresponsive",
        "text": "Is the person unconscious, hard to wake, or suddenly confused?",
        "isRedFlag": True,
        "number": 1,
        "count": 6,
    }


async def test_a_red_flag_calls_for_an_ambulance_and_for_nothing_else(
    client: httpx.AsyncClient,
) -> None:
    ended = await suggest(client, "bite", [*no(*SIGNS), *yes("snake")])

    assert ended == {
        "__typename": "TriageEmergency",
        "text": "Call 115 now.",
        "call": {"number": "115", "url": "tel:115", "callText": "Call 115, ambulance"},
        "meanwhileText": "Keep the person lying still and the bitten limb unmoved; take off rings."
        " Do not cut, suck, tie off or put herbs on it.",
    }


async def test_a_suggestion_says_where_how_soon_and_why(client: httpx.AsyncClient) -> None:
    ended = await suggest(
        client,
        "bite",
        [
            *no(*SIGNS, "snake", "allergy_severe", "many_stings", "bite_near_head"),
            *yes("warm_animal"),
        ],
    )

    assert ended == {
        "__typename": "TriageSuggestion",
        "urgency": "TODAY",
        "urgencyText": "See a doctor today.",
        "specialties": [
            {
                "code": "infectious_diseases",
                "name": "Infectious diseases",
                "treats": "Fevers, bites of animals, and illnesses that are caught from others.",
            },
            {
                "code": "surgery",
                "name": "Surgery",
                "treats": "Wounds, abscesses, hernias, and whatever may need an operation.",
            },
        ],
        "whyText": "Wash the place with soap and running water for 15 minutes now. Shots against"
        " rabies have to begin without delay, even for a scratch.",
        "ifWorseText": "If it gets worse, or breathing becomes hard, call 115.",
        "noDiagnosisText": "This is no diagnosis, only a hint at where to go. If you are worried,"
        " see a doctor sooner.",
    }


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("vi", "Hãy gọi 115 ngay."),
        ("zh-Hans", "请立即拨打115。"),
        ("fr", "Appelez le 115 maintenant."),
        ("ko", "지금 115로 전화하세요."),
        ("ja", "今すぐ115に電話してください。"),
    ],
)
async def test_an_emergency_speaks_the_reader_s_language(
    client: httpx.AsyncClient, language: str, text: str
) -> None:
    ended = await suggest(client, "mental_distress", yes("thoughts_of_death"), language=language)

    assert ended["text"] == text


async def test_a_red_flag_counts_before_earlier_questions_are_answered(
    client: httpx.AsyncClient,
) -> None:
    ended = await suggest(client, "fever", yes("fever_three_days", "stiff_neck_spots"))

    assert ended["__typename"] == "TriageEmergency"


@pytest.mark.parametrize(
    ("complaint", "changes"),
    [
        ("fever", {"version": "2020-01-01"}),
        ("not-a-complaint", {}),
        ("check_up", {}),
        ("pregnancy", {"isPregnant": True, "ageGroup": "OLDER"}),
        ("fever", {"isForMyself": True, "ageGroup": "NEWBORN"}),
    ],
)
async def test_a_red_flag_counts_whatever_else_is_wrong(
    client: httpx.AsyncClient, complaint: str, changes: dict[str, Any]
) -> None:
    answers = [*no("unresponsive"), *yes("unresponsive")]

    ended = await suggest(client, complaint, answers, **changes)

    assert ended["__typename"] == "TriageEmergency"


@pytest.mark.parametrize(
    ("complaint", "answers", "changes"),
    [
        ("fever", [*no(*["fit_now"] * 40), *yes("unresponsive")], {}),
        ("fever", yes("cannot_drink"), {}),
        ("not-a-complaint", yes("stiff_neck_spots"), {}),
        ("check_up", yes("thoughts_of_death"), {"version": "2020-01-01"}),
    ],
)
async def test_a_red_flag_counts_among_many_answers_and_when_this_patient_is_not_asked(
    client: httpx.AsyncClient,
    complaint: str,
    answers: list[dict[str, Any]],
    changes: dict[str, Any],
) -> None:
    ended = await suggest(client, complaint, answers, **changes)

    assert ended["__typename"] == "TriageEmergency"


@pytest.mark.parametrize(
    ("complaint", "answers", "changes", "code", "field"),
    [
        ("plague", [], {}, "INVALID_ANSWERS", "complaint"),
        ("fever", no("is-it-monday"), {}, "INVALID_ANSWERS", "answers"),
        ("fever", no(*["fit_now"] * 41), {}, "INVALID_ANSWERS", "answers"),
        ("bite", [*no("warm_animal"), *yes("warm_animal")], {}, "CONTRADICTORY_ANSWERS", "answers"),
        ("fever", [], {"version": "2020-01-01"}, "QUESTIONNAIRE_CHANGED", "version"),
        (
            "fever",
            [],
            {"isPregnant": True, "ageGroup": "OLDER"},
            "CONTRADICTORY_ANSWERS",
            "isPregnant",
        ),
        (
            "fever",
            [],
            {"isForMyself": True, "ageGroup": "INFANT"},
            "CONTRADICTORY_ANSWERS",
            "ageGroup",
        ),
        ("chest_pain", [], {"ageGroup": "INFANT"}, "CONTRADICTORY_ANSWERS", "complaint"),
        ("pregnancy", [], {}, "CONTRADICTORY_ANSWERS", "complaint"),
        ("fever", no("cannot_drink"), {}, "CONTRADICTORY_ANSWERS", "complaint"),
    ],
)
async def test_answers_that_cannot_be_are_refused(
    client: httpx.AsyncClient,
    complaint: str,
    answers: list[dict[str, Any]],
    changes: dict[str, Any],
    code: str,
    field: str,
) -> None:
    refused = await suggest(client, complaint, answers, **changes)

    assert (refused["code"], refused["field"]) == (code, field)


async def test_nothing_of_it_is_kept_or_logged(
    client: httpx.AsyncClient, store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {spec.name: await store[spec].find({}) for spec in COLLECTIONS}

    await suggest(client, "mental_distress", no(*SIGNS, "thoughts_of_death", "withdrawal"))
    await suggest(client, "womens_health", [*no(*SIGNS), *yes("women_violence")])

    logged = capsys.readouterr()
    for word in ("mental", "women", "thoughts", "violence", "ADULT", "unresponsive"):
        assert word not in logged.out + logged.err
    assert {spec.name: await store[spec].find({}) for spec in COLLECTIONS} == before
