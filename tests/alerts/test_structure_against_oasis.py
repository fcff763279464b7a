"""Our schema and the standard's own give the same verdict, on real messages and on broken ones."""

import random
from collections.abc import Callable, Iterator
from copy import deepcopy

import pytest
from lxml import etree

from api.alerts.cap_structure import CAP_NAMESPACE, check_structure
from api.alerts.cap_xml import Element, parsed
from api.alerts.errors import AlertProblem
from tests.alerts.conftest import REAL_MESSAGES, needs_real_messages
from tests.alerts.messages import alert, area, circle, geocode, info, polygon
from tests.conftest import ROOT

MUTANTS_PER_MESSAGE = 400
RICH = alert(
    info(
        effective="2026-05-01T16:30:00+07:00",
        headline="h",
        description="d",
        instruction="i",
        more=(
            "<web>https://laocai.example</web><contact>112</contact>"
            "<parameter><valueName>n</valueName><value>v</value></parameter>"
            "<resource><resourceDesc>r</resourceDesc><mimeType>image/png</mimeType>"
            "<size>1</size><uri>https://laocai.example/r</uri><derefUri>eA==</derefUri>"
            "<digest>00</digest></resource>"
        ),
        areas=area(
            polygon(),
            circle("22,103 1"),
            geocode("VN-COMMUNE", "03006"),
            "<altitude>1.5</altitude><ceiling>2</ceiling>",
        ),
    ),
    restriction="r",
    addresses="a",
    references="s,i,2026-05-01T09:00:00+07:00",
    end='<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><SignedInfo/></Signature>',
)
VALUES = (
    "",
    " ",
    "Actual",
    "actual",
    "Public ",
    "Extreme",
    "None",
    "Z",
    "2026-05-01T09:00:00+07:00",
    "2026-05-01T09:00:00-00:00",
    "2026-05-01T09:00:00Z",
    "2026-05-01T09:00:00,07:00",
    "2026-05-01T24:00:00+00:00",
    " 2026-05-01T09:00:00+07:00 ",
    "2026-05-01T09:00:00.0+07:00",
    "2026-13-01T09:00:00+07:00",
    "-2026-05-01T09:00:00+07:00",
    "2026-05-01T09:00:00+15:00",
    "vi",
    "zh-Hant-TW",
    "not a language",
    "1.5",
    "1e3",
    "INF",
    "http://[",
    "%zz",
    "Ω",
)
NAMES = [
    "identifier",
    "sender",
    "sent",
    "status",
    "msgType",
    "source",
    "scope",
    "restriction",
    "addresses",
    "code",
    "note",
    "references",
    "incidents",
    "info",
    "language",
    "category",
    "event",
    "responseType",
    "urgency",
    "severity",
    "certainty",
    "audience",
    "eventCode",
    "effective",
    "onset",
    "expires",
    "senderName",
    "headline",
    "description",
    "instruction",
    "web",
    "contact",
    "parameter",
    "resource",
    "resourceDesc",
    "mimeType",
    "size",
    "uri",
    "derefUri",
    "digest",
    "area",
    "areaDesc",
    "polygon",
    "circle",
    "geocode",
    "altitude",
    "ceiling",
    "valueName",
    "value",
    "alert",
    "other",
]


def mutants(message: Element, random_source: random.Random) -> Iterator[Element]:
    """Yield copies of a message, each broken, or not, in one to three places."""
    changes: tuple[Callable[[Element, random.Random], None], ...] = (
        _drop,
        _double,
        _swap,
        _move,
        _rename,
        _say_something_else,
        _say_something_else,
        _add,
        _add_attribute,
        _leave_the_namespace,
    )
    for _ in range(MUTANTS_PER_MESSAGE):
        mutant = deepcopy(message)
        for _ in range(random_source.choice((1, 1, 1, 2, 3))):
            random_source.choice(changes)(mutant, random_source)
        yield mutant


def _some(root: Element, random_source: random.Random) -> Element:
    return random_source.choice([element for element in root.iter() if element is not root])


def _parent(element: Element) -> Element:
    parent = element.getparent()
    assert parent is not None
    return parent


def _drop(root: Element, random_source: random.Random) -> None:
    if len(root) > 1:
        element = _some(root, random_source)
        _parent(element).remove(element)


def _double(root: Element, random_source: random.Random) -> None:
    element = _some(root, random_source)
    element.addnext(deepcopy(element))


def _swap(root: Element, random_source: random.Random) -> None:
    element = _some(root, random_source)
    following = element.getnext()
    if following is not None:
        following.addnext(element)


def _move(root: Element, random_source: random.Random) -> None:
    element = _some(root, random_source)
    goal = _some(root, random_source)
    if element not in goal.iterancestors() and element is not goal:
        goal.addnext(element)


def _rename(root: Element, random_source: random.Random) -> None:
    _some(root, random_source).tag = f"{{{CAP_NAMESPACE}}}{random_source.choice(NAMES)}"


def _say_something_else(root: Element, random_source: random.Random) -> None:
    _some(root, random_source).text = random_source.choice(VALUES)


def _add(root: Element, random_source: random.Random) -> None:
    added = etree.Element(f"{{{CAP_NAMESPACE}}}{random_source.choice(NAMES)}")
    added.text = random_source.choice(VALUES)
    _some(root, random_source).addnext(added)


def _add_attribute(root: Element, random_source: random.Random) -> None:
    name = random_source.choice(
        ("id", "{http://www.w3.org/2001/XMLSchema-instance}nil", "{urn:other}a")
    )
    _some(root, random_source).set(name, random_source.choice(("true", "x")))


def _leave_the_namespace(root: Element, random_source: random.Random) -> None:
    element = _some(root, random_source)
    element.tag = etree.QName("urn:other", etree.QName(element).localname).text


def ours_accepts(root: Element) -> bool:
    try:
        check_structure(root)
    except AlertProblem as problem:
        if not problem.element:
            raise
        return False
    return True


@pytest.fixture(scope="module")
def oasis() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(REAL_MESSAGES / "CAP-v1.2.xsd"))


def messages() -> Iterator[tuple[str, Element]]:
    yield "rich", parsed(RICH)
    sample = ROOT / "api" / "alerts" / "samples" / "sa_pa_flash_flood.cap.xml"
    yield sample.name, parsed(sample.read_bytes())
    for path in sorted(REAL_MESSAGES.iterdir()):
        if path.suffix in {".cap", ".xml"}:
            yield path.name, parsed(path.read_bytes())


@needs_real_messages
def test_the_same_verdict_on_real_messages(oasis: etree.XMLSchema) -> None:
    verdicts = {name: (ours_accepts(root), oasis.validate(root)) for name, root in messages()}

    assert {name for name, (ours, theirs) in verdicts.items() if ours != theirs} == set()
    assert {name for name, (ours, _) in verdicts.items() if not ours} == {
        "invalid.cap",
        "invalid_xmlns.cap",
    }


@needs_real_messages
def test_the_same_verdict_on_thousands_of_broken_ones(oasis: etree.XMLSchema) -> None:
    accepted = refused = 0
    for name, message in messages():
        for number, mutant in enumerate(mutants(message, random.Random(name))):  # noqa: S311
            ours, theirs = ours_accepts(mutant), oasis.validate(mutant)
            assert ours == theirs, (name, number, etree.tostring(mutant).decode())
            accepted, refused = accepted + ours, refused + (not ours)

    assert accepted > 300
    assert refused > 3_000


@needs_real_messages
def test_a_schema_that_forgets_a_rule_is_caught(
    oasis: etree.XMLSchema, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = (ROOT / "api" / "alerts" / "cap-1.2.xsd").read_bytes()
    forgetful = ours.replace(b'<xs:enumeration value="Draft"/>', b"", 1).replace(
        b'name="event" type="xs:string"', b'name="event" type="xs:string" minOccurs="0"', 1
    )
    monkeypatch.setattr("api.alerts.cap_structure._schema", lambda: forgetful)

    differences = sum(
        ours_accepts(mutant) != oasis.validate(mutant)
        for name, message in messages()
        for mutant in mutants(message, random.Random(name))  # noqa: S311
    )

    assert differences > 0
