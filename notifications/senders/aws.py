"""One AWS service through boto3: its blocking calls in a few threads, its errors as answers."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import boto3  # pyright: ignore[reportMissingTypeStubs]
import structlog
from botocore.config import Config  # pyright: ignore[reportMissingTypeStubs]
from botocore.exceptions import (  # pyright: ignore[reportMissingTypeStubs]
    BotoCoreError,
    ClientError,
    NoRegionError,
)
from botocore.parsers import ResponseParserError  # pyright: ignore[reportMissingTypeStubs]

from api.kit.clock import Clock
from notifications.senders import Answer, Verdict
from notifications.senders.aws_errors import Cause, answer_to, cause_of
from notifications.senders.brake import Brake

log = structlog.get_logger()

CONNECT_SECONDS = 2.0
READ_SECONDS = 5.0
CALL_SECONDS_AT_MOST = 10.0
"""All of a call, with names looked up and credentials fetched; less than a lease lasts."""

CALLS_AT_ONCE = 8

_boto3: Any = boto3  # it has no types


class AwsService:
    """A client of one service, whose calls answer and never raise."""

    def __init__(self, service: str, clock: Clock, *, region: str | None, url: str | None) -> None:
        """Build the client; credentials are looked for where boto3 looks, when they are needed.

        Raises ValueError when no region is set, or `url` is none.
        """
        config = Config(
            connect_timeout=CONNECT_SECONDS,
            read_timeout=READ_SECONDS,
            max_pool_connections=CALLS_AT_ONCE,
            retries={"mode": "standard", "total_max_attempts": 1},  # the outbox tries again
        )
        session = _boto3.session.Session()
        try:
            self._client = session.client(
                service, region_name=region, endpoint_url=url, config=config
            )
        except NoRegionError as error:
            raise ValueError("LAOCAI_AWS_REGION is needed to send through AWS") from error
        self._service = service
        self._clock = clock
        self._threads = ThreadPoolExecutor(CALLS_AT_ONCE, thread_name_prefix=service)
        self._brake = Brake()

    async def call(self, operation: Callable[[Any], object]) -> Answer:
        """Run `operation` with the client in a thread, unless the service only fails just now."""
        if (pause := self._brake.remaining()) is not None:
            return Answer(Verdict.TRY_LATER, "braked", pause)
        answer = await self._answer(operation)
        if answer.verdict is Verdict.TRY_LATER:
            self._brake.failed(answer.retry_after)
        else:
            self._brake.succeeded()
        return answer

    async def close(self) -> None:
        """Let go; a call under way ends by its own time-outs."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._client.close()

    async def _answer(self, operation: Callable[[Any], object]) -> Answer:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(CALL_SECONDS_AT_MOST):
                await loop.run_in_executor(self._threads, operation, self._client)
        except TimeoutError:
            return Answer(Verdict.TRY_LATER, "TimeoutError", may_have_gone=True)
        except (BotoCoreError, ClientError, ResponseParserError) as error:
            answer = answer_to(error, self._clock())
            if cause_of(error) is Cause.US:
                log.error(
                    "aws refuses our credentials or settings",
                    service=self._service,
                    reason=answer.reason,
                )
            return answer
        return Answer(Verdict.ACCEPTED)
