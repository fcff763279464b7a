"""EDXL-DE 1.0 and 2.0 envelopes (OASIS Emergency Data Exchange Language, Distribution Element).

Of an envelope the message is read, and one word: what it is for. An exercise around a real warning
would be either a false alarm or a missed one, so both have to say the same.
"""

from lxml import etree

from api.alerts.cap_structure import CAP_NAMESPACE
from api.alerts.cap_xml import Element, parsed, parsed_whole, standing_alone
from api.alerts.errors import EnvelopeRefused, EnvelopeWithoutMessage

NAMESPACES = (
    "urn:oasis:names:tc:emergency:EDXL:DE:1.0",
    "urn:oasis:names:tc:emergency:EDXL:DE:2.0",
)


def message_in(document: bytes) -> bytes:
    """Return the CAP message of an envelope; a document that is no envelope, as it is.

    Raises EnvelopeWithoutMessage unless there is exactly one, EnvelopeRefused when
    `distributionStatus` is another than the message's `status`, or what cap_xml.parsed raises.
    """
    name = etree.QName(parsed(document))
    if name.localname != "EDXLDistribution" or name.namespace not in NAMESPACES:
        return document
    names = {"de": name.namespace, "cap": CAP_NAMESPACE}
    root = parsed_whole(document)
    found = root.findall(".//de:contentObject/*/de:embeddedXMLContent/cap:alert", names)
    if len(found) != 1:
        raise EnvelopeWithoutMessage(count=len(found))
    _check_status(root, found[0], names)
    return standing_alone(found[0])


def _check_status(root: Element, message: Element, names: dict[str, str]) -> None:
    told = root.find("de:distributionStatus", names)
    # 2.0 says it in a child: StatusKindDefault, or a value of a list.
    words = [] if told is None else [str(text).strip() for text in told.itertext()]
    if (message.findtext("cap:status", namespaces=names) or "") not in words:
        line = root.sourceline if told is None else told.sourceline
        raise EnvelopeRefused(element="distributionStatus", line=line)
