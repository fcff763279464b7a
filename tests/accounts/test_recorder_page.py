import httpx
import pytest

from api.context import Services
from api.main import create_app
from api.settings import Environment, Settings
from notifications.notice import Text
from notifications.senders import Message
from notifications.senders.recorder import Recorder
from tests.conftest import MovableClock
from tests.notifications.factories import a_device, a_notice


def ignore(*_: object) -> None:
    pass


@pytest.fixture
async def recorded(services: Services, clock: MovableClock) -> list[str]:
    """Record two messages on each of two phones, and return the phones' ids."""
    recorder = Recorder(services.recordings, clock)
    devices = [a_device(id="phone-a"), a_device(id="phone-b", language="en")]
    evil = {"vi": Text("<script>alert(1)</script>", 'Nước "lên" & lũ'), "en": Text("Flood", "Up!")}
    for notice in (a_notice("older"), a_notice("newer", texts=evil)):
        await recorder.send([Message(notice, d) for d in devices], ignore)
        clock.advance(minutes=1)
    return [device.id for device in devices]


@pytest.mark.usefixtures("recorded")
async def test_the_page_shows_what_phones_received_newest_first(client: httpx.AsyncClient) -> None:
    page = await client.get("/dev/recorder", headers={"accept-language": "vi"})

    assert page.status_code == 200
    assert '<html lang="vi">' in page.text
    assert "<h1>Những gì điện thoại đã nhận</h1>" in page.text
    assert page.text.index("Nước &quot;lên&quot; &amp; lũ") < page.text.index("Lên chỗ cao.")
    assert "default-src 'none'" in page.headers["content-security-policy"]


@pytest.mark.usefixtures("recorded")
async def test_what_is_recorded_is_text_and_never_markup(client: httpx.AsyncClient) -> None:
    page = await client.get("/dev/recorder", params={"device": '"><script>alert(2)</script>'})
    everything = await client.get("/dev/recorder")

    assert "<script" not in page.text
    assert "<script" not in everything.text


@pytest.mark.usefixtures("recorded")
async def test_one_device_can_be_looked_at_alone(client: httpx.AsyncClient) -> None:
    reply = await client.get("/dev/recorder.json", params={"device": "phone-b"})

    recordings = reply.json()["recordings"]
    assert [(r["device"], r["notice"], r["title"]) for r in recordings] == [
        ("phone-b", "newer", "Flood"),
        ("phone-b", "older", "Flood"),
    ]
    assert recordings[0]["recordedAt"] == "2026-05-01T09:31:00+00:00"
    assert recordings[0]["message"]["notification"] == {"title": "Flood", "body": "Up!"}


async def test_the_page_refreshes_itself_unless_told_not_to(client: httpx.AsyncClient) -> None:
    refreshing = await client.get("/dev/recorder")
    still = await client.get("/dev/recorder", params={"refresh": "false"})

    assert 'http-equiv="refresh"' in refreshing.text
    assert 'http-equiv="refresh"' not in still.text
    assert "Nothing has been recorded." in still.text


@pytest.mark.usefixtures("recorded")
async def test_in_production_there_is_no_such_page(services: Services, settings: Settings) -> None:
    app = create_app(settings.model_copy(update={"environment": Environment.PRODUCTION}))
    app.state.services = services
    transport = httpx.ASGITransport(app)

    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        statuses = [
            (await client.get(path)).status_code
            for path in ("/dev/recorder", "/dev/recorder.json", "/dev/recorder.json?device=a")
        ]

    assert statuses == [404, 404, 404]


@pytest.mark.parametrize("device", ["\x00", "a" * 65, "PHONE", "../x"])
async def test_what_cannot_be_a_device_has_received_nothing(
    client: httpx.AsyncClient, device: str
) -> None:
    reply = await client.get("/dev/recorder.json", params={"device": device})

    assert reply.status_code == 200
    assert reply.json() == {"recordings": []}
