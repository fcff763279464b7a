"""The code at a desk: who scans it may rate the office. Pure but for the keys.

`LCRO1.<id>.<version>.<proof>`: a keyed digest over both, so that nobody makes one up, and a code that was
replaced is worth nothing.
"""

import hmac
import re
from dataclasses import dataclass
from datetime import datetime

from api.accounts.caller import Scope
from api.credentials.cards.shown import qr_svg
from api.kit.sealing import Sealer

_PREFIX = "LCRO1"
_PURPOSE = "office rating codes"
_PROOF_CHARACTERS = 32
_CODE = re.compile(
    rf"{_PREFIX}\.([a-z2-7]{{26}})\.([1-9][0-9]{{0,5}})\.([0-9a-f]{{{_PROOF_CHARACTERS}}})"
)


@dataclass(frozen=True, slots=True)
class OfficeCode:
    """`number`: of the office's codes that hold, from 1. `label`: which desk, as the clerks call it.

    `version`: one higher with each replacement.
    """

    id: str
    office: Scope
    number: int
    label: str
    created_at: datetime
    changed_at: datetime
    revoked_at: datetime | None = None
    version: int = 1


@dataclass(frozen=True, slots=True)
class ScannedCode:
    """What a phone has read; whether it still holds says the store."""

    id: str
    version: int


class OfficeCodeProofs:
    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer

    def text(self, code: OfficeCode) -> str:
        """Return what the QR code holds."""
        return f"{_PREFIX}.{code.id}.{code.version}.{self._proof(code.id, str(code.version))}"

    def svg(self, code: OfficeCode) -> str:
        """Return the QR code as an SVG document, to be scaled and printed."""
        return qr_svg(self.text(code))

    def read(self, text: str) -> ScannedCode | None:
        """Return what was scanned, None for what is no code of ours."""
        found = _CODE.fullmatch(text)
        if found is None or not hmac.compare_digest(self._proof(found[1], found[2]), found[3]):
            return None
        return ScannedCode(found[1], int(found[2]))

    def _proof(self, code_id: str, version: str) -> str:
        return self._sealer.digest(_PURPOSE, code_id, version)[:_PROOF_CHARACTERS]
