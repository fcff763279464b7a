"""The port to a machine that translates. The original is always shown beside what it gives."""

from typing import Protocol


class MachineTranslation(Protocol):
    async def translated(self, text: str, source: str, target: str) -> str | None:
        """Return the text in `target`; None when it cannot be had. Languages are BCP 47 tags.

        A call ends within seconds: whoever implements it over a network sets a time-out.
        """
        ...


class NoTranslation:
    """Translates nothing: for as long as no machine is agreed on, people read the original."""

    async def translated(self, text: str, source: str, target: str) -> str | None:
        return None
