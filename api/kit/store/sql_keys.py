"""Values as SQL that compares and sorts as MongoDB does.

The key of a field is one SQLite value whose order is that of the store: minus infinity stands for
missing and None, then come numbers, text, and blobs: dictionaries (01), lists (02), booleans
(03 and a byte) and datetimes (the ASCII of their text, so 30 and up). No key is NULL.
"""

from collections.abc import Sequence
from datetime import datetime

import orjson

from api.kit.store.document_text import moment_of, moment_text
from api.kit.store.values import Rank, Value, rank

NOTHING = "-9e999"
DICTIONARY, LIST, FALSE, TRUE = "x'01'", "x'02'", "x'0301'", "x'0302'"
SQLITE_VALUE = int | str | bytes

# The first key of a type, and the first key after it.
FLOORS = {Rank.NUMBER: NOTHING, Rank.STRING: "''", Rank.BOOLEAN: "x'03'", Rank.DATETIME: "x'30'"}
CEILINGS = {Rank.NUMBER: "''", Rank.STRING: "x''", Rank.BOOLEAN: "x'04'", Rank.DATETIME: "x'3A'"}


def quoted(text: str) -> str:
    """Return `text` as an SQL string."""
    return "'" + text.replace("'", "''") + "'"


def named(identifier: str) -> str:
    """Return a table or index name as SQL."""
    return '"' + identifier.replace('"', '""') + '"'


def json_path(names: Sequence[str]) -> str:
    """Return checked names as an SQL string that holds a JSON path."""
    return quoted("$" + "".join(f'."{name}"' for name in names))


def key_at(source: str, names: Sequence[str]) -> str:
    """Return the key of what lies at `names` in the JSON `source`; lists are not looked into."""
    path = json_path(names)
    value, date = f"json_extract({source},{path})", json_path([*names, "$date"])
    return (
        f"CASE json_type({source},{path})"
        f" WHEN 'text' THEN {value} WHEN 'integer' THEN {value} WHEN 'real' THEN {value}"
        f" WHEN 'object' THEN coalesce(CAST(json_extract({source},{date}) AS BLOB),{DICTIONARY})"
        f" WHEN 'array' THEN {LIST} WHEN 'false' THEN {FALSE} WHEN 'true' THEN {TRUE}"
        f" ELSE {NOTHING} END"
    )


def key_of_element(element: str) -> str:
    """Return the key of a row of json_each."""
    date = f"json_extract({element}.value,'$.\"$date\"')"
    return (
        f"CASE {element}.type"
        f" WHEN 'text' THEN {element}.value WHEN 'integer' THEN {element}.value"
        f" WHEN 'real' THEN {element}.value"
        f" WHEN 'object' THEN coalesce(CAST({date} AS BLOB),{DICTIONARY})"
        f" WHEN 'array' THEN {LIST} WHEN 'false' THEN {FALSE} WHEN 'true' THEN {TRUE}"
        f" ELSE {NOTHING} END"
    )


def value_of_key(key: Value) -> Value:
    """Return the scalar a key was made of."""
    if isinstance(key, bytes):
        return key == b"\x03\x02" if key[0] == 3 else moment_of(key.decode())
    return None if key == float("-inf") else key


class Parameters:
    """Collects the values of a statement; each call returns the SQL that stands for one.

    `literal` is for the definitions of indexes, which take no parameters: their values come from
    code only.
    """

    def __init__(self, *, literal: bool = False) -> None:
        self.values: list[SQLITE_VALUE] = []
        self._literal = literal

    def bound(self, value: SQLITE_VALUE) -> str:
        """Return what stands for a value that SQLite knows."""
        if self._literal:
            return _literal(value)
        self.values.append(value)
        return f"?{len(self.values)}"

    def key(self, scalar: Value) -> str:
        """Return the key of a stored scalar."""
        match rank(scalar):
            case Rank.NOTHING:
                return NOTHING
            case Rank.BOOLEAN:
                return TRUE if scalar else FALSE
            case Rank.DATETIME:
                return self.bound(moment_text(scalar).encode())
            case _ if isinstance(scalar, float):
                # As text, so that SQLite reads it exactly as it reads the document; the plus takes
                # away the affinity that would make the string "1" a number beside it.
                return f"+CAST({self.bound(orjson.dumps(scalar).decode())} AS REAL)"
            case _:
                return self.bound(scalar)

    def any_of(self, scalars: Sequence[Value]) -> str:
        """Return the right side of IN: one parameter for however many scalars."""
        if self._literal:
            return "(" + ",".join(map(self.key, scalars)) + ")"
        plain = [s for s in scalars if rank(s) in {Rank.NUMBER, Rank.STRING}]
        blobs = [_blob_text(s) for s in scalars if rank(s) in {Rank.BOOLEAN, Rank.DATETIME}]
        parts = [f"SELECT value FROM json_each({self.bound(orjson.dumps(plain).decode())})"]
        if blobs:
            texts = self.bound(orjson.dumps(blobs).decode())
            parts.append(f"SELECT CAST(value AS BLOB) FROM json_each({texts})")
        if len(plain) + len(blobs) < len(scalars):
            parts.append(f"SELECT {NOTHING}")
        return "(" + " UNION ALL ".join(parts) + ")"


def _literal(value: SQLITE_VALUE) -> str:
    if isinstance(value, str):
        return quoted(value)
    return f"x'{value.hex()}'" if isinstance(value, bytes) else str(value)


def _blob_text(scalar: bool | datetime) -> str:
    if isinstance(scalar, datetime):
        return moment_text(scalar)
    return "\x03\x02" if scalar else "\x03\x01"
