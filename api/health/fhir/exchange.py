"""A request and an answer of the door, free of any web framework, and FHIR's headers (R4, section 3.1.0)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from api.health.fhir.errors import NotAcceptable, VersionMissing, WrongMediaType

FHIR_JSON = "application/fhir+json"
Resource = dict[str, Any]
Pairs = tuple[tuple[str, str], ...]

_FORMATS = frozenset({"json", "application/json", FHIR_JSON})
_ACCEPTED = _FORMATS | {"*/*", "application/*"}
_VERSION = re.compile(r'(?:W/)?"([A-Za-z0-9.-]{1,64})"')
_BY_QUALITY = re.compile(r"q=0(?:\.0{0,3})?")
_RANGES_AT_MOST = 20


@dataclass(frozen=True, slots=True, repr=False)
class FhirRequest:
    """`path`: what follows /fhir, in parts. Header names are in lower case. `address`: the client's."""

    method: str
    path: tuple[str, ...]
    query: Pairs
    headers: Mapping[str, str]
    body: bytes
    address: str

    @property
    def is_strict(self) -> bool:
        """Whether what is not understood is refused (Prefer: handling=strict)."""
        return _preference(self.headers.get("prefer", ""), "handling") == "strict"

    def check_accepts_json(self) -> None:
        """Raise NotAcceptable: `_format` is stronger than the header."""
        asked = [value for name, value in self.query if name == "_format" and value]
        if asked:
            # A plus in an address stands for a space.
            is_sound = all(_bare(one.replace(" ", "+")) in _FORMATS for one in asked)
        else:
            is_sound = _accepts(self.headers.get("accept", "*/*"))
        if not is_sound:
            raise NotAcceptable

    def check_sends_json(self) -> None:
        """Raise WrongMediaType."""
        kind = self.headers.get("content-type", "")
        charset = kind.lower().replace(" ", "").partition("charset=")[2].strip('"')
        is_packed = self.headers.get("content-encoding", "identity") != "identity"
        if _bare(kind) not in _FORMATS - {"json"} or charset not in ("", "utf-8") or is_packed:
            raise WrongMediaType

    def version(self) -> str:
        """Return the version that If-Match names. Raises VersionMissing."""
        found = _VERSION.fullmatch(self.headers.get("if-match", "").strip())
        if found is None:
            raise VersionMissing
        return found[1]


@dataclass(frozen=True, slots=True, repr=False)
class FhirAnswer:
    """`resource`: None for an answer without a body."""

    status: int
    resource: Resource | None
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


def _bare(media_type: str) -> str:
    return media_type.partition(";")[0].strip().lower()


def _accepts(header: str) -> bool:
    ranges = header.split(",")[:_RANGES_AT_MOST]
    return any(_bare(one) in _ACCEPTED and not _is_refused(one) for one in ranges)


def _is_refused(media_range: str) -> bool:
    parameters = media_range.replace(" ", "").lower().split(";")[1:]
    return any(_BY_QUALITY.fullmatch(one) for one in parameters)


def _preference(header: str, name: str) -> str | None:
    for one in header.split(",")[:_RANGES_AT_MOST]:
        key, _, value = one.partition(";")[0].strip().partition("=")
        if key.strip().lower() == name:
            return value.strip().strip('"').lower()
    return None
