"""Keep what people write out of Rasa's logs.

Rasa logs the text of a message when its handling fails, with the variables of every frame.
"""

import sys
from typing import Any

from rasa.utils import log_utils

from discreet_records import reason

_OPEN_FIELDS = frozenset({"event", "event_info", "action_name", "rule"})


def _keep_open_fields(_: object, __: str, event: dict[str, Any]) -> dict[str, Any]:
    shown = {name: value for name, value in event.items() if name in _OPEN_FIELDS}
    error = sys.exc_info()[1]
    if error is not None:
        shown["reason"] = reason(error)
    return {**shown, "exc_info": False}  # False, not absent: a later processor would fill it in


def keep_words_out_of_logs() -> None:
    """Take the place of Rasa's first log processor; to be called before Rasa configures its logs."""
    log_utils._anonymizer = _keep_open_fields
