"""The plain deliveries: a JSON list of observations, or CSV with a line of names."""

import csv
import io
import json
from typing import Any, NoReturn

from api.conditions.intake.errors import NotReadable, TooManyItems
from api.conditions.intake.items import SentItem
from api.kit.json_values import is_list, is_object

ITEMS_AT_MOST = 1_000
_COLUMNS = frozenset({"station", "property", "value", "observedAt"})


def json_value(body: bytes) -> Any:  # noqa: ANN401 - any JSON value
    """Return what a body holds. Raises NotReadable, for NaN and what is nested too deeply as well."""
    try:
        return json.loads(body.decode("utf-8"), parse_constant=_not_json)
    except (ValueError, RecursionError) as error:
        raise NotReadable from error


def json_items(body: bytes) -> list[SentItem]:
    """Return the items of `[{…}]` or `{"observations": [{…}]}`. Raises NotReadable, TooManyItems."""
    sent = json_value(body)
    rows = sent.get("observations") if is_object(sent) else sent
    if not is_list(rows):
        raise NotReadable
    check_count(len(rows))
    return [_item(row if is_object(row) else {}) for row in rows]


def csv_items(body: bytes) -> list[SentItem]:
    """Return the items of lines under `station,property,value,unit,observedAt`, in any order.

    Raises NotReadable, TooManyItems.
    """
    try:
        reader = csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline=""), strict=True)
        if not set(reader.fieldnames or ()) >= _COLUMNS:
            raise NotReadable
        rows: list[SentItem] = []
        for row in reader:
            rows.append(_item({**row, "value": _number(row["value"])}))
            check_count(len(rows))
    except (ValueError, csv.Error) as error:
        raise NotReadable from error
    return rows


def check_count(count: int) -> None:
    """Raise TooManyItems for more than a delivery may hold."""
    if count > ITEMS_AT_MOST:
        raise TooManyItems(most=ITEMS_AT_MOST)


def _item(row: dict[str, Any]) -> SentItem:
    return SentItem(
        row.get("station"),
        row.get("property"),
        row.get("value"),
        row.get("unit"),
        row.get("observedAt"),
    )


def _number(text: str | None) -> float | None:
    """Return what is written, None for what is no number: the item is refused then, not the delivery."""
    try:
        return float(text or "")
    except ValueError:
        return None


def _not_json(name: str) -> NoReturn:
    raise ValueError(name)
