"""The discovery document: where the door is, and which formats it speaks."""

from api.feedback.open311.documents import Listed, Single

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
CHANGESET = "2026-11-28T00:00:00Z"
"""When what the door does was last changed."""
CONTACT = "https://laocai.gov.vn"
_MEDIA_TYPES = ("text/xml", "application/json")


def discovery(public_url: str) -> Single:
    """Return the document of the one jurisdiction there is."""
    formats = Listed("formats", "format", _MEDIA_TYPES)
    endpoint = {
        "specification": SPECIFICATION,
        "url": f"{public_url.rstrip('/')}/open311/v2",
        "changeset": CHANGESET,
        "type": "production",
        "formats": formats,
    }
    document = {
        "changeset": CHANGESET,
        "contact": CONTACT,
        "key_service": CONTACT,
        "endpoints": Listed("endpoints", "endpoint", (endpoint,)),
    }
    return Single("discovery", document)
