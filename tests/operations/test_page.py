"""/ops: what is served, in which language, under which policy; it tells nothing by itself."""

import hashlib
import re
from html.parser import HTMLParser

import httpx
import pytest
from typing_extensions import override

from api.operations.page.words import SAID_BY_THE_PAGE, WORDS
from locales import AVAILABLE, translator
from tests.conftest import OPERATIONS

FILES = ("ops.css", "ops.js")


class _Elements(HTMLParser):
    """Every element with its attributes, and whether it stands in a label."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(html)

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))

    def named(self, *tags: str) -> list[dict[str, str]]:
        return [attributes for tag, attributes in self.found if tag in tags]


@pytest.mark.parametrize("language", AVAILABLE)
async def test_the_page_is_in_the_readers_language(
    client: httpx.AsyncClient, language: str
) -> None:
    answer = await client.get("/ops", headers={"accept-language": language})

    assert answer.status_code == 200
    assert f'<html lang="{language}">' in answer.text
    assert translator(language)(WORDS["outbox"]) in answer.text
    assert answer.headers["vary"] == "accept-language"


async def test_a_language_that_is_asked_for_wins(client: httpx.AsyncClient) -> None:
    answer = await client.get("/ops?language=ja", headers={"accept-language": "fr"})

    assert '<html lang="ja">' in answer.text


async def test_the_page_may_load_and_ask_here_only(client: httpx.AsyncClient) -> None:
    answer = await client.get("/ops")

    assert answer.headers["content-security-policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
        " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    assert answer.headers["x-frame-options"] == "DENY"
    assert answer.headers["x-robots-tag"] == "noindex"
    assert "set-cookie" not in answer.headers
    assert re.search(r"<script(?![^>]*src=)|<style|\son\w+=|\sstyle=", answer.text) is None
    assert re.findall(r"https?://", answer.text) == []


async def test_what_the_page_says_is_no_state(client: httpx.AsyncClient) -> None:
    """Whoever is not signed in gets words and empty tables."""
    page = (await client.get("/ops", headers={"accept-language": "en"})).text

    assert re.findall(r"<tbody[^>]*>(.*?)</tbody>", page) == [""] * 5
    assert set(re.findall(r"<dd[^>]*>(.*?)</dd>", page)) == {""}


async def test_the_page_names_the_documents_as_they_are_published(
    client: httpx.AsyncClient,
) -> None:
    page = (await client.get("/ops")).text

    published = (OPERATIONS / "operations" / "Operations.graphql").read_bytes()
    assert f'data-reading="{hashlib.sha256(published).hexdigest()}"' in page


async def test_a_document_that_the_page_names_runs(client: httpx.AsyncClient) -> None:
    page = (await client.get("/ops")).text
    (wanted,) = re.findall(r'data-reading="([0-9a-f]{64})"', page)

    answer = await client.post("/graphql", json={"documentId": wanted, "variables": {}})

    assert answer.json()["errors"][0]["extensions"]["code"] == "NOT_SIGNED_IN"


@pytest.mark.parametrize("path", ["/ops", *(f"/ops/static/{name}" for name in FILES)])
async def test_what_a_browser_has_is_not_sent_again(client: httpx.AsyncClient, path: str) -> None:
    first = await client.get(path)

    again = await client.get(path, headers={"if-none-match": first.headers["etag"]})

    assert first.status_code == 200
    assert again.status_code == 304
    assert again.content == b""


@pytest.mark.parametrize("name", ["page.html", "..%2Fpage.py", "ops.js.map", "%00"])
async def test_no_other_file_is_served(client: httpx.AsyncClient, name: str) -> None:
    answer = await client.get(f"/ops/static/{name}")

    assert answer.status_code == 404
    assert "N_(" not in answer.text


async def test_every_control_has_a_name_and_every_table_its_headings(
    client: httpx.AsyncClient,
) -> None:
    elements = _Elements((await client.get("/ops")).text)
    ids = {attributes["id"] for _, attributes in elements.found if "id" in attributes}
    labelled = {attributes["for"] for attributes in elements.named("label")}

    assert {one["id"] for one in elements.named("input")} <= labelled
    assert all(one["aria-labelledby"] in ids for one in elements.named("table", "section"))
    assert {one["scope"] for one in elements.named("th")} == {"col"}
    assert len(elements.named("h1")) == 1
    assert elements.named("main")
    assert len(ids) == sum("id" in attributes for _, attributes in elements.found)
    # What scrolls sideways can be scrolled by keyboard.
    assert all(
        one["tabindex"] == "0" for one in elements.named("div") if one.get("class") == "wide"
    )


async def test_the_script_finds_each_place_and_each_word_it_uses(
    client: httpx.AsyncClient,
) -> None:
    page = (await client.get("/ops")).text
    script = (await client.get("/ops/static/ops.js")).text
    words = {re.sub(r"-(\w)", lambda it: it[1].upper(), name) for name in SAID_BY_THE_PAGE}
    documents = {"requesting", "signingIn", "refreshing", "signingOut", "reading"}

    assert set(re.findall(r"said\.(\w+)", script)) == words | documents
    places = set(re.findall(r'byId\("([\w-]+)"\)', script))
    assert all(f'id="{place}"' in page for place in places)
    rows = set(re.findall(r'rows\("(\w+)"', script))
    assert rows == set(re.findall(r'data-rows="(\w+)"', page))
    assert "innerHTML" not in script
    assert "localStorage" not in script
    assert "cookie" not in script


async def test_colours_can_be_told_apart(client: httpx.AsyncClient) -> None:
    style = (await client.get("/ops/static/ops.css")).text
    schemes = [dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", block)) for block in _roots(style)]

    ratios = [
        contrast(scheme[front], scheme[back])
        for scheme in schemes
        for front, back in (
            ("text", "ground"),
            ("text", "band"),
            ("strong", "ground"),
            ("alarm", "ground"),
            ("alarm", "band"),
        )
    ]

    assert len(schemes) == 2
    assert min(ratios) >= 4.5


def _roots(style: str) -> list[str]:
    return re.findall(r":root \{([^}]*)\}", style)


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours (WCAG 2.2, relative luminance)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
