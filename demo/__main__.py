"""The whole main job on one screen: near me, chat, a market, and a warning that finds its phone."""

import re
import subprocess
import sys
import time
import uuid
from datetime import date, datetime, timedelta, timezone
from typing import Any

import httpx

from api.alerts.sample import sample_message
from api.settings import settings
from demo import people
from demo.checks import Checks
from demo.flood_night import a_night_of_floods
from demo.hospital import a_doctor_without_the_queue
from demo.phone import Phone
from demo.pothole import from_pothole_to_proof
from demo.recorder import PATIENCE, received_by, wait_until
from demo.school import late_at_school
from demo.tourist_card import tourist_card

HANOI = timezone(timedelta(hours=7))
BOT_SECONDS = 60.0
WARNING_SECONDS = 15.0
SA_PA = (22.3364, 103.8438)
YEN_BAI = (21.7050, 104.8700)
TOUR, BAC_HA_MARKET = "sa-pa-town", "P055"
SQUARE = {"latitude": 22.3352, "longitude": 103.8413}


def main() -> int:
    """Run every step, then print each check; the exit status tells whether all passed."""
    base = f"http://{settings().host}:{settings().port}"
    checks = Checks()
    # Sooner than the server, which hangs up after five seconds, perhaps as the next request is on its way.
    idle = httpx.Limits(keepalive_expiry=2)
    with httpx.Client(base_url=base, timeout=30.0 * PATIENCE, limits=idle) as client:
        wait_for_the_product(client, base)
        mei = Phone("Mei in Sa Pa", "zh-Hans", *SA_PA, client)
        lan = Phone("Lan in Yên Bái", "vi", *YEN_BAI, client)
        near_me(mei, lan, checks)
        market_day(lan, checks)
        guide(mei, checks)
        plan(mei, checks)
        chat(mei, lan, client, checks)
        sign_in(mei, lan, checks)
        tourist_card(client, checks)
        late_at_school(client, checks)
        a_doctor_without_the_queue(client, checks)
        from_pothole_to_proof(client, checks)
        warn(mei, lan, client, checks)
        a_night_of_floods(client, checks)
        print(f"\nWhat the phones received: {base}/dev/recorder")
    return checks.report()


def wait_for_the_product(client: httpx.Client, base: str) -> None:
    """Return when the API is ready, or stop with what to do."""

    def ready() -> bool:
        try:
            return client.get("/health/ready").status_code == 200
        except httpx.TransportError:
            return False

    if not wait_until(ready, 20.0):
        raise SystemExit(f"Nothing answers on {base}. Start it with `make run` first.")


def near_me(mei: Phone, lan: Phone, checks: Checks) -> None:
    """Both ask what is near; each reads it in the own language."""
    for phone, expected_language in ((lan, "vi"), (mei, "zh-Hans")):
        data = phone.send(
            "tourism/Places", {"near": phone.position, "within": 20_000.0, "first": 3}
        )
        places = [edge["node"] for edge in data["places"]["edges"]]
        distances = [place["distance"] for place in places]
        checks.expect(
            f"{phone.owner} finds places near, nearest first",
            len(places) > 0 and distances == sorted(distances),
        )
        checks.expect(
            f"{phone.owner} reads the first of them in {expected_language}",
            places[0]["name"]["language"] == expected_language,
        )


def market_day(lan: Phone, checks: Checks) -> None:
    """Ask for the markets of the coming Sunday."""
    today = datetime.now(HANOI).date()
    sunday = today + timedelta(days=6 - today.weekday())
    data = lan.send("tourism/MarketsOn", {"date": sunday.isoformat(), "first": 20})
    names = [edge["node"]["name"]["text"] for edge in data["marketsOn"]["edges"]]
    checks.expect("Sunday's markets name Bắc Hà", any("Bắc Hà" in name for name in names))


def guide(mei: Phone, checks: Checks) -> None:
    """Search for a tour, and stand at its second stop."""
    found = mei.send("guide/Search", {"text": "漫步沙坝", "kinds": ["TOUR"], "first": 1})["search"]
    tours = [edge["node"]["id"] for edge in found["edges"]]
    checks.expect("The one search finds the tour of Sa Pa by its Chinese name", tours == [TOUR])
    answer = mei.send(
        "guide/GuideAt",
        {"tour": TOUR, "position": SQUARE, "accuracy": 9.0, "heading": 0.0, "heard": ["sun-plaza"]},
    )["guideAt"]
    checks.expect(
        "The guide tells the story of the square in zh-Hans, and where to go next",
        answer["tell"]["id"] == "square"
        and answer["tell"]["shortText"]["language"] == mei.language
        and answer["next"]["stop"]["id"] == "stone-church",
    )


def plan(mei: Phone, checks: Checks) -> None:
    """Ask for a day with the market of Bắc Hà: on a Sunday it is planned, on a Monday refused."""
    today = datetime.now(HANOI).date()
    sunday = today + timedelta(days=13 - today.weekday())
    planned = mei.send("guide/PlanTrip", _day_trip(mei, sunday))["planTrip"]
    visits = [
        item["place"]["id"]
        for day in planned.get("days", [])
        for item in day["items"]
        if item["kind"] == "VISIT"
    ]
    checks.expect("A Sunday with the market of Bắc Hà is planned", BAC_HA_MARKET in visits)
    monday = mei.send("guide/PlanTrip", _day_trip(mei, sunday + timedelta(days=1)))["planTrip"]
    checks.expect(
        "On a Monday the market is refused by name",
        [must["placeId"] for must in monday.get("unmet", [])] == [BAC_HA_MARKET],
    )


def _day_trip(mei: Phone, day: date) -> dict[str, Any]:
    start = datetime.combine(day, datetime.min.time(), HANOI) + timedelta(hours=6)
    return {
        "input": {
            "start": start.isoformat(),
            "end": (start + timedelta(hours=13)).isoformat(),
            "from": mei.position,
            "must": [BAC_HA_MARKET],
        }
    }


def chat(mei: Phone, lan: Phone, client: httpx.Client, checks: Checks) -> None:
    """Three turns in three languages."""
    john = Phone("John in Sa Pa", "en", *SA_PA, client)
    print("\nWaiting for the bot …")
    wait_until(john.finds_the_bot, BOT_SECONDS, pause=1.0)
    for phone, words in (
        (lan, "chủ nhật này có chợ nào"),
        (mei, "附近有什么好玩的"),
        (john, "tell me about Fansipan"),
    ):
        answered = phone.chat(words)
        checks.expect(
            f"{phone.owner} is answered by the bot in {phone.language}",
            answered["answeredBy"] == "BOT"
            and all(reply["language"] == phone.language for reply in answered["replies"]),
        )


def sign_in(mei: Phone, lan: Phone, checks: Checks) -> None:
    """Both sign in; neither reaches what is the other's."""
    run = uuid.uuid4().hex[:8]
    for phone, address in ((lan, f"lan-{run}@example.com"), (mei, f"mei-{run}@example.com")):
        print(f"  ✉ {people.sign_in(phone, address)}")
        mine = phone.ask("accounts/Me", {})["me"]["addresses"]
        checks.expect(
            f"{phone.owner} signed in and sees the own address only",
            [one["value"] for one in mine] == [address],
        )
    refused = lan.send("accounts/EndSession", {"input": {"id": mei.session_id}})["endSession"]
    checks.expect(f"{lan.owner} is refused what is another's", refused.get("code") == "NOT_FOUND")
    checks.expect(
        f"{mei.owner} is signed in as before", mei.ask("accounts/Me", {})["me"] is not None
    )


def warn(mei: Phone, lan: Phone, client: httpx.Client, checks: Checks) -> None:
    """Issue a warning over Sa Pa: the phone there gets it, the other does not."""
    mei.register()
    lan.register()
    identifier = f"demo-{uuid.uuid4().hex}"
    message = sample_message(identifier, datetime.now(HANOI)).encode()
    key = agency_key()
    issued = time.monotonic()
    post_message(client, message, key)
    received = wait_until(lambda: bool(received_by(client, mei)), WARNING_SECONDS)
    seconds = time.monotonic() - issued
    for phone in (mei, lan):
        print(f"\nOn the phone of {phone.owner}:")
        for push in received_by(client, phone) or [{"title": "(nothing)", "body": ""}]:
            print(f"  {push['title']}\n    {push['body']}".rstrip())
    checks.expect(f"The phone in Sa Pa was warned, {seconds:.1f} s after the message", received)
    checks.expect(
        "… once, in its owner's language",
        [push["title"] for push in received_by(client, mei)] == [headline_in(message, "zh-Hans")],
    )
    checks.expect("The phone in Yên Bái was left in peace", received_by(client, lan) == [])
    for phone, shown in ((mei, True), (lan, False)):
        data = phone.send("alerts/ActiveAlerts", {"at": phone.position, "first": 100})
        identifiers = [edge["node"]["identifier"] for edge in data["activeAlerts"]["edges"]]
        checks.expect(
            f"{phone.owner} {'sees' if shown else 'does not see'} the warning in the app",
            (identifier in identifiers) is shown,
        )


def headline_in(message: bytes, language: str) -> str:
    """Return the headline of the message's `<info>` in that language."""
    found = re.search(
        rf"<language>{language}</language>.*?<headline>(.*?)</headline>",
        message.decode(),
        re.DOTALL,
    )
    return found[1] if found else ""


def agency_key() -> str:
    """Make a key for the agency of the demo."""
    made = subprocess.run(  # noqa: S603 - our own command
        [people.LAOCAI, "alerts", "agency", "add", "Demo", "--sender", "demo@laocai.example"],
        check=True,
        capture_output=True,
        text=True,
    )
    return made.stdout.split()[-1]


def post_message(client: httpx.Client, message: bytes, key: str) -> None:
    """Post as that agency."""
    reply = client.post(
        "/cap/v1/alerts",
        content=message,
        headers={"authorization": f"Bearer {key}", "content-type": "application/cap+xml"},
    )
    print(f"\n[Agency] POST /cap/v1/alerts\n  ← {reply.status_code} {reply.text[:500]}")
    reply.raise_for_status()


if __name__ == "__main__":
    sys.exit(main())
