"""The code at a facility's entrance: whoever has read it today was there. Pure but for the keys.

`LCKI1.<facility>.<day>.<proof>`: a keyed digest over facility and day (Vietnam's calendar), so that a
photograph of it is worth nothing tomorrow, and no other facility's code checks anybody in.
"""

import hmac
import re
from dataclasses import dataclass
from datetime import date

from api.credentials.cards.shown import qr_svg
from api.kit.sealing import Sealer

_PREFIX = "LCKI1"
_PROOF_CHARACTERS = 32
_CODE = re.compile(
    rf"{_PREFIX}\.([a-z0-9][a-z0-9-]{{0,63}})\.([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}})\.([0-9a-f]{{{_PROOF_CHARACTERS}}})"
)


@dataclass(frozen=True, slots=True)
class CheckInCode:
    """`text`: what the QR code holds; `svg`: the QR code, to be scaled."""

    facility_id: str
    day: date
    text: str

    @property
    def svg(self) -> str:
        return qr_svg(self.text)


class CheckInCodes:
    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer

    def of(self, facility_id: str, day: date) -> CheckInCode:
        """Return the code of a facility for a day."""
        proof = self._proof(facility_id, day.isoformat())
        return CheckInCode(facility_id, day, f"{_PREFIX}.{facility_id}.{day.isoformat()}.{proof}")

    def holds(self, code: str, facility_id: str, day: date) -> bool:
        """Tell whether `code` is that of the facility for this day."""
        found = _CODE.fullmatch(code)
        if found is None:
            return False
        is_ours = hmac.compare_digest(self._proof(found[1], found[2]), found[3])
        return is_ours and found[1] == facility_id and found[2] == day.isoformat()

    def _proof(self, facility_id: str, day: str) -> str:
        return self._sealer.digest("facility check-in", facility_id, day)[:_PROOF_CHARACTERS]
