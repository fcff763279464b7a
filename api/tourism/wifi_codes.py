"""The text of a QR code that joins a phone to a network, as cameras read it (ZXing's WIFI: scheme)."""

import re

from api.tourism.records import Wifi, WifiAccess

_SPECIAL = re.compile(r'([\\;,":])')


def join_code(wifi: Wifi) -> str:
    """Return `WIFI:T:WPA;S:…;P:…;;`, or `T:nopass` where no password is asked."""
    ssid = _escaped(wifi.ssid)
    if wifi.access is not WifiAccess.PASSWORD:
        return f"WIFI:T:nopass;S:{ssid};;"
    return f"WIFI:T:WPA;S:{ssid};P:{_escaped(wifi.password or '')};;"


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)
