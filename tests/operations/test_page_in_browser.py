"""/ops in a browser: an administrator signs in by keyboard, sees the state, and leaves nothing behind."""

from collections.abc import AsyncGenerator
from pathlib import Path

import httpx
import pytest

from api.accounts.caller import PROVINCE, Grant, Role
from api.context import Services
from api.kit.store import Store
from notifications.text_outbox import TEXT_OUTBOX
from notifications.worker import OutboxWorker
from tests.accounts.people import MAI, SignedInPerson, code_sent, grant, signed_in
from tests.bot.browser import COMMAND, WHY_NOT, Page, a_browser
from tests.conftest import MovableClock
from tests.notifications.factories import a_device, put
from tests.notifications.senders import ScriptedSender
from tests.operations.test_live_state import warn

pytestmark = pytest.mark.skipif(COMMAND is None, reason=WHY_NOT)


@pytest.fixture
async def page(port: int, tmp_path: Path) -> AsyncGenerator[Page]:
    async with a_browser(tmp_path / "profile") as opened:
        await opened.open(f"http://127.0.0.1:{port}/ops?language=en", id="operations")
        yield opened


@pytest.fixture
async def person(
    client: httpx.AsyncClient, services: Services, store: Store, clock: MovableClock
) -> SignedInPerson:
    """Somebody with an account, who may ask for a code again."""
    known = await signed_in(client, services)
    await store[TEXT_OUTBOX].delete_many({})
    clock.advance(minutes=2)
    return known


async def sign_in(page: Page, services: Services, store: Store) -> None:
    await page.run("document.getElementById('address').focus()")
    await page.call("Input.insertText", text=MAI)
    await page.press("Enter", text="\r")
    await page.until("!document.getElementById('enter').hidden")
    assert await page.run("document.activeElement.id") == "code"
    (text,) = await store[TEXT_OUTBOX].find({})
    await page.call("Input.insertText", text=await code_sent(services, text["_id"]))
    await page.press("Enter", text="\r")


async def status(page: Page) -> str:
    text: str = await page.run("document.getElementById('status').textContent")
    return text


async def test_an_administrator_sees_the_state_and_leaves_nothing(
    page: Page,
    person: SignedInPerson,
    services: Services,
    store: Store,
    clock: MovableClock,
) -> None:
    await grant(services, person, Grant(Role.ADMINISTRATOR, PROVINCE))
    await put(store, *(a_device(homes=["03006"]) for _ in range(3)))
    await warn(services, clock)
    await OutboxWorker(store, clock, ScriptedSender()).run_due()

    await sign_in(page, services, store)
    await page.until("!document.getElementById('state').hidden")

    assert await page.run("document.activeElement.id") == "now-title"
    assert await page.run("document.querySelector('[data-field=activeAlerts]').textContent") == "1"
    cells = "[...document.querySelectorAll('[data-rows=alerts] td')].map(it => it.textContent)"
    assert await page.run(cells) == ["3", "0", "3", "0", "0", "0", "0", "0"]
    bot = "document.querySelector('[data-field=bot]').textContent"
    assert await page.run(bot) == "does not answer (needs attention)"
    await page.run("document.getElementById('leave').click()")
    await page.until("document.getElementById('state').hidden")
    await page.until("document.getElementById('status').textContent !== ''")
    assert await status(page) == "You are signed out."
    assert await page.run("document.querySelectorAll('tbody tr').length") == 0
    assert (
        await page.run("localStorage.length + sessionStorage.length + document.cookie.length") == 0
    )
    assert page.violations == []


async def test_somebody_without_the_role_is_told_so_and_signed_out(
    page: Page, person: SignedInPerson, services: Services, store: Store
) -> None:
    await sign_in(page, services, store)

    await page.until("document.getElementById('status').textContent.startsWith('Only')")
    assert await status(page) == "Only administrators may see this."
    assert await page.run("document.getElementById('state').hidden") is True
    assert await page.run("document.querySelectorAll('tbody tr').length") == 0


async def test_it_is_read_on_a_narrow_screen_without_scrolling_sideways(page: Page) -> None:
    narrow = {"width": 320, "height": 640, "deviceScaleFactor": 1, "mobile": False}
    await page.call("Emulation.setDeviceMetricsOverride", **narrow)
    await page.run("document.getElementById('state').hidden = false")

    assert await page.run("document.documentElement.scrollWidth") <= 320
