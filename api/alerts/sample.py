"""The sample message that ships with the product, as a message of now."""

import re
from datetime import datetime, timedelta, timezone
from pathlib import Path

SAMPLE = Path(__file__).resolve().parent / "samples" / "sa_pa_flash_flood.cap.xml"
_HANOI = timezone(timedelta(hours=7))
_ONSET_AFTER = timedelta(hours=1)
_EXPIRES_AFTER = timedelta(hours=3)


def sample_message(identifier: str, now: datetime) -> str:
    """Return the sample under this identifier, sent at `now`, holding for three hours from then."""
    sent = now.astimezone(_HANOI).replace(microsecond=0)
    values = {
        "identifier": identifier,
        "sent": sent.isoformat(),
        "effective": sent.isoformat(),
        "onset": (sent + _ONSET_AFTER).isoformat(),
        "expires": (sent + _EXPIRES_AFTER).isoformat(),
    }
    text = SAMPLE.read_text(encoding="utf-8")
    for element, value in values.items():
        text = re.sub(f"<{element}>.*?</{element}>", f"<{element}>{value}</{element}>", text)
    return text
