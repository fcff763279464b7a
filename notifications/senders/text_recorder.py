"""The sender of a machine without SMS or e-mail service: it writes down what would have been sent."""

from notifications.senders import Answer, Verdict
from notifications.text_message import TextMessage
from notifications.text_recordings import TextRecordings


class TextRecorder:
    """Records each text once, however often it is sent. Implements TextSender for both channels."""

    def __init__(self, recordings: TextRecordings) -> None:
        self._recordings = recordings

    async def send(self, message: TextMessage) -> Answer:
        if await self._recordings.add(message):
            return Answer(Verdict.ACCEPTED)
        return Answer(Verdict.REFUSED, "erased")

    async def close(self) -> None:
        """Nothing is held."""
