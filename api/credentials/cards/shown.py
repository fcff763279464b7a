"""What a phone shows, or a printed card bears: the token, and behind it the code of the moment."""

import io
import re
from dataclasses import dataclass

import segno

from api.credentials.cards.card_token import CHARACTERS_AT_MOST
from api.credentials.cards.rotating_code import DIGITS

QR_VERSION_AT_MOST = 15
QR_ERROR_LEVEL = "m"
SHOWN_CHARACTERS_AT_MOST = CHARACTERS_AT_MOST + 1 + DIGITS
_QUIET_ZONE_MODULES = 4
_CODE = re.compile(rf"[0-9]{{{DIGITS}}}")
_PARTS_OF_TOKEN = 3


@dataclass(frozen=True, slots=True, repr=False)
class Shown:
    """`code`: None on a printed card."""

    token: str
    code: str | None

    @property
    def text(self) -> str:
        """What the QR code holds."""
        return self.token if self.code is None else f"{self.token}.{self.code}"


def read(text: str) -> Shown | None:
    """Return the parts of what a gate has read, None for what is no card of ours."""
    if len(text) > SHOWN_CHARACTERS_AT_MOST or not text.isascii():
        return None
    parts = text.split(".")
    token, code = ".".join(parts[:_PARTS_OF_TOKEN]), parts[_PARTS_OF_TOKEN:]
    if len(parts) < _PARTS_OF_TOKEN or len(code) > 1 or not all(map(_CODE.fullmatch, code)):
        return None
    return Shown(token, code[0] if code else None)


def qr_code(text: str) -> segno.QRCode:
    """Return the QR code at level M. Raises ValueError above QR_VERSION_AT_MOST."""
    code = segno.make_qr(text, error=QR_ERROR_LEVEL, boost_error=False)
    if int(code.version) > QR_VERSION_AT_MOST:
        raise ValueError(f"a QR code of version {code.version}")
    return code


def qr_svg(text: str) -> str:
    """Return the QR code as an SVG document with its quiet zone, a module a unit, to be scaled.

    It has a viewBox and no size of its own: with one, browsers cut it off in place of scaling it.
    """
    out = io.BytesIO()
    qr_code(text).save(
        out, kind="svg", border=_QUIET_ZONE_MODULES, xmldecl=False, nl=False, omitsize=True
    )
    return out.getvalue().decode()
