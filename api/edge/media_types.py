"""Content-Type and Accept, as GraphQL over HTTP reads them."""

from functools import lru_cache

JSON = "application/json"
GRAPHQL_RESPONSE = "application/graphql-response+json"
_HEADERS_REMEMBERED = 128


@lru_cache(maxsize=_HEADERS_REMEMBERED)
def is_utf8_json(content_type: str) -> bool:
    """Whether a body of this Content-Type is JSON in UTF-8, the only one we read."""
    media_type, *parameters = (part.strip().lower() for part in content_type.split(";"))
    charsets = [value.strip('"') for name, _, value in map(_split, parameters) if name == "charset"]
    return media_type == JSON and all(charset in ("utf-8", "utf8") for charset in charsets)


@lru_cache(maxsize=_HEADERS_REMEMBERED)
def answer_type(accept: str) -> str:
    """Return the media type to answer in: application/json unless the client prefers the newer one.

    A client that accepts neither gets application/json all the same, as the specification allows.
    """
    qualities = {JSON: 0.0, GRAPHQL_RESPONSE: 0.0}
    for entry in accept.split(","):
        media_type, *parameters = (part.strip().lower() for part in entry.split(";"))
        if media_type in qualities:
            qualities[media_type] = _quality(parameters)
    newer, plain = qualities[GRAPHQL_RESPONSE], qualities[JSON]
    return GRAPHQL_RESPONSE if newer > 0 and newer >= plain else JSON


def _split(parameter: str) -> tuple[str, str, str]:
    name, separator, value = parameter.partition("=")
    return name.strip(), separator, value.strip()


def _quality(parameters: list[str]) -> float:
    for name, _, value in map(_split, parameters):
        if name == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0
