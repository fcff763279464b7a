"""Where an appointment is: near the phone or what was named, and never where nothing can be booked."""

from dataclasses import dataclass

import pytest
from dialogue.province import Answer
from dialogue.saying import Step
from dialogue.tasks.health import HEALTH
from dialogue.tasks.health.places import FreePlace, spread

from tests.chatbot import health_answers as told
from tests.chatbot.dialogues import NOW, SA_PA, Dialogue, found
from tests.chatbot.health_answers import LAO_CAI_HOSPITAL, SA_PA_HOSPITAL
from tests.chatbot.sent_documents import CheckedProvince

GENERAL, DENTIST = found("specialty", "general"), found("specialty", "dentistry")
TUESDAY, MORNING = found("date", "2026-12-01"), found("time", "00:00/11:59")
QUARTERS = ("07:00", "07:30", "08:00", "08:30", "09:00", "09:30", "10:00", "10:30")
NEAR_AND_FAR = told.slots(
    *(told.slot(f"near-{at}", f"2026-12-01T{at}", distance=900.0) for at in QUARTERS),
    *(told.slot(f"far-{at}", f"2026-12-01T{at}", LAO_CAI_HOSPITAL, distance=31_400.0) for at in QUARTERS),
)  # fmt: skip


@dataclass
class ProvinceOfSome(CheckedProvince):
    """Has free times in some departments only."""

    departments: tuple[str, ...] = ("general",)

    async def ask(self, operation: str, variables: Answer, *, language: str) -> Answer:
        answer = await super().ask(operation, variables, language=language)
        if operation != "health/FindSlots" or variables.get("specialty") in self.departments:
            return answer
        return told.slots()


@pytest.fixture
def talk() -> Dialogue:
    free = told.slots(
        told.slot("s1", "2026-12-01T08:30"), told.slot("s3", "2026-12-01T15:00", LAO_CAI_HOSPITAL)
    )
    province = ProvinceOfSome(
        {
            "health/FindSlots": free,
            "health/FacilityServices": told.services(),
            "health/Facility": told.facility(),
            "health/Facilities": told.facilities(SA_PA_HOSPITAL),
            "health/Specialties": told.SPECIALTIES,
            "accounts/MyDependants": told.family(),
        }
    )
    return Dialogue(HEALTH, province)


def searches(talk: Dialogue) -> list[Answer]:
    return [sent for name, sent in talk.province.asked if name == "health/FindSlots"]


async def test_a_phone_is_offered_what_is_nearest_to_it(talk: Dialogue) -> None:
    talk.position = SA_PA
    talk.province.answers["health/FindSlots"] = NEAR_AND_FAR

    await talk.hear("book_appointment", GENERAL, TUESDAY, MORNING)

    (_, sent, *_) = searches(talk)
    assert (sent["near"], sent["order"]) == (SA_PA, "NEAREST")
    assert {choice.partition(", ")[2] for choice in talk.choices} == {
        "Sa Pa Regional General Hospital"
    }


async def test_where_the_phone_is_is_not_kept(talk: Dialogue) -> None:
    talk.position = SA_PA

    await talk.hear("book_appointment", GENERAL, TUESDAY, MORNING)

    assert "22.336" not in talk.state.to_json()


async def test_the_place_that_is_named_counts_before_the_phone(talk: Dialogue) -> None:
    talk.position = SA_PA
    there = {"latitude": 22.53, "longitude": 104.29}
    commune = {"code": "02836", "name": {"text": "Bac Ha"}, "position": there}
    talk.province.answers["tourism/Communes"] = told.connection("communes", [commune])

    await talk.hear("book_appointment", GENERAL, TUESDAY, MORNING, found("commune", "02836"))

    assert searches(talk)[-1]["near"] == there


async def test_at_a_hospital_that_is_named_the_phone_does_not_count(talk: Dialogue) -> None:
    talk.position = SA_PA

    await talk.hear("book_appointment", GENERAL, TUESDAY, found("facility", LAO_CAI_HOSPITAL))

    assert "near" not in searches(talk)[-1]


async def test_a_hospital_far_away_is_offered_with_its_distance(talk: Dialogue) -> None:
    talk.position = SA_PA
    near = told.slot("n", "2026-12-01T08:30", distance=2_900.0)
    far = told.slot("f", "2026-12-01T07:00", LAO_CAI_HOSPITAL, distance=31_400.0)
    talk.province.answers["health/FindSlots"] = told.slots(far, near)

    await talk.hear("book_appointment", GENERAL, TUESDAY, MORNING)

    assert talk.choices == [
        "8:30\u202fAM, Sa Pa Regional General Hospital",
        "7:00\u202fAM, Lao Cai Provincial General Hospital (31 km away)",
    ]


async def test_the_only_place_at_that_time_is_not_taken_unasked_when_it_is_far(
    talk: Dialogue,
) -> None:
    talk.position = SA_PA
    far = told.slot("f", "2026-12-01T08:30", LAO_CAI_HOSPITAL, distance=31_400.0)
    talk.province.answers["health/FindSlots"] = told.slots(far)

    await talk.hear("book_appointment", GENERAL, TUESDAY, found("time", "08:30"))

    assert talk.phrases == ["utter_which_time"]


async def test_without_a_place_and_a_position_both_are_asked_for_beside_the_times(
    talk: Dialogue,
) -> None:
    await talk.hear("book_appointment", GENERAL, TUESDAY)

    assert talk.words.splitlines()[1] == (
        "These hospitals are all over the province. Share your position or name a place,"
        " and I offer the nearest."
    )
    assert talk.said[0].steps == [Step.SHARE_POSITION]


def test_the_nearest_hospital_fills_the_choices_from_its_whole_range() -> None:
    near = [_place(hour, 900.0) for hour in range(7, 16)]
    far = [_place(hour, 90_000.0) for hour in range(7, 16)]

    assert [place.start.hour for place in spread([*far, *near])] == [7, 9, 10, 12, 13, 15]
    assert {place.distance for place in spread([*far, *near])} == {900.0}


def test_what_the_nearest_hospital_lacks_comes_from_the_next() -> None:
    near = [_place(hour, 900.0) for hour in (14, 15)]
    far = [_place(hour, 90_000.0) for hour in range(7, 16)]

    assert [(place.distance, place.start.hour) for place in spread([*far, *near])] == [
        (900.0, 14),
        (900.0, 15),
        *((90_000.0, hour) for hour in (7, 10, 12, 15)),
    ]


def _place(hour: int, distance: float) -> FreePlace:
    at = NOW.replace(hour=hour)
    return FreePlace(f"{hour}-{distance}", at, f"at-{distance}", "service", distance=distance)


async def test_only_departments_with_a_free_time_are_offered(talk: Dialogue) -> None:
    await talk.hear("book_appointment")

    assert talk.choices == ["General practice"]


async def test_a_department_that_nobody_can_be_booked_in_is_no_dead_end(talk: Dialogue) -> None:
    await talk.hear("book_appointment", DENTIST, found("date", "2026-12-02"))

    assert talk.words.splitlines() == [
        "No time for this department can be booked through me at present. These hospitals should"
        " have it; ask there:",
        "• Sa Pa Regional General Hospital (Thị trấn Sa Pa)",
        "That they have this specialty is usual for their kind, but not yet confirmed by them: ask"
        " before a long way.",
        "Which department do you need? If you do not know, ask me “which department?” and tell"
        " what is the trouble.",
    ]
    assert talk.choices == ["Find a doctor or hospital", "Talk to a person", "General practice"]


async def test_where_no_hospital_has_the_department_this_is_said(talk: Dialogue) -> None:
    talk.province.answers["health/Facilities"] = told.facilities()

    await talk.hear("book_appointment", DENTIST)

    assert talk.phrases == ["utter_department_not_bookable", "utter_which_specialty"]


async def test_what_was_said_with_it_is_kept_for_another_department(talk: Dialogue) -> None:
    await talk.hear("book_appointment", DENTIST, TUESDAY, MORNING)

    await talk.tap(3)

    assert talk.phrases == ["utter_which_time"]


async def test_a_way_out_of_the_form_is_taken_whatever_is_understood_of_its_title(
    talk: Dialogue,
) -> None:
    await talk.hear("book_appointment", DENTIST)

    await talk.tap(1)

    assert talk.phrases == ["utter_facilities"]


async def test_who_is_asked_again_for_a_department_is_offered_a_person(talk: Dialogue) -> None:
    await talk.hear("book_appointment", DENTIST)

    await talk.hear("inform", MORNING, text="in the morning")

    assert talk.choices == ["General practice", "Find a doctor or hospital", "Talk to a person"]


async def test_the_ways_out_are_offered_once_in_an_answer(talk: Dialogue) -> None:
    await talk.hear("book_appointment", DENTIST)

    await talk.hear("inform", found("specialty", "ophthalmology"), text="eyes")

    assert talk.choices == ["General practice", "Find a doctor or hospital", "Talk to a person"]


async def test_a_department_that_the_hospital_has_not_is_said_of_that_hospital(
    talk: Dialogue,
) -> None:
    hospital = found("facility", SA_PA_HOSPITAL)
    await talk.hear("book_appointment", hospital)

    await talk.hear("inform", DENTIST)

    assert talk.phrases == ["utter_nothing_free_there", "utter_nothing_bookable_there"]


async def test_a_day_after_the_last_free_time_offers_what_is_before(talk: Dialogue) -> None:
    none = told.slots()
    free = talk.province.answers["health/FindSlots"]
    talk.province.answers["health/FindSlots"] = [free, *[none] * 4, free]

    await talk.hear("book_appointment", GENERAL, found("date", "2027-01-20"))

    assert talk.words.startswith("Nothing is free on Wednesday, January 20, 2027 or after it.")
    assert talk.choices[0] == (
        "Tuesday, December 1, 2026, 8:30\u202fAM, Sa Pa Regional General Hospital"
    )


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("vi", "08:30, Bệnh viện (cách 31 km)"),
        ("zh-Hans", "08:30，Bệnh viện（距离31公里）"),
        ("fr", "08:30, Bệnh viện (à 31\u202fkm)"),
        ("ko", "오전 8:30, Bệnh viện (31km 거리)"),
        ("ja", "8:30、Bệnh viện（距離31 km）"),
    ],
)
async def test_a_distance_is_read_in_every_language(
    talk: Dialogue, monkeypatch: pytest.MonkeyPatch, language: str, title: str
) -> None:
    monkeypatch.setitem(told.NAMES, LAO_CAI_HOSPITAL, "Bệnh viện")
    talk.language, talk.position = language, SA_PA
    far = told.slot("f", "2026-12-01T08:30", LAO_CAI_HOSPITAL, distance=31_400.0)
    talk.province.answers["health/FindSlots"] = told.slots(far)

    await talk.hear("book_appointment", GENERAL, TUESDAY, MORNING)

    assert talk.choices == [title]
