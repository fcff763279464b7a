"""The sender of a machine without FCM: it writes down what each phone would have received."""

from collections.abc import Sequence

from api.kit.clock import Clock
from notifications.payload import Payload
from notifications.recordings import Recording, Recordings
from notifications.senders import Answer, Message, Report, Verdict

MESSAGES_AT_ONCE = 200


class Recorder:
    """Records each message once, however often it is sent. Implements Sender."""

    def __init__(self, recordings: Recordings, clock: Clock) -> None:
        self._recordings = recordings
        self._clock = clock

    async def send(self, messages: Sequence[Message], report: Report) -> None:
        for start in range(0, len(messages), MESSAGES_AT_ONCE):
            some = messages[start : start + MESSAGES_AT_ONCE]
            await self._recordings.add([self._recording(message) for message in some])
            for message in some:
                report(message, Answer(Verdict.ACCEPTED))

    async def close(self) -> None:
        """Nothing is held."""

    def _recording(self, message: Message) -> Recording:
        notice, profile, now = message.notice, message.device.profile, self._clock()
        payload = Payload(notice, profile.language, profile.platform, now)
        return Recording(
            notice_id=notice.id,
            device_id=message.device.id,
            platform=profile.platform.value,
            language=payload.language,
            priority=notice.priority.value,
            title=payload.text.title,
            body=payload.text.body,
            message=payload.message,
            recorded_at=now,
        )
