import httpx
import pytest

from api.context import Services
from api.main import create_app
from api.setting_values import Environment
from api.settings import Settings
from notifications.notice import Text
from notifications.senders import Message
from notifications.senders.recorder import Recorder
from notifications.senders.text_recorder import TextRecorder
from notifications.text_recordings import TextRecordings
from tests.conftest import MovableClock
from tests.notifications.factories import a_device, a_notice, a_text, an_email


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


@pytest.fixture
async def recorded_texts(services: Services, clock: MovableClock, recorded: list[str]) -> None:
    """Record an SMS and, a minute later, an e-mail, both after the messages of the phones."""
    assert recorded
    recorder = TextRecorder(TextRecordings(services.store, services.sealer, clock))
    evil = a_text("code", to="+84912345678", body="Mã <b>123456</b>")
    for text in (evil, an_email("mail", "mai+home@laocai.example")):
        await services.texts.queue(text)
        await recorder.send(text)
        clock.advance(minutes=1)


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
    assert reply.json() == {"recordings": [], "texts": []}


@pytest.mark.usefixtures("recorded_texts")
async def test_texts_stand_in_the_same_list_as_push_messages(client: httpx.AsyncClient) -> None:
    page = await client.get("/dev/recorder", headers={"accept-language": "en"})

    shown = ["<h2>Mã đăng nhập</h2>", "Mã &lt;b&gt;123456&lt;/b&gt;", "<h2>Flood</h2>"]
    assert sorted(shown, key=page.text.index) == shown
    assert "<dt>Channel</dt><dd>SMS</dd>" in page.text
    assert "<code>+84912345678</code>" in page.text


@pytest.mark.usefixtures("recorded_texts")
async def test_json_holds_texts_beside_recordings(client: httpx.AsyncClient) -> None:
    body = (await client.get("/dev/recorder.json")).json()

    assert len(body["recordings"]) == 4
    assert [text["id"] for text in body["texts"]] == ["mail", "code"]
    assert body["texts"][1] == {
        "id": "code",
        "channel": "sms",
        "to": "+84912345678",
        "subject": "",
        "body": "Mã <b>123456</b>",
        "language": "vi",
        "recordedAt": "2026-05-01T09:32:00+00:00",
    }


@pytest.mark.usefixtures("recorded_texts")
@pytest.mark.parametrize(
    ("address", "texts"),
    [
        ("+84912345678", ["code"]),  # as people type it: "+" means a space
        ("%2B84912345678", ["code"]),
        ("MAI%2Bhome@laocai.example", ["mail"]),
        ("mai+home@laocai.example", ["mail"]),
        ("%2B84912345679", []),
        ("%00", []),
    ],
)
async def test_one_address_can_be_looked_at_alone(
    client: httpx.AsyncClient, address: str, texts: list[str]
) -> None:
    body = (await client.get(f"/dev/recorder.json?to={address}")).json()

    assert [text["id"] for text in body["texts"]] == texts
    assert body["recordings"] == []


@pytest.mark.usefixtures("recorded_texts")
async def test_one_device_has_no_texts(client: httpx.AsyncClient) -> None:
    body = (await client.get("/dev/recorder.json?device=phone-a")).json()

    assert len(body["recordings"]) == 2
    assert body["texts"] == []


@pytest.mark.usefixtures("recorded_texts")
async def test_the_address_looked_for_stays_in_the_form(client: httpx.AsyncClient) -> None:
    page = await client.get("/dev/recorder?to=+84912345678")

    assert page.text.count('value="+84912345678"') == 2
    assert "Flood" not in page.text
