"""A night of floods: two officers warn one commune, widen the warning to another, and end it."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from demo.checks import Checks
from demo.people import done, new_key, staff, with_phone
from demo.phone import Phone
from demo.recorder import received_by, wait_until

AGENCY = "civil-defence"
SA_PA_CODE, BAC_HA_CODE = "03006", "02839"
SA_PA, BAC_HA = (22.3364, 103.8438), (22.5390, 104.2900)
FIRST_PUSH_WITHIN_SECONDS = 2.0
WAIT_SECONDS = 15.0
STRONGER_RAIN = "180"


def a_night_of_floods(client: httpx.Client, checks: Checks) -> None:
    """Go from the first draft to the all-clear, and look at both phones after each step."""
    author = staff(client, "The author", "flood-author", ["ALERT_AUTHOR"], ("AGENCY", AGENCY))
    approver = staff(
        client, "The approver", "flood-approver", ["ALERT_APPROVER"], ("AGENCY", AGENCY)
    )
    with_phone(approver)
    minji = Phone("Min-ji in Sa Pa", "ko", *SA_PA, client)
    hoa = Phone("Hoa in Bắc Hà", "vi", *BAC_HA, client)
    for phone in (minji, hoa):
        phone.register()
    first = _composed(author, "ComposeAlert", {"purpose": "ACTUAL", **_content("120", SA_PA_CODE)})
    alert_id = _issued(author, approver, first)
    issued = time.monotonic()
    warned = wait_until(lambda: bool(received_by(client, minji)), WAIT_SECONDS, pause=0.02)
    seconds = time.monotonic() - issued
    checks.expect(
        f"The first phone was warned {seconds:.2f} s after the second officer approved",
        warned and seconds < FIRST_PUSH_WITHIN_SECONDS,
    )
    called = [push["message"]["data"]["type"] for push in received_by(client, approver)]
    checks.expect("The officer who approves was called", called.count("alertDraftWaits") == 1)
    checks.expect("Bắc Hà was left in peace", received_by(client, hoa) == [])
    wider = _content(STRONGER_RAIN, SA_PA_CODE, BAC_HA_CODE)
    update = _composed(author, "ComposeAlertUpdate", {"alertId": alert_id, **wider})
    alert_id = _issued(author, approver, update)
    checks.expect("Bắc Hà hears the update", _channels(client, hoa, 1) == ["warnings_severe"])
    checks.expect(
        "… which changes the other phone silently",
        _channels(client, minji, 2) == ["warnings_severe", "warnings_quiet"],
    )
    end = _composed(author, "ComposeAlertEnd", {"alertId": alert_id, "isCancel": False})
    _issued(author, approver, end)
    for phone, messages in ((minji, 3), (hoa, 2)):
        channels = _channels(client, phone, messages)
        checks.expect(f"{phone.owner} is told the end", channels[-1:] == ["warnings_normal"])


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
