"""Whether a client has a version of something already (RFC 9110, 13.1.2: If-None-Match)."""

_TAGS_AT_MOST = 20


def is_known(if_none_match: str | None, tag: str) -> bool:
    """Tell whether `tag` is among those of the header, by the weak comparison; `*` names any."""
    known = (if_none_match or "").split(",")[:_TAGS_AT_MOST]
    opaque = tag.removeprefix("W/")
    return any(it.strip() == "*" or it.strip().removeprefix("W/") == opaque for it in known)
