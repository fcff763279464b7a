"""Which service sends SMS and e-mail is a setting, and a wrong one stops the process by its name."""

import os
import subprocess
import sys

import pytest
from pydantic import ValidationError
from structlog.testing import capture_logs

from api.context import Services
from api.setting_values import Environment
from api.settings import Settings
from api.worker import text_senders_of, warn_of_recorders
from notifications.texts import Channel
from tests.conftest import ROOT, MovableClock

AWS = {"sms_sender": "sns", "email_sender": "ses", "email_from": "no-reply@laocai.example"}


def chosen(settings: Settings, **changes: object) -> Settings:
    return Settings.model_validate({**settings.model_dump(), **changes})


async def names(settings: Settings, services: Services, clock: MovableClock) -> dict[Channel, str]:
    async with text_senders_of(settings, services, clock) as senders:
        return {channel: type(sender).__name__ for channel, sender in senders.items()}


async def test_without_settings_the_recorder_stands_in(
    settings: Settings, services: Services, clock: MovableClock
) -> None:
    assert await names(settings, services, clock) == {
        Channel.SMS: "TextRecorder",
        Channel.EMAIL: "TextRecorder",
    }


@pytest.mark.usefixtures("aws_environment")
async def test_settings_choose_aws(
    settings: Settings, services: Services, clock: MovableClock
) -> None:
    aws = chosen(settings, **AWS, aws_region="ap-southeast-1")

    assert await names(aws, services, clock) == {
        Channel.SMS: "SnsSender",
        Channel.EMAIL: "SesSender",
    }


@pytest.mark.usefixtures("aws_environment")
async def test_aws_without_a_region_does_not_start(
    settings: Settings, services: Services, clock: MovableClock
) -> None:
    with pytest.raises(ValueError, match="LAOCAI_AWS_REGION"):
        await names(chosen(settings, **AWS), services, clock)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"email_sender": "ses"}, "LAOCAI_EMAIL_FROM"),
        ({"email_from": "nobody"}, "LAOCAI_EMAIL_FROM"),
        ({"email_from": "Mai <mãi@laocai.example>"}, "LAOCAI_EMAIL_FROM"),
        ({"sms_sender": "pigeon"}, "sms_sender"),
        ({"sms_sender_id": "Tinh Lao Cai"}, "sms_sender_id"),
        ({"sms_sender_id": "12345"}, "sms_sender_id"),
    ],
)
def test_a_wrong_value_is_refused(
    settings: Settings, changes: dict[str, object], message: str
) -> None:
    with pytest.raises(ValidationError, match=message):
        chosen(settings, **changes)


@pytest.mark.parametrize(
    ("changes", "warned_of"),
    [
        ({}, []),
        ({"environment": Environment.PRODUCTION}, ["LAOCAI_SMS_SENDER", "LAOCAI_EMAIL_SENDER"]),
        ({"environment": Environment.PRODUCTION, **AWS}, []),
    ],
)
def test_in_production_a_recorder_is_warned_of(
    settings: Settings, changes: dict[str, object], warned_of: list[str]
) -> None:
    with capture_logs() as logs:
        warn_of_recorders(chosen(settings, **changes))

    assert [entry["setting"] for entry in logs] == warned_of
    assert {entry["log_level"] for entry in logs} <= {"warning"}


WORKER = """
import asyncio, sys
import api.worker
from api.settings import Settings
from api.wiring import wired
from api.kit.clock import system_clock
async def main():
    settings = Settings(_env_file=None)
    async with wired(settings) as services:
        async with api.worker.text_senders_of(settings, services, system_clock):
            print("boto3" in sys.modules)
asyncio.run(main())
"""


@pytest.mark.usefixtures("aws_environment")
@pytest.mark.parametrize(("sender", "is_imported"), [("recorder", "False"), ("sns", "True")])
def test_boto3_is_imported_only_by_a_worker_that_needs_it(
    settings: Settings, sender: str, is_imported: str
) -> None:
    environment = {
        **os.environ,
        "LAOCAI_DATA_FOLDER": str(settings.data_folder),
        "LAOCAI_SMS_SENDER": sender,
        "LAOCAI_AWS_REGION": "ap-southeast-1",
    }

    done = subprocess.run(
        [sys.executable, "-c", WORKER],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        env=environment,
        cwd=ROOT,
    )

    assert done.stdout.strip() == is_imported
