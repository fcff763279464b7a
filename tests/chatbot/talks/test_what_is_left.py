"""After talks: no ticket, no token, no identity number and no telephone number in any store or log."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from api.kit.clock import system_clock
from api.kit.tickets import Tickets
from tests.accounts.traces import files_with
from tests.chatbot.talks.people import People
from tests.chatbot.talks.talker import SA_PA, Talker
from tests.system.running_product import RunningProduct

IDENTITY, PHONE, WORDS = "079095012345", "0912 555 417", "kanarienvogel 0417"
LATITUDE = "22.3364"
WHOLE_LATITUDE = re.compile(rb"(?<!\d)(?<!\d:)22\.3364")
"""Not the end of an epoch time, nor the seconds of a clock in a log."""
FOLDED_PHONE = "0912555417"


def ticket_header(folder: Path) -> str:
    """Return what every ticket begins with: it is the same under every secret."""
    secret = (folder / "var" / "ticket-secret").read_text()
    return Tickets(secret, system_clock).issue("anybody", timedelta(seconds=1)).partition(".")[0]


@pytest.fixture
def secrets(people: People, product: RunningProduct) -> set[str]:
    """What was said and issued: also in every other talk of this run."""
    talked(people)
    return {IDENTITY, PHONE, FOLDED_PHONE, WORDS, *people.tokens, *map(half, people.tokens)}


def half(token: str) -> str:
    """Return the claims of a token: a log may cut its ends."""
    return token.split(".")[1]


def talked(people: People) -> None:
    lan = people.patient()
    lan.position = SA_PA
    lan.says(f"hello, my identity number is {IDENTITY} and my phone {PHONE}")
    lan.says(f"book a general doctor for Tuesday afternoon, I am {WORDS}, {FOLDED_PHONE}")
    lan.says(IDENTITY, PHONE, "stop")
    lan.says(f"there is a pothole on the road in front of my house, {WORDS}, call {PHONE}", "stop")
    lan.says(f"what is near me? {IDENTITY}")
    stranger = Talker(lan.client, "vi").says(f"cmnd cua toi la {IDENTITY}, sdt {FOLDED_PHONE}")
    stranger.says(f"cháy nhà, gọi tôi {PHONE}")


def files_with_latitude(folder: Path) -> set[str]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {file.name for file in files if WHOLE_LATITUDE.search(file.read_bytes())}


@pytest.fixture
def folder(product: RunningProduct) -> Path:
    """Everything that the programs keep: the API's store, the bot's trackers, the logs of all."""
    return product.folder


def test_nothing_that_was_said_or_issued_is_left(folder: Path, secrets: set[str]) -> None:
    kept = {file.name for file in folder.rglob("*") if file.is_file()}

    found = files_with(folder, secrets | {ticket_header(folder)})

    assert kept >= {"laocai.db", "trackers.sqlite3", "log"}
    assert found == {}
    assert files_with_latitude(folder) == set()


def test_the_search_would_have_found_each(folder: Path, secrets: set[str]) -> None:
    control = folder / "control.log"
    control.write_text("\n".join([*secrets, ticket_header(folder), LATITUDE]))

    found = files_with(folder, secrets | {ticket_header(folder)})
    located = files_with_latitude(folder)
    control.unlink()

    assert found == {"control.log": secrets | {ticket_header(folder)}}
    assert located == {"control.log"}


def test_what_the_bot_keeps_of_a_talk_is_there(folder: Path, people: People) -> None:
    """The trackers are where they are looked for: the meaning of what was said is in them."""
    talker = Talker(people.somebody().client).says("which markets are on Sunday?")

    found = files_with(folder, {str(talker.conversation), "market_day"})

    assert {name for name in found if "trackers" in name} != set()
