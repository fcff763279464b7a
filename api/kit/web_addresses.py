"""Which addresses of the web we call, and which we let a browser come back to."""

import ipaddress
import re
from urllib.parse import SplitResult, urlsplit

_CHARACTERS_AT_MOST = 2_000
_VISIBLE = re.compile(r"[!-~]+")
_SCHEME_OF_AN_APP = re.compile(r"[a-z][a-z0-9+-]*(?:\.[a-z0-9+-]+)+")


def is_endpoint(url: str, *, loopback: bool) -> bool:
    """Tell whether the process may call it: https, at a host with a name.

    With `loopback`, for whoever develops, also http and https at this machine. So what a document
    from elsewhere names never leads to a neighbour of ours.
    """
    parts = _parts(url)
    if parts is None or parts.scheme not in ("http", "https"):
        return False
    host = parts.hostname or ""
    if _is_loopback(host):
        return loopback
    return parts.scheme == "https" and "." in host and not _is_number(host)


def is_redirect(uri: str, *, loopback: bool) -> bool:
    """Tell whether an app may be registered to receive a browser there (RFC 8252, section 7).

    That is an endpoint, or a scheme of the app's own: a domain name backwards.
    """
    parts = _parts(uri)
    if parts is None:
        return False
    if _SCHEME_OF_AN_APP.fullmatch(parts.scheme):
        return bool(parts.path or parts.netloc)
    return is_endpoint(uri, loopback=loopback)


def _parts(url: str) -> SplitResult | None:
    if len(url) > _CHARACTERS_AT_MOST or not _VISIBLE.fullmatch(url) or "\\" in url:
        return None
    try:
        parts = urlsplit(url)
        _ = parts.port  # is read late, and may be none
    except ValueError:
        return None
    # Whatever stands before an @ makes another host look like this one.
    is_plain = "@" not in parts.netloc and "#" not in url
    return parts if is_plain else None


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _is_number(host: str) -> bool:
    # 0x7f.1 and 2130706433 are addresses for some resolvers: no top-level domain begins with a digit.
    return ":" in host or host.rstrip(".").rpartition(".")[2][:1].isdigit()
