from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sound:
    """A recording written anew: its audio as it came, and nothing else that it carried."""

    data: bytes
    milliseconds: int
