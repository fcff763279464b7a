"""Documents as the JSON text that the embedded engine keeps.

A datetime is written as relaxed MongoDB Extended JSON, `{"$date": "2026-05-01T09:30:00.000Z"}`. No
key of a document begins with "$", so it collides with nothing, and its fixed width sorts.
"""

from datetime import UTC, datetime

import orjson

from api.kit.store.contract import Document, UnsupportedOperator
from api.kit.store.values import BYTES_AT_MOST, Value, is_dictionary, is_list

_DATE_MARK = '{"$date":'


def written(document: Document) -> str:
    """Return the text of a checked document; raises UnsupportedOperator when it is too long."""
    encoded = orjson.dumps(
        document, default=_written_moment, option=orjson.OPT_PASSTHROUGH_DATETIME
    )
    if len(encoded) > BYTES_AT_MOST:
        raise UnsupportedOperator(f"a document of more than {BYTES_AT_MOST} bytes")
    return encoded.decode()


def read(text: str) -> Value:
    """Return what `written` was given (or a list of such)."""
    value = orjson.loads(text)
    return _revived(value) if _DATE_MARK in text else value


def moment_text(moment: datetime) -> str:
    """Return an aware UTC datetime as 24 characters that sort as time does."""
    return moment.isoformat(timespec="milliseconds")[:23] + "Z"


def moment_of(text: str) -> datetime:
    return datetime.fromisoformat(text[:23]).replace(tzinfo=UTC)


def _written_moment(value: Value) -> dict[str, str]:
    if isinstance(value, datetime):
        return {"$date": moment_text(value)}
    raise TypeError(type(value).__name__)


def _revived(value: Value) -> Value:
    if is_dictionary(value):
        for key, element in value.items():
            if isinstance(element, dict | list):
                value[key] = _revived(element)
            elif key == "$date":
                return moment_of(element)
    elif is_list(value):
        for place, element in enumerate(value):
            if isinstance(element, dict | list):
                value[place] = _revived(element)
    return value
