"""SMS through Amazon SNS, straight to a number."""

from typing import Any

from api.kit.clock import Clock
from notifications.senders import Answer
from notifications.senders.aws import AwsService
from notifications.text_message import TextMessage


class SnsSender:
    """Implements TextSender for SMS."""

    def __init__(
        self, clock: Clock, *, sender_id: str | None, region: str | None, url: str | None
    ) -> None:
        """`sender_id`: the name shown in place of a number. Raises ValueError without a region."""
        self._sns = AwsService("sns", clock, region=region, url=url)
        # Transactional: sent by the most reliable route, also to those who refuse advertising.
        self._attributes = {"AWS.SNS.SMS.SMSType": _string("Transactional")}
        if sender_id is not None:
            self._attributes["AWS.SNS.SMS.SenderID"] = _string(sender_id)

    async def send(self, message: TextMessage) -> Answer:
        def publish(client: Any) -> object:  # noqa: ANN401 - boto3 has no types
            return client.publish(
                PhoneNumber=message.to, Message=message.body, MessageAttributes=self._attributes
            )

        return await self._sns.call(publish)

    async def close(self) -> None:
        await self._sns.close()


def _string(value: str) -> dict[str, str]:
    return {"DataType": "String", "StringValue": value}
