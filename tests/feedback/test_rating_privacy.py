"""What a locked phone, a clerk, the public and the store may know of a rating, and what goes with an account."""

import json
from pathlib import Path

import httpx
import pytest

from api.accounts.caller import Caller
from api.accounts.privacy.purposes import ConsentPurpose
from api.context import Services
from api.feedback.life.closing import RATE
from api.feedback.satisfaction.records import Grade, Reason
from api.feedback.satisfaction.repository import RATINGS, RatingRepository
from api.kit.audit_log import AUDIT_ROWS
from notifications.fan_outs import FAN_OUTS
from notifications.text_outbox import TEXT_OUTBOX, opened
from tests.accounts.exporting import run_jobs
from tests.accounts.families import person_id_of
from tests.accounts.people import signed_in
from tests.accounts.traces import files_with
from tests.conftest import MovableClock
from tests.feedback.desk_play import DeskPlay
from tests.feedback.rating import (
    HOSPITAL,
    LUNG_HOSPITAL,
    WARD,
    a_clerk_of,
    a_person,
    an_ended_visit,
    an_office_code,
    counts,
    devices,
    gives,
    has_rated,
    said,
    scans,
)
from tests.feedback.reporting import SA_PA_WARD, a_clerk, ask
from tests.health.waiting import a_phone

THE_WARD = {"office": {"kind": "AGENCY", "id": SA_PA_WARD}}


async def told(services: Services, clock: MovableClock) -> list[str]:
    """Let the worker work, and return what the phones are told, with the data that goes along."""
    await run_jobs(services, clock)
    found = await services.store[FAN_OUTS].find({})
    return [json.dumps(one, default=str, ensure_ascii=False) for one in found]


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("vi", "Bạn hài lòng với Bệnh viện đa khoa khu vực Sa Pa như thế nào? Chỉ cần một chạm."),
        ("en", "How satisfied are you with Sa Pa Regional General Hospital? One tap is enough."),
        ("zh-Hans", "轻点一下即可评价。"),
        ("fr", "Êtes-vous satisfait de "),
        ("ko", "에 얼마나 만족하셨나요? 한 번만 누르면 됩니다."),
        ("ja", "の対応はいかがでしたか。ワンタップで評価できます。"),
    ],
)
async def test_a_locked_phone_tells_of_a_general_hospital(
    services: Services, clock: MovableClock, language: str, sentence: str
) -> None:
    caller = await a_person(services)
    await a_phone(services, caller)
    rating = await an_ended_visit(services, caller, language=language)

    (notice,) = await told(services, clock)

    assert sentence in notice
    assert json.dumps({"key": "ratingId", "value": rating}) in notice


async def test_a_locked_phone_names_no_hospital_whose_name_tells_the_illness(
    services: Services, clock: MovableClock
) -> None:
    caller = await a_person(services)
    await a_phone(services, caller)
    await an_ended_visit(services, caller, LUNG_HOSPITAL)

    (notice,) = await told(services, clock)

    assert "lần đến khám" in notice
    assert "hổi" not in notice
    assert LUNG_HOSPITAL.id not in notice


async def test_without_a_phone_the_link_is_written(play: DeskPlay) -> None:
    report = await play.refused(await play.reported())
    await play.services.feedback.satisfaction.inviting.handlers()[RATE]({"report": report.id})
    await run_jobs(play.services, play.clock)
    (rating,) = await play.services.store[RATINGS].find({})
    link = play.services.feedback.satisfaction.tickets.issue(rating["_id"])

    found = await play.services.store[TEXT_OUTBOX].find({})
    messages = [opened(play.services.sealer, TEXT_OUTBOX, one) for one in found]

    (asking,) = [one for one in messages if "/feedback/v1/rate?ticket=" in one.body]
    assert asking.subject == "Bạn thấy thế nào?"
    assert asking.body == (
        f"Bạn thấy thế nào?\nPhản ánh {report.code} đã kết thúc. Bạn hài lòng với Ủy ban nhân dân"
        f" phường Sa Pa như thế nào? Chỉ cần một chạm.\nĐánh giá tại đây: http://127.0.0.1:8000/feedback/v1/rate?ticket={link}"
    )


async def test_words_are_sealed(services: Services, tmp_path: Path) -> None:
    caller = await a_person(services)
    rating = await an_ended_visit(services, caller)

    await gives(services, caller, rating, said(words="Hàng ghế bị gãy."))

    assert files_with(tmp_path, {"Hàng ghế bị gãy."}) == {}


async def test_clerks_read_words_of_their_office_once_the_week_is_over(
    client: httpx.AsyncClient, services: Services, clock: MovableClock
) -> None:
    scanned = await an_office_code(services)
    (device,) = await devices(client, 1)
    what = said(Grade.NEUTRAL, Reason.WAITING, words="Gọi tôi 0912 345 678 nhé.")
    await scans(services, device, scanned, what)
    clock.advance(days=9, hours=7, minutes=29)
    clerk = await a_clerk(client, services)
    before = await ask(client, "OfficeRatings", THE_WARD, clerk)
    clock.advance(minutes=1)

    after = await ask(client, "OfficeRatings", THE_WARD, clerk)

    assert before["edges"] == []
    assert [edge["node"] for edge in after["edges"]] == [
        {
            "kind": "OFFICE",
            "grade": {"code": "NEUTRAL", "name": "Neither satisfied nor dissatisfied"},
            "reasons": [{"code": "WAITING", "name": "How long I waited"}],
            "words": {"text": "Gọi tôi ••• nhé.", "language": "vi", "translation": None},
            "week": "2026-05-11",
        }
    ]
    rows = await services.store[AUDIT_ROWS].find({"actor": await person_id_of(services, clerk)})
    read = [(one["action"], one["scope"], one["details"]) for one in rows]
    assert read == [
        ("ratings.read", str(WARD), {"found": 0}),
        ("ratings.read", str(WARD), {"found": 1}),
    ]


async def test_clerks_of_another_office_read_nothing(
    services: Services, clock: MovableClock
) -> None:
    await has_rated(services, Grade.NEUTRAL)
    clock.advance(days=30)
    reading = services.feedback.satisfaction.reading

    page = await reading.ratings(await a_clerk_of(services), WARD, 20, None)

    assert page.items == ()


async def test_what_is_given_while_it_is_forgotten_is_counted_once(
    client: httpx.AsyncClient, services: Services
) -> None:
    mai = await signed_in(client, services)
    caller = Caller(await person_id_of(services, mai))
    rating_id = await an_ended_visit(services, caller)
    repository = RatingRepository(services.store, services.sealer)
    seen = await repository.get(rating_id)
    assert seen is not None
    await gives(services, caller, rating_id, said(Grade.NEUTRAL))

    for _ in range(2):  # a job that runs again
        await repository.make_nobodys(seen)

    (left,) = await services.store[RATINGS].find({})
    assert (left["grade"], left["rater"]) == ("neutral", None)
    assert (await services.feedback.satisfaction.recounting.run()).differences == ()


async def test_the_grade_stays_and_leads_to_nobody(
    client: httpx.AsyncClient, services: Services
) -> None:
    mai = await signed_in(client, services)
    caller = Caller(await person_id_of(services, mai))
    given, open_one = [await an_ended_visit(services, caller) for _ in range(2)]
    await gives(services, caller, given, said(Grade.NEUTRAL, Reason.COST, words="Đắt."))
    before, data = await counts(services), services.feedback.satisfaction.data

    for _ in range(2):
        await data.erase(caller.person())

    (left,) = await services.store[RATINGS].find({})
    assert left["_id"] not in (given, open_one)
    kept = {name: left[name] for name in ("rater", "subject", "words", "grade", "reasons")}
    assert kept == {
        "rater": None,
        "subject": None,
        "words": None,
        "grade": "neutral",
        "reasons": ["cost"],
    }
    assert await counts(services) == before
    assert (await services.feedback.satisfaction.recounting.run()).differences == ()
    assert await data.held_of(caller.person()) == []


async def test_what_is_held_is_told(services: Services) -> None:
    caller = await a_person(services)
    rating = await an_ended_visit(services, caller, dependant_id="a-mother")
    await gives(services, caller, rating, said(Grade.NEUTRAL, Reason.COST, words="Đắt."))

    (held,) = await services.feedback.satisfaction.data.held_of(caller.person())

    assert held | {"subject": None} == {
        "kind": "VISIT",
        "subject": None,
        "office": str(HOSPITAL),
        "dependant": "a-mother",
        "language": "vi",
        "askedAt": "2026-05-01T09:30:00+00:00",
        "ratedAt": "2026-05-01T09:30:00+00:00",
        "grade": "NEUTRAL",
        "reasons": ["COST"],
        "words": "Đắt.",
        "wordsLanguage": "vi",
    }


@pytest.mark.parametrize(
    ("purpose", "subject", "left"),
    [
        (ConsentPurpose.HEALTH, None, ["a-mother"]),
        (ConsentPurpose.HEALTH, "a-mother", [None]),
        (ConsentPurpose.PHOTOS, None, [None, "a-mother"]),
    ],
)
async def test_visits_go_with_the_consent(
    services: Services, purpose: ConsentPurpose, subject: str | None, left: list[str | None]
) -> None:
    caller = await a_person(services)
    for dependant in (None, "a-mother"):
        await an_ended_visit(services, caller, dependant_id=dependant)
    data = services.feedback.satisfaction.data

    await data.consent_withdrawn(caller.person(), subject, purpose)

    held = await data.held_of(caller.person())
    assert sorted((one["dependant"] for one in held), key=str) == sorted(left, key=str)


async def test_visits_go_with_the_dependant(services: Services) -> None:
    caller = await a_person(services)
    for dependant in (None, "a-mother"):
        await an_ended_visit(services, caller, dependant_id=dependant)
    data = services.feedback.satisfaction.data

    await data.dependant_removed(caller.person(), "a-mother")

    assert [one["dependant"] for one in await data.held_of(caller.person())] == [None]
