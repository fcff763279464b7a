"""The FCM sender before a local FCM, with as few words as a test needs."""

from pathlib import Path

from api.kit.clock import Clock
from notifications.devices import Platform
from notifications.senders import Answer, Message, Verdict
from notifications.senders.fcm import FcmSender
from notifications.senders.token_bucket import TokenBucket
from tests.notifications.factories import a_device, a_notice
from tests.notifications.fake_fcm import FakeFcm, write_credentials

ACCEPTED = Answer(Verdict.ACCEPTED)


def sender_to(
    fcm: FakeFcm,
    folder: Path,
    clock: Clock,
    *,
    url: str | None = None,
    messages_per_minute: int = 6_000_000,
) -> FcmSender:
    return FcmSender(
        write_credentials(folder, fcm.token_url),
        clock,
        url=url or fcm.url,
        quota=TokenBucket(messages_per_minute),
        certificates=fcm.certificates,
    )


async def send(sender: FcmSender, *messages: Message) -> list[Answer]:
    """Send and return the answers in the order of the messages; each must be reported once."""
    answers: dict[str, Answer] = {}

    def report(message: Message, answer: Answer) -> None:
        assert message.device.id not in answers
        answers[message.device.id] = answer

    await sender.send(messages, report)
    return [answers[message.device.id] for message in messages]


def a_message(platform: Platform = Platform.ANDROID) -> Message:
    return Message(a_notice(), a_device(platform=platform))
