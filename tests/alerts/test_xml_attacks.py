"""Documents made to hurt: each is refused by name, quickly, and touches neither disk nor network."""

import os
import socket
import time
from pathlib import Path

import pytest

from api.alerts.cap_reader import (
    AREAS_AT_MOST,
    CIRCLES_AT_MOST,
    CORNERS_AT_MOST,
    INFOS_AT_MOST,
    read_message,
)
from api.alerts.cap_xml import BYTES_AT_MOST, DEPTH_AT_MOST, ELEMENTS_AT_MOST
from api.alerts.errors import AlertErrorCode, AlertProblem
from tests.alerts.messages import NAMESPACE, alert, area, circle, info, polygon

SECONDS_AT_MOST = 5.0
DECLARATION = '<?xml version="1.0"?>'


def refusal(document: bytes) -> AlertProblem:
    """Read a document that must be refused, within a time of the processor."""
    began = time.process_time()
    with pytest.raises(AlertProblem) as refused:
        read_message(document)
    assert time.process_time() - began < SECONDS_AT_MOST
    return refused.value


def laughs(rounds: int) -> str:
    """Return entities that multiply by ten a round."""
    entities = '<!ENTITY l0 "lol">' + "".join(
        f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, rounds)
    )
    return f"{DECLARATION}<!DOCTYPE alert [{entities}]>"


@pytest.mark.parametrize(
    "prolog",
    [
        laughs(10),
        f'{DECLARATION}<!DOCTYPE alert [<!ENTITY a "{"a" * 50_000}">]>',
        f"{DECLARATION}<!DOCTYPE alert>",
        f'{DECLARATION}<!DOCTYPE alert SYSTEM "http://127.0.0.1:9/evil.dtd">',
        f'{DECLARATION}<!DOCTYPE alert PUBLIC "-//X//EN" "file:///etc/passwd">',
        f'{DECLARATION}<!DOCTYPE alert [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        f'{DECLARATION}<!DOCTYPE alert [<!ENTITY % x SYSTEM "http://127.0.0.1:9/x"> %x;]>',
        f'{DECLARATION}<!DOCTYPE alert [<!ATTLIST alert a CDATA "b">]>',
    ],
    ids=[
        "billion laughs",
        "quadratic blow-up",
        "doctype",
        "outside DTD",
        "public DTD",
        "outside entity",
        "parameter entity",
        "default attribute",
    ],
)
def test_document_types_and_entities_are_refused(prolog: str) -> None:
    document = alert(info(event="&l9;&a;&x;"), prolog=prolog)

    assert refusal(document).code is AlertErrorCode.FORBIDDEN_XML


def test_an_entity_in_utf_16_is_refused_too() -> None:
    document = alert(prolog=laughs(3)).decode().encode("utf-16")

    assert refusal(document).code is AlertErrorCode.FORBIDDEN_XML


def test_an_entity_that_nobody_declares_is_not_well_formed() -> None:
    assert refusal(alert(info(event="&x;"))).code is AlertErrorCode.NOT_WELL_FORMED


@pytest.mark.parametrize(
    "value", ["a<!-- -->b", "<!-- -->ab", "ab<!-- -->", "a<?php?>b", "a<!---->b<!---->"]
)
def test_a_comment_inside_a_value_is_refused_and_the_element_named(value: str) -> None:
    problem = refusal(alert(sender=value))

    assert (problem.code, problem.element) == (AlertErrorCode.COMMENT_IN_VALUE, "sender")


def test_comments_and_instructions_between_elements_are_read_over() -> None:
    document = alert(prolog=f"{DECLARATION}<?xml-stylesheet href='x.xsl'?><!-- hello -->")
    document = document.replace(b"<status>", b"<!-- a --><?b c?><status>")

    assert read_message(document) == read_message(alert())


def test_character_data_sections_are_text() -> None:
    assert (
        read_message(alert(info(event="<![CDATA[a < b]]> & c".replace("&", "&amp;"))))
        .infos[0]
        .event
        == "a < b & c"
    )


def test_depth_is_bounded() -> None:
    deep = "<a>" * 100_000

    problem = refusal(alert(end=deep))

    assert (problem.code, problem.element) == (AlertErrorCode.TOO_DEEP, "a")
    assert DEPTH_AT_MOST < 100


def test_the_number_of_elements_is_bounded() -> None:
    many = "<code/>" * (ELEMENTS_AT_MOST + 1)

    assert refusal(alert(end=many)).code is AlertErrorCode.TOO_MANY


def test_the_number_of_attributes_does_no_harm() -> None:
    attributes = " ".join(f'a{n}="1"' for n in range(100_000))
    document = alert().replace(b"<status>", f"<status {attributes}>".encode())

    assert refusal(document).code in {AlertErrorCode.VALUE_NOT_ALLOWED, AlertErrorCode.TOO_LARGE}


def test_the_size_is_bounded() -> None:
    document = alert(info(event="x" * BYTES_AT_MOST))

    assert refusal(document).code is AlertErrorCode.TOO_LARGE


def test_the_number_of_info_blocks_is_bounded() -> None:
    block = info(areas="")

    assert len(read_message(alert(*[block] * INFOS_AT_MOST)).infos) == INFOS_AT_MOST
    problem = refusal(alert(*[block] * (INFOS_AT_MOST + 1)))
    assert (problem.code, problem.element) == (AlertErrorCode.TOO_MANY, "info")


def test_the_number_of_areas_is_bounded_over_all_info_blocks() -> None:
    half = area() * (AREAS_AT_MOST // 2)

    read_message(alert(info("vi", areas=half), info("en", areas=half)))
    problem = refusal(alert(info("vi", areas=half), info("en", areas=half + area())))
    assert (problem.code, problem.element) == (AlertErrorCode.TOO_MANY, "area")


def test_the_number_of_circles_is_bounded_over_all_areas() -> None:
    half = area(*[circle("22.3,103.8 1")] * (CIRCLES_AT_MOST // 2))

    read_message(alert(info(areas=half + half)))
    problem = refusal(alert(info(areas=half + half + area(circle("22.3,103.8 1")))))
    assert (problem.code, problem.element) == (AlertErrorCode.TOO_MANY, "circle")


def test_the_number_of_corners_is_bounded_over_all_polygons() -> None:
    def ring(corners: int) -> str:
        return polygon(" ".join(["22,103"] * corners))

    half = CORNERS_AT_MOST // 2
    read_message(alert(info(areas=area(ring(half), ring(half)))))
    problem = refusal(alert(info(areas=area(ring(half), ring(half), ring(4)))))
    assert (problem.code, problem.element) == (AlertErrorCode.TOO_MANY, "polygon")


@pytest.mark.parametrize("encoding", ["utf-7", "utf-32", "shift_jis", "cp037", "zork", "rot13"])
def test_other_encodings_are_refused(encoding: str) -> None:
    document = alert(prolog=f'<?xml version="1.0" encoding="{encoding}"?>')

    assert refusal(document).code is AlertErrorCode.ENCODING_NOT_SUPPORTED


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1"])
def test_usual_encodings_are_read(encoding: str) -> None:
    declared = encoding.removesuffix("-sig")
    text = alert(info(event="Sạt lở" if "utf" in encoding else "Orage à Sapa"), prolog="").decode()

    message = read_message(f'<?xml version="1.0" encoding="{declared}"?>{text}'.encode(encoding))

    assert message.infos[0].event == ("Sạt lở" if "utf" in encoding else "Orage à Sapa")


@pytest.mark.parametrize(
    ("document", "code", "element"),
    [
        (alert().replace(NAMESPACE.encode(), b"urn:other"), "WRONG_NAMESPACE", "alert"),
        (alert().replace(f' xmlns="{NAMESPACE}"'.encode(), b""), "WRONG_NAMESPACE", "alert"),
        (alert().replace(b"cap:1.2", b"cap:1.1"), "WRONG_NAMESPACE", "alert"),
        (b"<html/>", "NOT_CAP", "html"),
        (f'<value xmlns="{NAMESPACE}">x</value>'.encode(), "NOT_CAP", "value"),
        (alert(end='<x:info xmlns:x="urn:other"/>'), "ELEMENT_NOT_EXPECTED", "info"),
        (alert(end="<evil/>"), "ELEMENT_NOT_EXPECTED", "evil"),
    ],
)
def test_only_cap_1_2_is_read(document: bytes, code: str, element: str) -> None:
    problem = refusal(document)

    assert (problem.code.name, problem.element) == (code, element)


def test_a_message_cannot_make_us_open_a_file_or_a_connection(tmp_path: Path) -> None:
    # libxml2's validator follows these hints; a pipe without a writer would stop it for ever.
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        address = f"http://127.0.0.1:{server.getsockname()[1]}/x.xsd"
        for hint in (
            f'xsi:schemaLocation="{NAMESPACE} {pipe} urn:x {address}"',
            f'xsi:noNamespaceSchemaLocation="{pipe}"',
        ):
            instance = f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" {hint}'
            document = alert().replace(b"<alert ", f"<alert {instance} ".encode())

            began = time.process_time()
            message = read_message(document)

            assert message.identifier == "flood-1"
            assert time.process_time() - began < SECONDS_AT_MOST
        with pytest.raises(BlockingIOError):
            server.accept()


def test_a_signature_is_tolerated_and_what_it_wraps_is_not_read() -> None:
    inner = alert(identifier="inner", prolog="").decode()
    signature = (
        '<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><Object>'
        f"{inner}</Object></Signature>"
    )

    message = read_message(alert(end=signature))

    assert message == read_message(alert())
