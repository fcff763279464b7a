"""Codes that people can say and type: LC-7K3-943, five letters or digits and one that checks them.

Letters and digits that look or sound alike are not among the 23. As 23 is a prime, the weighted sum finds
every single mistake and every two signs that changed places.
"""

import re
import secrets

ALPHABET = "234679ACDEFGHJKMNPRTWXY"
_SIGNS = 5
_PREFIX = "LC"
_CODE = re.compile(rf"(?:{_PREFIX})?([{ALPHABET}]{{{_SIGNS + 1}}})")
_LEFT_OUT = re.compile(r"[\s.\-\u2010-\u2015]+")


def new_code() -> str:
    """Return one of 6,436,343 codes by chance."""
    signs = "".join(secrets.choice(ALPHABET) for _ in range(_SIGNS))
    return _written(signs + _check_sign(signs))


def code_of(typed: str) -> str | None:
    """Return the code that somebody typed, in any case and with or without dashes; None for no code."""
    found = _CODE.fullmatch(_LEFT_OUT.sub("", typed[:32]).upper())
    if found is None or _check_sign(found[1][:-1]) != found[1][-1]:
        return None
    return _written(found[1])


def _written(signs: str) -> str:
    return f"{_PREFIX}-{signs[:3]}-{signs[3:]}"


def _check_sign(signs: str) -> str:
    weighted = sum(weight * ALPHABET.index(sign) for weight, sign in enumerate(signs, start=2))
    return ALPHABET[-weighted % len(ALPHABET)]
