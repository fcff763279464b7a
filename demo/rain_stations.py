"""A rain station above a village: what it measures comes in through the agencies' door, and a rule looks at it."""

import subprocess
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from demo.people import LAOCAI, done, new_key
from demo.phone import Phone

RULE_LEVEL_MM, ALL_CLEAR_MM = 70.0, 20.0


def rain_station(latitude: float, longitude: float) -> tuple[str, str]:
    """Add a station for rain; return its id and the key that speaks for it."""
    station = f"mua.lang-nu-{uuid.uuid4().hex[:8]}"
    place = ["--latitude", str(latitude), "--longitude", str(longitude), "--source", "UBND xã"]
    _said("station", "add", station, "rain", "Trạm mưa Làng Nủ", *place)
    key = _said("agency", "add", "Đài Khí tượng Thủy văn", "--station", station).splitlines()[-1]
    return station, key


def rule_on_rain(author: Phone, agency: str, station: str, commune: str) -> str:
    """Let an author propose that heavy rain there becomes the draft of a warning; return the rule's id."""
    asked = {
        "agencyId": agency,
        "name": "Mưa lớn trên Làng Nủ",
        "measure": "RAINFALL",
        "comparison": "AT_LEAST",
        "level": RULE_LEVEL_MM,
        "clearLevel": ALL_CLEAR_MM,
        "holdsFor": 0,
        "stationIds": [station],
        "communes": [commune],
        "hazard": "flash-flood",
        "hazardLevel": "3",
        **new_key(),
    }
    return str(done(author, "conditions/ProposeThresholdRule", asked)["rule"]["id"])


def measured(client: httpx.Client, key: str, station: str, *millimetres: float) -> dict[str, Any]:
    """Let the station tell the rain of each last hour, the newest now and ten minutes between them."""
    now = datetime.now(UTC).replace(microsecond=0)
    values = [
        {
            "station": station,
            "property": "rainfall",
            "value": value,
            "unit": "MMT",
            "observedAt": (now - timedelta(minutes=10 * earlier)).isoformat(),
        }
        for earlier, value in zip(reversed(range(len(millimetres))), millimetres, strict=True)
    ]
    headers = {"authorization": f"Bearer {key}"}
    reply = client.post("/v1/conditions/observations", json=values, headers=headers)
    answer: dict[str, Any] = reply.raise_for_status().json()
    print(f"\n[{station}] {millimetres} mm\n  ← {answer}")
    return answer


def draft_of(author: Phone, agency: str, rule: str) -> dict[str, Any] | None:
    """Return the draft that an episode of the rule made, None while there is none."""
    found = author.ask("conditions/ThresholdEpisodes", {"agencyId": agency})["thresholdEpisodes"]
    nodes = [edge["node"] for edge in found["edges"]]
    draft_id = next((one["draftId"] for one in nodes if one["ruleId"] == rule), None)
    if draft_id is None:
        return None
    return dict(author.ask("alerts/AlertDraft", {"agencyId": agency, "id": draft_id})["alertDraft"])


def _said(*words: str) -> str:
    command = [LAOCAI, "conditions", *words]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()  # noqa: S603 - ours
