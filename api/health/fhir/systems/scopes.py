"""SMART scopes of systems (SMART App Launch 2, section "Scopes for requesting FHIR resources")."""

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum


class Permission(StrEnum):
    """CREATE: hold and book. UPDATE: change and cancel. SEARCH: also `$find`."""

    CREATE = "c"
    READ = "r"
    UPDATE = "u"
    DELETE = "d"
    SEARCH = "s"


Scopes = Mapping[str, frozenset[Permission]]
"""By kind of resource."""

RESOURCES = ("Appointment", "Subscription")
ALL: Scopes = {kind: frozenset(Permission) for kind in RESOURCES}
_SCOPE = re.compile(r"system/([A-Z][A-Za-z]{1,40}|\*)\.(c?r?u?d?s?|read|write|\*)")
_OF_VERSION_1 = {"read": "rs", "write": "cud", "*": "cruds"}


def scopes_of(texts: Iterable[str]) -> Scopes:
    """Return what these scopes mean here; others, and of version 1 the old names, are understood."""
    found: dict[str, frozenset[Permission]] = {}
    for text in texts:
        match = _SCOPE.fullmatch(text)
        if match is None or not match[2]:
            continue
        letters = _OF_VERSION_1.get(match[2], match[2])
        permissions = frozenset(map(Permission, letters))
        for kind in RESOURCES if match[1] == "*" else (match[1],):
            if kind in RESOURCES:
                found[kind] = found.get(kind, frozenset()) | permissions
    return found


def narrowed(asked: Scopes, registered: Scopes) -> Scopes:
    """Return what is in both."""
    both = {kind: some & registered.get(kind, frozenset()) for kind, some in asked.items()}
    return {kind: some for kind, some in both.items() if some}


def text_of(scopes: Scopes) -> str:
    """Return the scopes as a token names them, in one order."""
    return " ".join(scope_text(kind, some) for kind, some in sorted(scopes.items()))


def scope_text(kind: str, permissions: Iterable[Permission]) -> str:
    some = set(permissions)
    return f"system/{kind}.{''.join(one.value for one in Permission if one in some)}"
