"""A page of what was found as a Bundle, and what the door knows of each kind of resource."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from api.health.fhir.exchange import Resource
from api.health.fhir.search_parameters import CURSOR, SearchQuery
from api.health.fhir.terms import Terms


@dataclass(frozen=True, slots=True)
class Found:
    """A page. `next_cursor`: where the next one begins, None for the last page."""

    resources: Sequence[Resource]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class PublicResource:
    """What anybody may read. `parameters`: by name, the type that R4 gives them.

    `read` raises ResourceNotFound, `search` a FhirProblem or InvalidCursor.
    """

    kind: str
    parameters: Mapping[str, str]
    read: Callable[[str], Awaitable[Resource]]
    search: Callable[[SearchQuery], Awaitable[Found]]


def bundle_of(terms: Terms, kind: str, query: SearchQuery, found: Found) -> Resource:
    """Return the page as a searchset, with links to itself and to the next one."""
    links = [_link(terms, kind, "self", query.used)]
    if found.next_cursor is not None:
        others = [pair for pair in query.used if pair[0] != CURSOR]
        links.append(_link(terms, kind, "next", [*others, (CURSOR, found.next_cursor)]))
    bundle: Resource = {"resourceType": "Bundle", "type": "searchset", "link": links}
    if found.resources:  # R4 allows no empty lists
        bundle["entry"] = [entry_of(terms, resource) for resource in found.resources]
    return bundle


def entry_of(terms: Terms, resource: Resource) -> Resource:
    url = f"{terms.base}/{resource['resourceType']}/{resource['id']}"
    return {"fullUrl": url, "resource": resource, "search": {"mode": "match"}}


def _link(terms: Terms, kind: str, relation: str, pairs: Sequence[tuple[str, str]]) -> Resource:
    query = f"?{urlencode(pairs)}" if pairs else ""
    return {"relation": relation, "url": f"{terms.base}/{kind}{query}"}
