"""E-mail through Amazon SES, API v2: plain text in UTF-8."""

from email.utils import formataddr, parseaddr
from typing import Any

from api.kit.clock import Clock
from notifications.senders import Answer
from notifications.senders.aws import AwsService
from notifications.text_message import TextMessage


class SesSender:
    """Implements TextSender for e-mail."""

    def __init__(self, clock: Clock, *, sender: str, region: str | None, url: str | None) -> None:
        """`sender`: an address, or `Name <address>`. Raises ValueError without a region."""
        self._ses = AwsService("sesv2", clock, region=region, url=url)
        self._sender = formataddr(parseaddr(sender))  # a name beyond ASCII goes encoded (RFC 2047)

    async def send(self, message: TextMessage) -> Answer:
        def send_email(client: Any) -> object:  # noqa: ANN401 - boto3 has no types
            return client.send_email(
                FromEmailAddress=self._sender,
                Destination={"ToAddresses": [message.to]},
                Content={
                    "Simple": {
                        "Subject": _utf_8(message.subject),
                        "Body": {"Text": _utf_8(message.body)},
                    }
                },
            )

        return await self._ses.call(send_email)

    async def close(self) -> None:
        await self._ses.close()


def _utf_8(text: str) -> dict[str, str]:
    return {"Data": text, "Charset": "UTF-8"}
