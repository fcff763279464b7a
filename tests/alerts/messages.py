"""CAP messages with as few words as a test needs. Valid at the tests' moment, over Sa Pa."""

from api.kit.geo import Position

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
SENDER = "warnings@laocai.example"
SENT = "2026-05-01T16:00:00+07:00"
"""Half an hour before the tests' NOW."""

SA_PA = Position(22.3364, 103.8438)
BAC_HA = Position(22.5390, 104.2900)
YEN_BAI = Position(21.7050, 104.8700)
SA_PA_CODE = "03006"

AROUND_SA_PA = "22.30,103.80 22.30,103.88 22.38,103.88 22.38,103.80 22.30,103.80"
AROUND_BAC_HA = "22.50,104.25 22.50,104.33 22.58,104.33 22.58,104.25 22.50,104.25"


def area(*shapes: str, description: str = "Sa Pa") -> str:
    """Return an area block: `polygon(...)`, `circle(...)`, `geocode(...)`."""
    return f"<area><areaDesc>{description}</areaDesc>{''.join(shapes)}</area>"


def polygon(corners: str = AROUND_SA_PA) -> str:
    return f"<polygon>{corners}</polygon>"


def circle(text: str) -> str:
    return f"<circle>{text}</circle>"


def geocode(name: str, value: str) -> str:
    return f"<geocode><valueName>{name}</valueName><value>{value}</value></geocode>"


IN_SA_PA = area(polygon())


def info(
    language: str | None = "vi",
    *,
    event: str = "Lũ quét",
    response_type: str = "Evacuate",
    urgency: str = "Immediate",
    severity: str = "Severe",
    certainty: str = "Likely",
    effective: str | None = None,
    expires: str | None = "2026-05-01T22:00:00+07:00",
    headline: str | None = None,
    description: str | None = None,
    instruction: str | None = None,
    areas: str = IN_SA_PA,
    more: str = "",
) -> str:
    """Return an info block; `more` goes before the areas."""
    return "".join(
        [
            "<info>",
            _maybe("language", language),
            "<category>Met</category>",
            f"<event>{event}</event>",
            f"<responseType>{response_type}</responseType>",
            f"<urgency>{urgency}</urgency>",
            f"<severity>{severity}</severity>",
            f"<certainty>{certainty}</certainty>",
            _maybe("effective", effective),
            _maybe("expires", expires),
            _maybe("headline", headline),
            _maybe("description", description),
            _maybe("instruction", instruction),
            more,
            areas,
            "</info>",
        ]
    )


def alert(
    *infos: str,
    identifier: str = "flood-1",
    sender: str = SENDER,
    sent: str = SENT,
    status: str = "Actual",
    msg_type: str = "Alert",
    scope: str = "Public",
    restriction: str | None = None,
    addresses: str | None = None,
    references: str | None = None,
    prolog: str = '<?xml version="1.0" encoding="UTF-8"?>',
    end: str = "",
) -> bytes:
    """Return a whole message; one Vietnamese info block unless others are given."""
    has_none = not infos and msg_type in {"Cancel", "Ack", "Error"}
    text = "".join(
        [
            prolog,
            f'<alert xmlns="{NAMESPACE}">',
            f"<identifier>{identifier}</identifier>",
            f"<sender>{sender}</sender>",
            f"<sent>{sent}</sent>",
            f"<status>{status}</status>",
            f"<msgType>{msg_type}</msgType>",
            f"<scope>{scope}</scope>",
            _maybe("restriction", restriction),
            _maybe("addresses", addresses),
            _maybe("references", references),
            *(infos or ([] if has_none else [info()])),
            end,
            "</alert>",
        ]
    )
    return text.encode()


def reference(identifier: str = "flood-1", sender: str = SENDER, sent: str = SENT) -> str:
    """Return how a message names another."""
    return f"{sender},{identifier},{sent}"


def _maybe(name: str, value: str | None) -> str:
    return "" if value is None else f"<{name}>{value}</{name}>"
