"""Names for people in what outlives their account.

A keyed digest: whoever has both our keys and a person's id can show that a row is about that person,
which is what proof needs. The row alone leads to nobody.
"""

from api.kit.sealing import Sealer


def pseudonym_of(sealer: Sealer, person_id: str) -> str:
    """Return 64 hexadecimal characters, always the same for one person."""
    return sealer.digest("pseudonym of a person", person_id)
