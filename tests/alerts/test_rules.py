"""What CAP 1.2 demands beyond its schema; each refusal names its element."""

from datetime import UTC, datetime

import pytest

from api.alerts.cap_reader import read_message
from api.alerts.cap_values import REFERENCES_AT_MOST
from api.alerts.errors import AlertProblem
from api.kit.area import Circle
from api.kit.geo import Position
from tests.alerts.messages import SENDER, SENT, alert, area, circle, info, polygon, reference


def refusal(document: bytes) -> tuple[str, str | None]:
    with pytest.raises(AlertProblem) as refused:
        read_message(document)
    return refused.value.code.name, refused.value.element


@pytest.mark.parametrize("element", ["identifier", "sender"])
@pytest.mark.parametrize(
    "value", ["", "a b", "a,b", " a", "a\n", "a&lt;b", "a&amp;b", "x" * 301, "a\u00a0b"]
)
def test_identifier_and_sender_hold_no_space_comma_or_markup(element: str, value: str) -> None:
    assert refusal(alert(**{element: value})) == ("INVALID_IDENTIFIER", element)


@pytest.mark.parametrize(
    ("time", "moment"),
    [
        ("2026-05-01T16:00:00+07:00", datetime(2026, 5, 1, 9, 0, tzinfo=UTC)),
        ("2026-05-01T09:00:00-00:00", datetime(2026, 5, 1, 9, 0, tzinfo=UTC)),
        ("2026-05-01T24:00:00+00:00", datetime(2026, 5, 2, 0, 0, tzinfo=UTC)),
        ("2024-02-29T00:00:00+14:00", datetime(2024, 2, 28, 10, 0, tzinfo=UTC)),
    ],
)
def test_times_are_moments(time: str, moment: datetime) -> None:
    assert read_message(alert(info(expires=None), sent=time)).sent == moment


@pytest.mark.parametrize(
    ("time", "code"),
    [
        ("2026-05-01T09:00:00Z", "VALUE_NOT_ALLOWED"),
        ("2026-05-01T09:00:00", "VALUE_NOT_ALLOWED"),
        ("2026-05-01T09:00:00.5+07:00", "VALUE_NOT_ALLOWED"),
        ("2026-02-29T09:00:00+07:00", "VALUE_NOT_ALLOWED"),
        ("2026-05-01", "VALUE_NOT_ALLOWED"),
        ("٢٠٢٦-05-01T09:00:00+07:00", "VALUE_NOT_ALLOWED"),
        ("0001-01-01T00:00:00+14:00", "INVALID_TIME"),
        ("9999-12-31T23:59:59-12:00", "INVALID_TIME"),
    ],
)
def test_what_is_no_time_is_refused(time: str, code: str) -> None:
    assert refusal(alert(info(expires=None), sent=time)) == (code, "sent")


@pytest.mark.parametrize(
    ("times", "sent"),
    [
        ({"expires": SENT}, SENT),
        ({"expires": "2026-05-01T15:59:59+07:00"}, SENT),
        (
            {
                "effective": "2026-05-01T18:00:00+07:00",
                "expires": "2026-05-01T18:00:00+07:00",
            },
            SENT,
        ),
    ],
)
def test_a_warning_that_ends_before_it_begins_is_refused(times: dict[str, str], sent: str) -> None:
    assert refusal(alert(info(**times), sent=sent)) == ("INVALID_TIME", "expires")


def test_a_cancel_may_be_over_already() -> None:
    message = read_message(
        alert(info(expires=SENT), msg_type="Cancel", references=reference("earlier"))
    )

    assert message.msg_type == "Cancel"


@pytest.mark.parametrize(
    ("message", "element"),
    [
        ({"scope": "Restricted"}, "restriction"),
        ({"scope": "Restricted", "restriction": " "}, "restriction"),
        ({"scope": "Private"}, "addresses"),
        ({"msg_type": "Update"}, "references"),
        ({"msg_type": "Cancel"}, "references"),
        ({"msg_type": "Ack"}, "references"),
        ({"msg_type": "Error"}, "references"),
        ({"msg_type": "Cancel", "references": "  "}, "references"),
    ],
)
def test_some_elements_require_others(message: dict[str, str], element: str) -> None:
    assert refusal(alert(info(), **message)) == ("ELEMENT_MISSING", element)


@pytest.mark.parametrize("msg_type", ["Alert", "Update"])
def test_a_warning_needs_something_to_say(msg_type: str) -> None:
    document = alert(msg_type=msg_type, references=reference("earlier")).replace(
        info().encode(), b""
    )

    assert refusal(document) == ("ELEMENT_MISSING", "info")


def test_an_empty_event_says_nothing() -> None:
    assert refusal(alert(info(event=" "))) == ("ELEMENT_MISSING", "event")


@pytest.mark.parametrize(
    "text",
    [
        "nonsense",
        f"{SENDER},flood-1",
        f"{SENDER},flood-1,yesterday",
        f"{SENDER},flood-1,2026-05-01T09:00:00Z",
        f",flood-1,{SENT}",
        f"{SENDER},,{SENT}",
        f"{SENDER},flood-1,{SENT},more",
        f"{SENDER},flood-1,2026-05-01T16:00:01+07:00",
    ],
)
def test_references_are_triples_of_earlier_messages(text: str) -> None:
    document = alert(identifier="c", msg_type="Cancel", references=text)

    assert refusal(document) == ("INVALID_REFERENCES", "references")


def test_a_message_does_not_refer_to_itself() -> None:
    document = alert(identifier="c", msg_type="Cancel", references=reference("c"))

    assert refusal(document) == ("INVALID_REFERENCES", "references")


def test_references_are_separated_by_any_space_and_counted_once() -> None:
    text = f"\n  {reference('a')}\n\t{reference('b')} {reference('a')}"

    message = read_message(alert(identifier="c", msg_type="Cancel", references=text))

    assert [each.identifier for each in message.references] == ["a", "b"]


def test_the_number_of_references_is_bounded() -> None:
    text = " ".join(reference(str(number)) for number in range(REFERENCES_AT_MOST + 1))

    document = alert(identifier="c", msg_type="Cancel", references=text)

    assert refusal(document) == ("TOO_MANY", "references")


@pytest.mark.parametrize(
    "corners",
    [
        "22,103 22,104 22,103",
        "22,103 22,104 23,104 23,103",
        "22,103 22,104 23,104 22.0001,103",
        "22,103 22,104 23,104,5 22,103",
        "22 103 22 104 23 104 22 103",
        "103,22 104,22 104,23 103,22",
        "22,103 22,104 91,104 22,103",
        "22,103 22,181 23,104 22,103",
        "22,103 22,nan 23,104 22,103",
        "22,103 22,inf 23,104 22,103",
        "22,103 22,1e2 23,104 22,103",
        "22,103 22,\uff10 23,104 22,103",
        "22;103 22;104 23;104 22;103",
    ],
)
def test_a_polygon_is_a_closed_ring_on_the_earth(corners: str) -> None:
    assert refusal(alert(info(areas=area(polygon(corners))))) == ("INVALID_POLYGON", "polygon")


@pytest.mark.parametrize(
    "text",
    ["22,103", "22,103 -1", "22,103 5 6", "22,103 km", "91,103 5", "22,103 nan", "22,103 30000"],
)
def test_a_circle_is_a_place_on_the_earth_and_a_radius(text: str) -> None:
    assert refusal(alert(info(areas=area(circle(text))))) == ("INVALID_CIRCLE", "circle")


def test_polygons_and_circles_are_read_to_the_digit() -> None:
    corners = "+22.5,103.25\n  22.,104 -.5,104.000000000000001 22.5,103.25"

    (block,) = (
        read_message(alert(info(areas=area(polygon(corners), circle("22.5,103.25 0.5")))))
        .infos[0]
        .areas
    )

    assert block.polygons == (
        (
            Position(22.5, 103.25),
            Position(22.0, 104.0),
            Position(-0.5, 104.0),
            Position(22.5, 103.25),
        ),
    )
    assert block.circles == (Circle(Position(22.5, 103.25), 500.0),)


def test_empty_optional_elements_count_as_absent() -> None:
    message = read_message(
        alert(
            info(headline="", areas=area("<polygon/>", "<circle> </circle>")),
            restriction="",
            addresses="",
            references="",
        )
    )

    assert (message.restriction, message.addresses, message.references) == (None, None, ())
    assert message.infos[0].headline is None
    assert (message.infos[0].areas[0].polygons, message.infos[0].areas[0].circles) == ((), ())


def test_a_ceiling_needs_an_altitude() -> None:
    heights = "<altitude>1000</altitude><ceiling>3000.5</ceiling>"

    (block,) = read_message(alert(info(areas=area(heights)))).infos[0].areas

    assert (block.altitude, block.ceiling) == (1000.0, 3000.5)
    only = alert(info(areas=area("<ceiling>3000</ceiling>")))
    assert refusal(only) == ("ELEMENT_MISSING", "altitude")


@pytest.mark.parametrize("size", ["-1", "9" * 30, "9007199254740992"])
def test_a_size_that_no_file_has_is_refused(size: str) -> None:
    resource = (
        "<resource><resourceDesc>map</resourceDesc><mimeType>image/png</mimeType>"
        f"<size>{size}</size></resource>"
    )

    assert refusal(alert(info(more=resource))) == ("VALUE_NOT_ALLOWED", "size")


@pytest.mark.parametrize("altitude", ["9" * 400, "1" + "0" * 30])
def test_an_altitude_beyond_all_numbers_is_refused(altitude: str) -> None:
    document = alert(info(areas=area(f"<altitude>{altitude}</altitude>")))

    assert refusal(document) == ("VALUE_NOT_ALLOWED", "altitude")


@pytest.mark.parametrize("language", [None, ""])
def test_without_a_language_it_is_american_english(language: str | None) -> None:
    assert read_message(alert(info(language))).infos[0].language == "en-US"
