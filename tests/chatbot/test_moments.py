"""What chatbot/moments finds; the messages of each language are in said/, one a line with what is in them."""

from datetime import datetime
from pathlib import Path
from time import thread_time

import pytest
from moments import Moment, find_moments

SAID = Path(__file__).parent / "said"
SUNDAY = datetime(2026, 11, 29, 10, 0)  # noqa: DTZ001 - the wall clock of Viet Nam
WEDNESDAY = datetime(2026, 11, 25, 10, 0)  # noqa: DTZ001
LANGUAGES = ("vi", "en", "zh", "fr", "ko", "ja")


def lines_of(name: str) -> list[str]:
    return (SAID / f"{name}.txt").read_text(encoding="utf-8").splitlines()


def as_line(text: str, found: list[Moment]) -> str:
    told = (f"{one.kind} {text[one.start : one.end]} = {one.value}" for one in found)
    return " | ".join([text, *told])


@pytest.mark.parametrize("line", [line for name in LANGUAGES for line in lines_of(name)])
def test_moments_of_every_language_are_found_in_any_message(line: str) -> None:
    text = line.partition(" | ")[0]
    assert as_line(text, find_moments(text, SUNDAY)) == line


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_alone_finds_its_own(language: str) -> None:
    for line in lines_of(language):
        text = line.partition(" | ")[0]
        if "/" not in text:  # the order of day and month depends on the language
            assert as_line(text, find_moments(text, SUNDAY, [language])) == line


@pytest.mark.parametrize("text", lines_of("no_moments"))
def test_what_is_no_moment_is_left_alone(text: str) -> None:
    assert find_moments(text, SUNDAY) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("thứ tư", "2026-11-25"),
        ("thứ tư tới", "2026-12-02"),
        ("next Friday", "2026-12-04"),
        ("this Friday", "2026-11-27"),
        ("vendredi prochain", "2026-11-27"),
        ("下周五", "2026-12-04"),
        ("周五", "2026-11-27"),
        ("来週の金曜日", "2026-12-04"),
        ("다음 주 금요일", "2026-12-04"),
        ("last Wednesday", "2026-11-18"),
        ("cuối tuần", "2026-11-28/2026-11-29"),
        ("25/11", "2026-11-25"),
        ("24/11", "2027-11-24"),
        ("ngày 24", "2026-12-24"),
        ("29/2", "2028-02-29"),
        ("31/4", None),
        ("12.05.2027", "2027-05-12"),
        ("2026-11-30", "2026-11-30"),
    ],
)
def test_days_counted_from_a_wednesday(text: str, value: str | None) -> None:
    assert [one.value for one in find_moments(text, WEDNESDAY)] == ([value] if value else [])


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("tối mai lúc 8h", ["20:00", "2026-11-30", "20:00"]),
        ("tomorrow evening at 7", ["2026-11-30", "19:00", "19:00"]),
        ("朝が苦手なので14時に", ["06:00/11:59", "14:00"]),
        ("sáng 8h, chiều 3h", ["08:00", "15:00"]),
        ("7-9pm", ["19:00/21:00"]),
        ("dời từ 8h đến 10h", ["08:00", "10:00"]),
        ("月曜から火曜に変えて", ["2026-11-30", "2026-12-01"]),
        ("Monday to Friday", ["2026-11-30", "2026-12-04"]),
    ],
)
def test_moments_tell_about_each_other(text: str, values: list[str]) -> None:
    assert [one.value for one in find_moments(text, SUNDAY)] == values


@pytest.mark.parametrize(
    ("languages", "value"),
    [
        (["vi"], "2026-12-05"),
        (["ja"], "2027-05-12"),
        (["zh-Hans"], "2027-05-12"),
        (None, "2026-12-05"),
    ],
)
def test_digits_are_in_the_order_of_the_language(languages: list[str] | None, value: str) -> None:
    assert find_moments("5/12", SUNDAY, languages)[0].value == value


def test_languages_may_be_mixed() -> None:
    text = "book 치과 mai 3pm nhé, 或者 下周一 午後3時"
    found = [(one.kind, text[one.start : one.end]) for one in find_moments(text, SUNDAY)]
    assert found == [("date", "mai"), ("time", "3pm"), ("date", "下周一"), ("time", "午後3時")]


def test_spans_are_those_of_the_text_as_typed() -> None:
    decomposed = "ta\u0323i chie\u0302\u0300u mai １５時"
    found = [decomposed[one.start : one.end] for one in find_moments(decomposed, SUNDAY)]
    assert found == ["chie\u0302\u0300u", "mai", "１５時"]


@pytest.mark.parametrize(
    "filling", ["1", "12/5 ", "mai 3h ", "五月十二", "오늘 3", " ", "từ 3h đến "]
)
def test_a_long_message_takes_no_time(filling: str) -> None:
    find_moments("今日 오늘", SUNDAY)  # the tables are compiled once
    before = thread_time()
    find_moments(filling * (100_000 // len(filling)), SUNDAY)
    assert thread_time() - before < 0.5


def test_only_the_beginning_is_read() -> None:
    assert find_moments("x" * 1_000 + " ngày mai", SUNDAY) == []


@pytest.mark.parametrize(
    "text",
    [
        "Was Mai late?",
        "Mai is ill",
        "Mai a-t-elle école ? Elle était malade",
        "Mai到学校了吗",
        "Mai는 학교에 왔나요?",
        "Maiさんは来ましたか",
        "Did Mai get to trường Lê Lợi?",
    ],
)
def test_mai_with_a_capital_is_nobodys_tomorrow_outside_vietnamese(text: str) -> None:
    assert find_moments(text, SUNDAY) == []


@pytest.mark.parametrize("text", ["Mai", "Mai có mưa không", "Mai co mua khong", "Mai cháu nghỉ"])
def test_mai_at_the_head_of_a_vietnamese_message_is_tomorrow(text: str) -> None:
    assert [one.value for one in find_moments(text, SUNDAY)] == ["2026-11-30"]
