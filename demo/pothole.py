"""From pothole to proof: a draft from where there is no network, one who joins, and a repair that had to be done twice."""

import re
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import httpx
from PIL import Image

from demo.checks import Checks
from demo.people import done, new_key, signed_in, staff, with_phone
from demo.phone import Phone
from demo.recorder import received_by, wait_until

WARD = "commune-03006"
PHOTO_SECONDS, TOLD_SECONDS = 20.0, 20.0
DRAFTED_AGO = timedelta(days=2)
POTHOLE = "Ổ gà sâu ngay khúc cua xuống bản, trời mưa không thấy."
STEPS_TOLD = 4
"""Accepted, assigned, begun, fixed."""


def from_pothole_to_proof(client: httpx.Client, checks: Checks) -> None:
    """Let Lan report a pothole and Min-jun join, and the ward mend it, in the end well."""
    run = uuid.uuid4().hex[:8]
    clerk = staff(client, "A clerk of Sa Pa", f"roads-{run}", ("CLERK",), ("AGENCY", WARD))
    lan = signed_in(client, "Lan, who walks there", f"walker-{run}", "vi")
    minjun = signed_in(client, "Min-jun, who rides there", f"rider-{run}", "ko")
    for phone in (lan, minjun):
        with_phone(phone)
    code = _reported(lan, checks)
    _joined(minjun, code, checks)
    _taken_in_hand(clerk, code, checks)
    _proved(clerk, code)
    _everybody_was_told(client, lan, minjun, checks)
    _mended_again(lan, clerk, code, checks)


def _reported(lan: Phone, checks: Checks) -> str:
    """Send a draft that was made two days ago; return the report's code."""
    drafted = (datetime.now(UTC) - DRAFTED_AGO).replace(microsecond=0)
    draft = {
        "categoryCode": "road-damage",
        "position": lan.position,
        "accuracy": 6.0,
        "capturedAt": drafted.isoformat(),
        "text": POTHOLE,
        "visibility": "PUBLIC",
        "language": "vi",
        **new_key(),
    }
    report = done(lan, "feedback/SubmitReport", draft)["report"]
    checks.expect(
        "A draft made two days ago without a network is taken, keeps its time, and is with the ward",
        datetime.fromisoformat(report["capturedAt"]) == drafted and report["agency"]["id"] == WARD,
    )
    return str(report["code"])


def _joined(minjun: Phone, code: str, checks: Checks) -> None:
    asked = {"position": minjun.position, "categoryCode": "road-damage"}
    similar = minjun.send("feedback/SimilarReports", asked)["similarReports"]["reports"]
    joined = done(minjun, "feedback/JoinReport", {"code": code, **new_key()})["report"]
    checks.expect(
        "Min-jun is shown what Lan reported, and joins in place of reporting it again",
        code in [one["report"]["code"] for one in similar] and joined["people"] == 2,
    )


def _taken_in_hand(clerk: Phone, code: str, checks: Checks) -> None:
    """Accept it, give it to a team, begin, and try to be done without a photo."""
    team = {"words": "Giao đội duy tu số 2, vá trong tuần.", "language": "vi"}
    _step(clerk, "AcceptReport", code, "RECEIVED")
    _step(clerk, "AssignReport", code, "ACCEPTED", **team)
    _step(clerk, "StartReport", code, "ASSIGNED")
    seen = {"agencyId": WARD, "code": code, "seenState": "IN_PROGRESS", **new_key()}
    refused = clerk.send("feedback/ProveFix", {"input": {**seen, "photoIds": []}})["proveFix"]
    checks.expect("Nothing is fixed without a photo", refused.get("code") == "PROOF_MISSING")


def _proved(clerk: Phone, code: str) -> None:
    _step(clerk, "ProveFix", code, "IN_PROGRESS", photoIds=[_photo(clerk)])


def _everybody_was_told(client: httpx.Client, lan: Phone, minjun: Phone, checks: Checks) -> None:
    def told(phone: Phone) -> list[str]:
        return [f"{push['title']}: {push['body']}" for push in received_by(client, phone)]

    def are_told() -> bool:
        return all(len(told(phone)) == STEPS_TOLD for phone in (lan, minjun))

    came = wait_until(are_told, TOLD_SECONDS)
    for phone in (lan, minjun):
        print(f"\nOn the phone of {phone.owner}:\n  {told(phone)}")
    checks.expect(
        "Each step came to both phones, in Vietnamese and in Korean, without a word of the report",
        came
        and all("Phản ánh" in text and POTHOLE not in text for text in told(lan))
        and all(re.search("[가-힣]", text) for text in told(minjun)),
    )


def _mended_again(lan: Phone, clerk: Phone, code: str, checks: Checks) -> None:
    """Let Lan say that it is not mended, and, once it is, that it is."""
    not_yet = {"code": code, "words": "Mưa một đêm là bong lại.", "language": "vi", **new_key()}
    done(lan, "feedback/ReopenReport", not_yet)
    _step(clerk, "StartReport", code, "REOPENED")
    _proved(clerk, code)
    done(lan, "feedback/ConfirmFix", {"code": code, **new_key()})
    shown = lan.send("feedback/Report", {"code": code})["report"]
    moves = [step["move"] for step in shown["steps"]]
    proofs = [len(step["photos"]) for step in shown["steps"] if step["move"] == "FIX"]
    checks.expect(
        "Lan opened it again, it was proved anew, she confirmed, and everybody may read all of it",
        shown["state"] == "CONFIRMED"
        and moves[-4:] == ["REOPEN", "START", "FIX", "CONFIRM"]
        and proofs == [1, 1],
    )


def _step(clerk: Phone, operation: str, code: str, seen: str, **values: Any) -> None:  # noqa: ANN401
    at = {"agencyId": WARD, "code": code, "seenState": seen, **values, **new_key()}
    done(clerk, f"feedback/{operation}", at)


def _photo(phone: Phone) -> str:
    """Send a photo in, and return its id once it is ready."""
    file = BytesIO()
    Image.new("RGB", (320, 240), "dimgray").save(file, "JPEG")
    data = file.getvalue()
    asked = {"kind": "PHOTO", "byteCount": len(data), "contentType": "image/jpeg", **new_key()}
    requested = done(phone, "media/RequestUpload", asked)
    address = urlsplit(str(requested["upload"]["url"]))
    phone.client.put(f"{address.path}?{address.query}", content=data).raise_for_status()
    media_id = str(requested["media"]["id"])
    done(phone, "media/CompleteUpload", {"id": media_id})
    wait_until(_is_ready(phone, media_id), PHOTO_SECONDS)
    return media_id


def _is_ready(phone: Phone, media_id: str) -> Callable[[], bool]:
    return lambda: bool(phone.ask("media/Media", {"id": media_id})["media"]["state"] == "READY")
