"""/chat: what is served, in which language, under which policy; and the page in a browser."""

import hashlib
from collections.abc import AsyncGenerator
from pathlib import Path

import httpx
import pytest

from api.settings import Settings
from locales import AVAILABLE
from tests.bot.browser import COMMAND, WHY_NOT, Page, a_browser
from tests.conftest import document

TITLES = {
    "vi": "Hỏi đáp cùng tỉnh",
    "en": "Ask the province",
    "zh-Hans": "向本省咨询",
    "fr": "Questions à la province",
    "ko": "라오까이에 물어보세요",
    "ja": "省への問い合わせ",
}
CONTRASTS = """
(() => {
  const channel = (value) => (value /= 255) <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const parts = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const ground = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const colour = parts(getComputedStyle(at).backgroundColor);
      if (colour.length === 3 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const shown = [...document.querySelectorAll("h1, h2, p, a, label, button, textarea, li, span")];
  return Math.min(...shown.filter((node) => node.offsetParent && (node.textContent || node.value)).map((node) => {
    const one = light(parts(getComputedStyle(node).color));
    const other = light(ground(node));
    return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
  }));
})()
"""
NAMELESS = """
[...document.querySelectorAll("a, button, textarea, [tabindex]")].filter((node) => {
  const labelled = node.getAttribute("aria-label") || node.getAttribute("aria-labelledby");
  return !(node.textContent.trim() || labelled || node.labels?.length);
}).length
"""
TOO_SMALL = """
[...document.querySelectorAll("header a, button")].filter((node) => {
  const box = node.getBoundingClientRect();
  return node.offsetParent && (box.height < 24 || box.width < 24);
}).length
"""
ANSWERED = "document.querySelectorAll('#log > li').length >= 2"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """The bot is away: what the page shows are the numbers and links of the product itself."""
    return settings.model_copy(update={"bot_url": "http://127.0.0.1:9"})


@pytest.mark.parametrize("language", AVAILABLE)
async def test_the_page_is_in_the_readers_language(
    client: httpx.AsyncClient, language: str
) -> None:
    page = await client.get("/chat", headers={"accept-language": language})

    assert page.status_code == 200
    assert f'<html lang="{language}">' in page.text
    assert f"<title>{TITLES[language]}</title>" in page.text
    assert f'lang="{language}" hreflang="{language}" aria-current="true"' in page.text


async def test_a_language_that_is_asked_for_wins(client: httpx.AsyncClient) -> None:
    page = await client.get(
        "/chat", params={"language": "ko-KR"}, headers={"accept-language": "fr"}
    )

    assert '<html lang="ko">' in page.text


@pytest.mark.parametrize("language", ["xx", "'\"><script>alert(1)</script>", "en\0"])
async def test_what_is_no_language_is_not_shown(client: httpx.AsyncClient, language: str) -> None:
    page = await client.get("/chat", params={"language": language[:35]})

    assert page.status_code == 200
    assert '<html lang="en">' in page.text
    assert "alert(1)" not in page.text


@pytest.mark.parametrize("idle", ["-1", "3601", "soon"])
async def test_an_idle_time_that_cannot_be_is_refused(client: httpx.AsyncClient, idle: str) -> None:
    refused = await client.get("/chat", params={"idle": idle})

    assert refused.status_code == 422
    assert "INVALID_PARAMETER" in refused.text


async def test_the_page_may_load_and_ask_here_only(client: httpx.AsyncClient) -> None:
    page = await client.get("/chat")

    assert page.headers["content-security-policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
        " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    assert "set-cookie" not in page.headers
    assert page.headers["x-content-type-options"] == "nosniff"
    assert "<style" not in page.text
    assert "<script>" not in page.text


async def test_every_number_can_be_called_without_a_script(client: httpx.AsyncClient) -> None:
    page = await client.get("/chat?language=vi")

    for number in ("112", "115", "114", "113", "111"):
        assert f'<a href="tel:{number}">' in page.text
    assert "<noscript>" in page.text


async def test_the_page_names_the_documents_as_they_are_published(
    client: httpx.AsyncClient,
) -> None:
    page = await client.get("/chat")

    for name in ("bot/SendChatMessage", "bot/ChatReplies"):
        assert hashlib.sha256(document(name).encode()).hexdigest() in page.text


@pytest.mark.parametrize("path", ["/chat", "/chat/static/chat.js", "/chat/static/chat.css"])
async def test_what_a_browser_has_is_not_sent_again(client: httpx.AsyncClient, path: str) -> None:
    first = await client.get(path)

    again = await client.get(path, headers={"if-none-match": first.headers["etag"]})

    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")


@pytest.mark.parametrize("name", ["page.html", "..%2Fpage.html", "chat.js.map"])
async def test_no_other_file_is_served(client: httpx.AsyncClient, name: str) -> None:
    assert (await client.get(f"/chat/static/{name}")).status_code == 404


@pytest.fixture
async def browser(tmp_path: Path, port: int) -> AsyncGenerator[tuple[Page, str]]:
    """A browser, and the address of the product that it may ask."""
    if COMMAND is None:
        pytest.skip(WHY_NOT)
    async with a_browser(tmp_path / "profile") as page:
        yield page, f"http://127.0.0.1:{port}/chat"


async def test_somebody_with_a_keyboard_asks_and_is_answered(browser: tuple[Page, str]) -> None:
    page, address = browser
    await page.open(f"{address}?language=fr")
    await page.run("document.getElementById('message').focus()")
    await page.call("Input.insertText", text="Où est le marché <b>de Bắc Hà</b> ?")
    await page.press("Enter", text="\r")

    await page.until(ANSWERED)

    own, answer = await page.run(
        "[...document.querySelectorAll('#log > li')].slice(0, 2).map((it) => it.innerText)"
    )
    assert own == "Vous : Où est le marché <b>de Bắc Hà</b> ?"
    assert answer.startswith("Assistant :")
    assert await page.run("document.querySelectorAll('#log b').length") == 0
    assert await page.run("document.querySelector('#log [lang]').lang") == "fr"
    assert await page.run("document.querySelectorAll('#log a[href^=\"tel:\"]').length") >= 4
    assert await page.run("document.getElementById('message').value") == ""
    assert await page.run("document.cookie + localStorage.length + sessionStorage.length") == "00"
    assert page.violations == []


async def test_the_page_is_fit_for_everybody(browser: tuple[Page, str]) -> None:
    page, address = browser
    for scheme in ("light", "dark"):
        await page.call(
            "Emulation.setEmulatedMedia",
            features=[{"name": "prefers-color-scheme", "value": scheme}],
        )
        await page.open(f"{address}?language=ja")
        await page.run("say('こんにちは')")
        await page.until(ANSWERED)

        assert await page.run(CONTRASTS) >= 4.5
    assert await page.run(NAMELESS) == 0
    assert await page.run(TOO_SMALL) == 0
    # 1,280 pixels at 400 % are 320: nothing may then have to be scrolled sideways (WCAG 1.4.10).
    await page.call(
        "Emulation.setDeviceMetricsOverride",
        width=320,
        height=640,
        deviceScaleFactor=1,
        mobile=False,
    )
    assert await page.run("document.documentElement.scrollWidth") <= 320


async def test_a_kiosk_forgets_who_went_away(browser: tuple[Page, str]) -> None:
    page, address = browser
    await page.open(f"{address}?language=vi&idle=1")
    await page.run("say('xin chào')")

    await page.until("document.getElementById('status').textContent.includes('xóa')")

    assert await page.run("document.querySelectorAll('#log > li').length") == 0
    assert await page.run("conversation") is None


async def test_an_empty_message_is_not_sent(browser: tuple[Page, str]) -> None:
    page, address = browser
    await page.open(f"{address}?language=en")

    await page.run("document.querySelector('button[type=submit]').click()")

    assert await page.run("document.getElementById('status').textContent") == (
        "Please write a message first."
    )
    assert await page.run("document.querySelectorAll('#log > li').length") == 0
