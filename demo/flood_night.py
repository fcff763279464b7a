"""A night as that of Làng Nủ in 2024: rain climbs, a draft appears, two officers warn, widen and end the warning."""

import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from demo.checks import Checks
from demo.people import done, new_key, staff, with_phone
from demo.phone import Phone
from demo.rain_stations import draft_of, measured, rain_station, rule_on_rain
from demo.recorder import PATIENCE, received_by, wait_until

AGENCY = "civil-defence"
PHUC_KHANH_CODE, BAO_YEN_CODE = "02998", "02947"
LANG_NU, BAO_YEN = (22.169, 104.551), (22.209, 104.465)
RAIN_MM = (12.0, 41.0, 85.0)
FIRST_PUSH_WITHIN_SECONDS = 2.0 * PATIENCE
WAIT_SECONDS = 15.0
STRONGER_RAIN = "180"


def a_night_of_floods(client: httpx.Client, checks: Checks) -> None:
    """Go from the first rain to the all-clear, and look at the phones after each step."""
    author = staff(client, "The author", "flood-author", ["ALERT_AUTHOR"], ("AGENCY", AGENCY))
    approver = staff(
        client, "The approver", "flood-approver", ["ALERT_APPROVER"], ("AGENCY", AGENCY)
    )
    with_phone(approver)
    minji = Phone("Min-ji in Làng Nủ", "ko", *LANG_NU, client)
    thu = Phone("Thu in Làng Nủ", "vi", *LANG_NU, client)
    hoa = Phone("Hoa in Bảo Yên", "vi", *BAO_YEN, client)
    for phone in (minji, thu, hoa):
        phone.register()
    alert_id = _issued(author, approver, _rain_makes_a_draft(client, author, checks))
    _warned(client, (thu, minji), checks)
    wait_until(lambda: _calls(client, approver) > 0, WAIT_SECONDS)
    checks.expect("The officer who approves was called", _calls(client, approver) == 1)
    checks.expect("Bảo Yên was left in peace", received_by(client, hoa) == [])
    _safe(thu, alert_id, checks)
    wider = _content(STRONGER_RAIN, PHUC_KHANH_CODE, BAO_YEN_CODE)
    update = _composed(author, "ComposeAlertUpdate", {"alertId": alert_id, **wider})
    alert_id = _issued(author, approver, update)
    checks.expect("Bảo Yên hears the update", _channels(client, hoa, 1) == ["warnings_severe"])
    checks.expect(
        "… which changes the other phones silently",
        _channels(client, minji, 2) == ["warnings_severe", "warnings_quiet"],
    )
    end = _composed(author, "ComposeAlertEnd", {"alertId": alert_id, "isCancel": False})
    _issued(author, approver, end)
    for phone, messages in ((minji, 3), (hoa, 2)):
        channels = _channels(client, phone, messages)
        checks.expect(f"{phone.owner} is told the end", channels[-1:] == ["warnings_normal"])


def _rain_makes_a_draft(client: httpx.Client, author: Phone, checks: Checks) -> dict[str, Any]:
    """Let it rain at a station until its rule makes a draft; return the draft."""
    station, key = rain_station(*LANG_NU)
    rule = rule_on_rain(author, AGENCY, station, PHUC_KHANH_CODE)
    measured(client, key, station, *RAIN_MM)
    wait_until(lambda: draft_of(author, AGENCY, rule) is not None, WAIT_SECONDS)
    draft = draft_of(author, AGENCY, rule)
    if draft is None:
        raise SystemExit("No draft came of the rain.")
    checks.expect(
        "The rain makes a draft for Phúc Khánh, which says on what ground",
        draft["communes"] == [PHUC_KHANH_CODE] and draft["grounds"]["value"] == RAIN_MM[-1],
    )
    return draft


def _warned(client: httpx.Client, phones: Sequence[Phone], checks: Checks) -> None:
    """Wait for the first push after the approval, and look in which language each is told."""
    issued = time.monotonic()
    warned = wait_until(lambda: bool(received_by(client, phones[0])), WAIT_SECONDS, pause=0.02)
    seconds = time.monotonic() - issued
    checks.expect(
        f"The first phone was warned {seconds:.2f} s after the second officer approved",
        warned and seconds < FIRST_PUSH_WITHIN_SECONDS,
    )
    for phone in phones:
        push = _first_push(client, phone)
        print(f"\nOn the phone of {phone.owner}:\n  {push['title']}\n    {push['body']}")
        is_korean = any("\uac00" <= letter <= "\ud7a3" for letter in push["title"])
        checks.expect(
            f"{phone.owner} is warned in {phone.language}", is_korean == (phone.language == "ko")
        )


def _calls(client: httpx.Client, approver: Phone) -> int:
    """Return how often the officer was told that a draft waits."""
    types = [push["message"]["data"]["type"] for push in received_by(client, approver)]
    return types.count("alertDraftWaits")


def _first_push(client: httpx.Client, phone: Phone) -> dict[str, Any]:
    if not wait_until(lambda: bool(received_by(client, phone)), WAIT_SECONDS):
        raise SystemExit(f"No push came to {phone.owner}.")
    return received_by(client, phone)[-1]


def _safe(thu: Phone, alert_id: str, checks: Checks) -> None:
    device = {"id": thu.device_id, "secret": thu.secret}
    asked = {"alertId": alert_id, "answer": "SAFE", "position": thu.position, "device": device}
    answered = done(thu, "safety/AnswerMuster", asked)
    checks.expect(f"{thu.owner} answers: I am safe", answered["answer"] == "SAFE")


def _content(rain: str, *communes: str) -> dict[str, Any]:
    ends = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=6)
    return {
        "content": {
            "hazard": "flash-flood",
            "level": "3",
            "expires": ends.isoformat(),
            "communes": list(communes),
            "slots": [{"name": "rain", "value": rain}, {"name": "hours", "value": "3"}],
        }
    }


def _composed(author: Phone, operation: str, asked: dict[str, Any]) -> dict[str, Any]:
    draft = done(author, f"alerts/{operation}", {"agencyId": AGENCY, **asked, **new_key()})
    return dict(draft["draft"])


def _issued(author: Phone, approver: Phone, draft: dict[str, Any]) -> str:
    """Let one officer submit the draft and the other approve it; return the warning's id."""
    seen = {"agencyId": AGENCY, "id": draft["id"], "digest": draft["digest"]}
    done(author, "alerts/SubmitAlertDraft", seen)
    approved = done(approver, "alerts/ApproveAlert", {**seen, "confirmation": draft["confirmWith"]})
    return str(approved["draft"]["alertId"])


def _channels(client: httpx.Client, phone: Phone, messages: int) -> list[str]:
    """Return the Android channels of the messages to a phone, oldest first, once so many are there."""
    wait_until(lambda: len(received_by(client, phone)) >= messages, WAIT_SECONDS)
    return [
        push["message"]["android"]["notification"]["channel_id"]
        for push in reversed(received_by(client, phone))
    ]
