"""The process that works in the background: it runs jobs, and sends what is in the outbox.

Start as many as needed, on as many hosts; leases keep them from doing anything twice.
"""

import asyncio
import signal
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import structlog

from api.context import Services
from api.kit.clock import Clock, system_clock
from api.kit.job_runner import JobRunner
from api.kit.jobs import Handler
from api.kit.log import configure_log
from api.settings import Settings
from api.wiring import wired
from notifications.senders import Sender
from notifications.worker import OutboxWorker

log = structlog.get_logger()


def run(settings: Settings) -> None:
    """Work until SIGTERM or SIGINT, then finish what was begun."""
    configure_log(settings.log_level, settings.log_format)
    asyncio.run(work(settings))


async def work(settings: Settings, clock: Clock = system_clock) -> None:
    """Run jobs and the outbox side by side until the process is told to stop."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for signal_number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(signal_number, stop.set)
    async with (
        wired(settings, clock) as services,
        sender_of(settings, services, clock) as sender,
        asyncio.TaskGroup() as tasks,
    ):
        jobs = JobRunner(services.store, clock, handlers_of(services))
        tasks.create_task(jobs.run(stop))
        tasks.create_task(OutboxWorker(services.store, clock, sender).run(stop))
        log.info("worker started", sender=type(sender).__name__)
    log.info("worker stopped")


def handlers_of(services: Services) -> dict[str, Handler]:
    """Return the handler of each kind of job; a slice that has jobs adds its own here."""
    return {**services.alerts.handlers()}


@asynccontextmanager
async def sender_of(settings: Settings, services: Services, clock: Clock) -> AsyncGenerator[Sender]:
    """Open FCM where there are credentials, else the recorder.

    Raises OSError or ValueError when the credentials file is not a service account.
    """
    sender = _sender(settings, services, clock)
    try:
        yield sender
    finally:
        await sender.close()


def _sender(settings: Settings, services: Services, clock: Clock) -> Sender:
    # Imported here, because firebase-admin costs memory that only this process needs to spend.
    if settings.fcm_credentials_file is None:
        from notifications.senders.recorder import Recorder

        return Recorder(services.recordings, clock)
    from notifications.senders.fcm import FcmSender

    return FcmSender(
        settings.fcm_credentials_file,
        clock,
        url=settings.fcm_url,
        messages_per_minute=settings.fcm_messages_per_minute,
    )
