"""The process that works in the background: it runs jobs, and sends what is in the outboxes.

Start as many as needed, on as many hosts; leases keep them from doing anything twice.
"""

import asyncio
import os
import signal
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager

import structlog

from api.context import Services
from api.kit.clock import Clock, system_clock
from api.kit.job_meters import JobMeters
from api.kit.job_runner import JobRunner
from api.kit.jobs import Handler
from api.kit.log import configure_log
from api.kit.seeing import Seeing
from api.kit.serving_loop import run_serving
from api.operations.gauges import keep_telling
from api.process_seeing import seeing_of, seen_outside
from api.setting_values import EmailSender, Environment, SmsSender
from api.settings import Settings
from api.wiring import wired
from notifications.senders import Sender, TextSender
from notifications.senders.seen import SeenSender, SeenTextSender, TextMeters
from notifications.text_message import Channel
from notifications.text_recordings import TextRecordings
from notifications.text_worker import TextWorker
from notifications.worker import OutboxWorker

log = structlog.get_logger()

_MEDIA_JOBS_AT_ONCE = 2
"""Each may take a core, and up to 740 MB."""
_RELAYS_AT_ONCE = 16
"""A loudspeaker that hangs takes ten seconds each time: the others of a warning must not wait for it."""


def run(settings: Settings) -> None:
    """Work until SIGTERM or SIGINT, then finish what was begun."""
    configure_log(settings.log_level, settings.log_format)
    run_serving(work(settings, seeing=seeing_of(settings, "worker")))


async def work(
    settings: Settings, clock: Clock = system_clock, seeing: Seeing | None = None
) -> None:
    """Run jobs and both outboxes side by side until the process is told to stop."""
    seeing = seeing or Seeing()
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for signal_number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(signal_number, stop.set)
    async with (
        wired(settings, clock, seeing) as services,
        sender_of(settings, services, clock) as sender,
        text_senders_of(settings, services, clock) as text_senders,
        seen_outside(settings, seeing, settings.worker_metrics_port),
        asyncio.TaskGroup() as tasks,
    ):
        for jobs in runners_of(services, clock):
            tasks.create_task(jobs.run(stop))
        pushes = SeenSender(sender, seeing)
        tasks.create_task(OutboxWorker(services.store, clock, pushes).run(stop))
        tasks.create_task(services.notifications.keep_index(stop))
        tasks.create_task(services.alerts.newcomers.run(stop))
        if settings.worker_metrics_port is not None:
            tasks.create_task(keep_telling(services.operations, seeing.registry, stop))
        seen_texts = {
            channel: SeenTextSender(one, channel, seeing.once(TextMeters))
            for channel, one in text_senders.items()
        }
        texts = TextWorker(services.store, services.sealer, clock, seen_texts)
        tasks.create_task(texts.run(stop))
        names = [type(one).__name__ for one in (sender, *text_senders.values())]
        log.info("worker started", senders=names)
        warn_of_recorders(settings)
    log.info("worker stopped")


def runners_of(services: Services, clock: Clock) -> tuple[JobRunner, ...]:
    """Return who runs jobs: what takes long in lanes of its own, after all others.

    A warning must not wait behind photos, behind systems of others that do not answer, nor behind the
    places of every clinic; nor must agencies' feeds, which may hold one, and the relays that pass one on.
    """
    media = services.media.handlers()
    systems = services.health.fhir.handlers() | services.feedback.channels.polling.handlers()
    relays = services.relays.handlers()
    polls = services.alerts.polling_handlers()
    clinics = services.health.places.handlers()
    apart = media.keys() | systems.keys() | polls.keys() | relays.keys() | clinics.keys()
    others = {kind: job for kind, job in handlers_of(services).items() if kind not in apart}
    meters = services.seeing.once(JobMeters)
    return (
        JobRunner(services.store, clock, others, meters=meters),
        JobRunner(services.store, clock, media, jobs_at_once=_MEDIA_JOBS_AT_ONCE, meters=meters),
        JobRunner(services.store, clock, systems, meters=meters),
        JobRunner(services.store, clock, polls, meters=meters),
        JobRunner(services.store, clock, relays, jobs_at_once=_RELAYS_AT_ONCE, meters=meters),
        JobRunner(services.store, clock, clinics, jobs_at_once=1, meters=meters),
    )


def handlers_of(services: Services) -> dict[str, Handler]:
    """Return the handler of each kind of job; a slice that has jobs adds its own here."""
    return {
        **services.accounts.handlers(),
        **services.alerts.handlers(),
        **services.conditions.handlers(),
        **services.composing.handlers(),
        **services.by_sms.handlers(),
        **services.relays.handlers(),
        **services.media.handlers(),
        **services.students.handlers(),
        **services.health.handlers(),
        **services.feedback.handlers(),
        **services.safety.handlers(),
        **services.feedback.channels.polling.handlers(),
        **services.wallet.handlers(),
        **services.handoff_lapse.handlers(),
    }


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
    from notifications.senders.token_bucket import TokenBucket

    return FcmSender(
        settings.fcm_credentials_file,
        clock,
        url=settings.fcm_url,
        quota=TokenBucket(settings.fcm_messages_per_minute),
        certificates=os.environ.get("SSL_CERT_FILE"),  # OpenSSL's own name for it
    )


@asynccontextmanager
async def text_senders_of(
    settings: Settings, services: Services, clock: Clock
) -> AsyncGenerator[dict[Channel, TextSender]]:
    """Open what the settings name for SMS and e-mail. Raises ValueError without an AWS region."""
    async with AsyncExitStack() as opened:
        senders: dict[Channel, TextSender] = {}
        for channel, build in ((Channel.SMS, _sms_sender), (Channel.EMAIL, _email_sender)):
            senders[channel] = build(settings, services, clock)
            opened.push_async_callback(senders[channel].close)
        yield senders


def warn_of_recorders(settings: Settings) -> None:
    """Say, in production, for which channel a recorder stands in."""
    if settings.environment is not Environment.PRODUCTION:
        return
    if settings.sms_sender is SmsSender.RECORDER:
        log.warning("SMS reach nobody, one-time codes included", setting="LAOCAI_SMS_SENDER")
    if settings.email_sender is EmailSender.RECORDER:
        log.warning("e-mail reaches nobody, one-time codes included", setting="LAOCAI_EMAIL_SENDER")


# Imported when they are built, because boto3 costs memory that only this process needs to spend.
def _sms_sender(settings: Settings, services: Services, clock: Clock) -> TextSender:
    if settings.sms_sender is SmsSender.RECORDER:
        return _text_recorder(services, clock)
    from notifications.senders.sns import SnsSender

    return SnsSender(
        clock,
        sender_id=settings.sms_sender_id,
        region=settings.aws_region,
        url=settings.sns_url,
    )


def _email_sender(settings: Settings, services: Services, clock: Clock) -> TextSender:
    if settings.email_sender is EmailSender.RECORDER or settings.email_from is None:
        return _text_recorder(services, clock)
    from notifications.senders.ses import SesSender

    return SesSender(
        clock, sender=settings.email_from, region=settings.aws_region, url=settings.ses_url
    )


def _text_recorder(services: Services, clock: Clock) -> TextSender:
    from notifications.senders.text_recorder import TextRecorder

    return TextRecorder(TextRecordings(services.store, services.sealer, clock))
