"""What a feed says, and what of it is refused before it can hurt."""

from datetime import UTC, datetime
from time import process_time, thread_time

import pytest

from api.feedback.channels.intake.feed import (
    BYTES_AT_MOST,
    DEPTH_AT_MOST,
    ELEMENTS_AT_MOST,
    ITEMS_AT_MOST,
    FeedRefused,
    items_of,
)
from api.feedback.channels.intake.item_text import kept, words_only
from api.feedback.channels.records import NewItem
from tests.feedback.channels.feed_server import an_item, rss

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><entry>
<id>tag:paper.example.vn,2026:7</id><title type="html">Ngập &amp;lt;b&amp;gt;sâu&amp;lt;/b&amp;gt;</title>
<link rel="self" href="https://paper.example.vn/self"/><link href="https://paper.example.vn/7"/>
<author><name>Nguyễn Văn Canary</name></author>
<published>2026-05-01T09:00:00+07:00</published><summary>Đường ngập.</summary></entry></feed>"""


def test_an_item_of_rss_is_read() -> None:
    (item,) = items_of(rss(an_item(7)))

    assert item == NewItem(
        external_id="https://paper.example.vn/7",
        url="https://paper.example.vn/7",
        title="Rác chất đống ở Sa Pa.",
        text="",
        published_at=datetime(2026, 5, 1, 2, tzinfo=UTC),
    )


def test_an_entry_of_atom_is_read() -> None:
    (item,) = items_of(ATOM.encode())

    assert kept(item) == NewItem(
        external_id="tag:paper.example.vn,2026:7",
        url="https://paper.example.vn/7",
        title="Ngập sâu",
        text="Đường ngập.",
        published_at=datetime(2026, 5, 1, 2, tzinfo=UTC),
    )


@pytest.mark.parametrize("stamp", ["", "soon", "Fri, 99 May 2026", "2026-05-01T09:00:00+07:00"])
def test_a_moment_that_is_none_is_no_moment(stamp: str) -> None:
    (item,) = items_of(rss(f"<guid>1</guid><title>a</title><pubDate>{stamp}</pubDate>"))

    assert item.published_at is None


def test_what_cannot_be_told_apart_or_says_nothing_is_left_out() -> None:
    assert items_of(rss("<title>no id</title>", "<guid>1</guid>")) == []


def test_the_first_hundred_are_read() -> None:
    assert len(items_of(rss(*(an_item(number) for number in range(ITEMS_AT_MOST + 5))))) == 100


LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "ha">%s]><rss><channel><item>
<guid>1</guid><title>&j;</title></item></channel></rss>""" % b"".join(
    b'<!ENTITY %c "%s">' % (98 + number, (b"&%c;" % (97 + number)) * 10) for number in range(9)
)
OUTSIDE = b"""<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><channel><item>
<guid>1</guid><title>&x;</title></item></channel></rss>"""
HOSTILE = {
    "billion laughs": (LAUGHS, "document type"),
    "an entity from a file": (OUTSIDE, "document type"),
    "too long": (b"<rss>" + b" " * BYTES_AT_MOST + b"</rss>", "too long"),
    "too deep": (b"<a>" * (DEPTH_AT_MOST + 1) + b"</a>" * (DEPTH_AT_MOST + 1), "too deep"),
    "too many": (b"<rss>" + b"<a/>" * ELEMENTS_AT_MOST + b"</rss>", "too many elements"),
    "cut off": (b"<rss><channel><item>", "not well-formed"),
    "nothing": (b"", "not well-formed"),
    "a page": (b"<html><body>404</body></html>", "no feed"),
    "JSON": (b'{"items": []}', "not well-formed"),
    "an encoding of nobody": (b'<?xml version="1.0" encoding="x-klingon"?><rss/>', "encoding"),
    "UTF-7": (b'<?xml version="1.0" encoding="utf-7"?><rss/>', "encoding"),
    "bytes that are no UTF-8": (
        b'<?xml version="1.0" encoding="utf-8"?><rss><channel>\xff\xfe</channel></rss>',
        "not well-formed",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_hostile_is_refused_at_once(name: str) -> None:
    document, reason = HOSTILE[name]
    began = process_time()

    with pytest.raises(FeedRefused) as refused:
        items_of(document)

    assert refused.value.reason == reason
    assert process_time() - began < 2


def test_utf_16_is_read() -> None:
    document = rss(an_item()).decode().replace('encoding="utf-8"', 'encoding="utf-16"')

    (item,) = items_of(document.encode("utf-16"))

    assert item.title == "Rác chất đống ở Sa Pa."


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("<p>Ngập</p><script>alert(1)</script> rồi", "Ngập rồi"),
        ("&lt;img src=x onerror=alert(1)&gt; Ngập", "Ngập"),
        ("Gọi 0912 345 678 hoặc a.b@example.com", "Gọi ••• hoặc •••"),
        ("@nguyen.van.a ơi, ngập rồi", "••• ơi, ngập rồi"),
        ("Ngập\u202e\u200b sâu\x00", "Ngập sâu"),
        ("ngập\x07sâu, nghi\u00adêng, bùn\u200b lầy", "ngập sâu, nghiêng, bùn lầy"),
        ("Gọi 0912\u2060345678", "Gọi •••"),
        ("Lạnh < 5 độ, gió > cấp 6, tôi <3 Sa Pa", "Lạnh < 5 độ, gió > cấp 6, tôi <3 Sa Pa"),
        ("Lạnh &lt; 5 độ, gió &gt; cấp 6", "Lạnh < 5 độ, gió > cấp 6"),
        ("Ngập</p><br/><!doctype html><?php x ?>rồi", "Ngập rồi"),
        ("a" * 3_000, "a" * 1_999 + "…"),
    ],
)
def test_of_words_only_words_are_kept(raw: str, shown: str) -> None:
    assert words_only(raw, 2_000) == shown


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "file:///etc/passwd", "https://a.vn/ b", "https://" + "a" * 1_000],
)
def test_an_address_that_is_none_of_the_web_is_not_kept(url: str) -> None:
    assert kept(NewItem("1", url, "a", "", None)).url is None


@pytest.mark.parametrize(
    "part", ["<!--", "<script ", "<style>", "<", "@a", "a@", "a.", "&lt;", "1 "]
)
def test_no_text_takes_long(part: str) -> None:
    began = thread_time()

    words_only(part * 20_000, 2_000)

    assert thread_time() - began < 0.5
