"""SNS and SES through boto3 against a local AWS, with every kind of trouble."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import timedelta

import pytest
from botocore.exceptions import NoCredentialsError  # pyright: ignore[reportMissingTypeStubs]
from structlog.testing import capture_logs

from api.kit.sealing import Sealer
from api.kit.store import Store
from notifications.senders import Answer, Verdict
from notifications.senders import aws as aws_module
from notifications.senders.brake import FAILURES_BEFORE_BRAKING
from notifications.senders.ses import SesSender
from notifications.senders.sns import SnsSender
from notifications.text_outbox import TEXT_OUTBOX
from notifications.text_worker import TextWorker
from notifications.texts import Channel, Texts
from tests.conftest import MovableClock
from tests.notifications.factories import a_text, an_email
from tests.notifications.fake_aws import HANGS, OK, FakeAws, Reply

REGION = "ap-southeast-1"
pytestmark = pytest.mark.usefixtures("aws_environment")
ACCEPTED = Answer(Verdict.ACCEPTED)


def later(reason: str, seconds: float | None = None) -> Answer:
    wait = None if seconds is None else timedelta(seconds=seconds)
    return Answer(Verdict.TRY_LATER, reason, wait)


def unanswered(reason: str) -> Answer:
    return Answer(Verdict.TRY_LATER, reason, may_have_gone=True)


def refused(reason: str) -> Answer:
    return Answer(Verdict.REFUSED, reason)


@pytest.fixture
async def aws() -> AsyncGenerator[FakeAws]:
    async with FakeAws().serving() as fake:
        yield fake


@pytest.fixture
async def sns(aws: FakeAws, clock: MovableClock) -> AsyncGenerator[SnsSender]:
    built = SnsSender(clock, sender_id="LaoCai", region=REGION, url=aws.url)
    yield built
    await built.close()


@pytest.fixture
async def ses(aws: FakeAws, clock: MovableClock) -> AsyncGenerator[SesSender]:
    sender = "Lào Cai <no-reply@laocai.example>"
    built = SesSender(clock, sender=sender, region=REGION, url=aws.url)
    yield built
    await built.close()


async def answers_of(
    sns: SnsSender, ses: SesSender, aws: FakeAws, reply: Reply
) -> tuple[Answer, Answer]:
    aws.script = lambda _: reply
    return await sns.send(a_text()), await ses.send(an_email())


async def test_an_sms_is_published_to_its_number(aws: FakeAws, sns: SnsSender) -> None:
    answer = await sns.send(a_text(to="+84912345678", body="Mã: 123456 & hết"))

    (sent,) = aws.requests
    assert answer == ACCEPTED
    assert sent.fields == {
        "Action": "Publish",
        "Version": "2010-03-31",
        "PhoneNumber": "+84912345678",
        "Message": "Mã: 123456 & hết",
        "MessageAttributes.entry.1.Name": "AWS.SNS.SMS.SMSType",
        "MessageAttributes.entry.1.Value.DataType": "String",
        "MessageAttributes.entry.1.Value.StringValue": "Transactional",
        "MessageAttributes.entry.2.Name": "AWS.SNS.SMS.SenderID",
        "MessageAttributes.entry.2.Value.DataType": "String",
        "MessageAttributes.entry.2.Value.StringValue": "LaoCai",
    }
    assert sent.authorization.startswith("AWS4-HMAC-SHA256 Credential=AKIATEST/")
    assert f"/{REGION}/sns/aws4_request" in sent.authorization


async def test_without_a_sender_id_none_is_sent(aws: FakeAws, clock: MovableClock) -> None:
    sns = SnsSender(clock, sender_id=None, region=REGION, url=aws.url)

    await sns.send(a_text())

    assert "AWS.SNS.SMS.SenderID" not in aws.requests[0].fields.values()
    await sns.close()


async def test_an_email_is_sent_in_utf_8(aws: FakeAws, ses: SesSender) -> None:
    answer = await ses.send(an_email(to="mai@laocai.example"))

    (sent,) = aws.requests
    assert answer == ACCEPTED
    assert sent.fields == {
        "FromEmailAddress": "=?utf-8?q?L=C3=A0o_Cai?= <no-reply@laocai.example>",
        "Destination": {"ToAddresses": ["mai@laocai.example"]},
        "Content": {
            "Simple": {
                "Subject": {"Data": "Mã đăng nhập", "Charset": "UTF-8"},
                "Body": {"Text": {"Data": "Mã của bạn: 123456\nHết.", "Charset": "UTF-8"}},
            }
        },
    }
    assert f"/{REGION}/ses/aws4_request" in sent.authorization


@pytest.mark.parametrize(
    ("reply", "answer"),
    [
        (Reply(400, "Throttling"), later("Throttling")),
        (Reply(400, "ThrottlingException"), later("ThrottlingException")),
        (Reply(429, "TooManyRequestsException"), later("TooManyRequestsException")),
        (Reply(500, "InternalError"), later("InternalError")),
        (Reply(503, "ServiceUnavailable"), later("ServiceUnavailable")),
        (Reply(429, "Throttling", headers={"Retry-After": "17"}), later("Throttling", 17)),
        (
            Reply(503, "Busy", headers={"Retry-After": "Fri, 01 May 2026 09:30:20 GMT"}),
            later("Busy", 20),
        ),
        (Reply(503, "Busy", headers={"x-amz-retry-after": "1500"}), later("Busy", 1.5)),
        (Reply(503, "Busy", headers={"Retry-After": "99999999"}), later("Busy", 300)),
        (Reply(503, "Busy", headers={"Retry-After": "soon"}), later("Busy")),
        (Reply(400, "ValidationError"), refused("ValidationError")),
        (Reply(reset=True), unanswered("ConnectionClosedError")),
    ],
)
async def test_trouble_is_tried_again_later_and_a_bad_message_is_not(
    aws: FakeAws, sns: SnsSender, ses: SesSender, reply: Reply, answer: Answer
) -> None:
    with capture_logs() as logs:
        answers = await answers_of(sns, ses, aws, reply)

    assert answers == (answer, answer)
    assert logs == []
    assert len(aws.requests) == 2  # botocore itself tried once


@pytest.mark.parametrize("code", ["InvalidParameter", "ParameterValueInvalid", "OptedOut"])
async def test_sns_refuses_a_number(aws: FakeAws, sns: SnsSender, code: str) -> None:
    aws.script = lambda _: Reply(400, code, "PhoneNumber Reason: +84912345678 is not valid")

    with capture_logs() as logs:
        answer = await sns.send(a_text())

    assert answer == refused(code)
    assert logs == []


@pytest.mark.parametrize("code", ["BadRequestException", "MessageRejected"])
async def test_ses_refuses_a_message(aws: FakeAws, ses: SesSender, code: str) -> None:
    aws.script = lambda _: Reply(400, code)

    assert await ses.send(an_email()) == refused(code)


@pytest.mark.parametrize(
    "reply",
    [
        Reply(403, "InvalidClientTokenId"),
        Reply(403, "SignatureDoesNotMatch"),
        Reply(403, "ExpiredToken"),
        Reply(403, "AuthorizationError"),
        Reply(400, "AccountSuspendedException"),
        Reply(400, "SendingPausedException"),
        Reply(400, "MailFromDomainNotVerifiedException"),
        Reply(400, "MessageRejected", "Email address is not verified. mai@laocai.example"),
        Reply(404, "NotFound"),
    ],
)
async def test_what_is_wrong_with_us_is_said_aloud_and_tried_again(
    aws: FakeAws, sns: SnsSender, ses: SesSender, reply: Reply
) -> None:
    with capture_logs() as logs:
        answers = await answers_of(sns, ses, aws, reply)

    assert answers == (later(reply.code), later(reply.code))
    assert [(e["log_level"], e["service"], e["reason"]) for e in logs] == [
        ("error", "sns", reply.code),
        ("error", "sesv2", reply.code),
    ]
    assert "mai@" not in str(logs)


async def test_an_answer_that_is_not_the_service_s_is_tried_again(
    aws: FakeAws, sns: SnsSender
) -> None:
    aws.script = lambda _: Reply(garbled=True)
    not_xml = await sns.send(a_text())
    aws.script = lambda _: Reply(502, garbled=True)
    bad_gateway = await sns.send(a_text())

    assert not_xml == unanswered("ResponseParserError")
    assert bad_gateway == later("HTTP_502")


async def test_a_service_that_hangs_is_left_after_the_time_out(
    aws: FakeAws, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(aws_module, "READ_SECONDS", 0.2)
    aws.script = lambda _: HANGS
    sns = SnsSender(clock, sender_id=None, region=REGION, url=aws.url)

    answer = await asyncio.wait_for(sns.send(a_text()), 60)

    assert answer == unanswered("ReadTimeoutError")
    await sns.close()


async def test_a_call_as_a_whole_is_bounded_too(
    aws: FakeAws, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(aws_module, "READ_SECONDS", 1.0)
    monkeypatch.setattr(aws_module, "CALL_SECONDS_AT_MOST", 0.2)
    aws.script = lambda _: HANGS
    sns = SnsSender(clock, sender_id=None, region=REGION, url=aws.url)

    answer = await asyncio.wait_for(sns.send(a_text()), 60)

    assert answer == unanswered("TimeoutError")
    await sns.close()


async def test_a_service_that_is_not_there_is_tried_again(clock: MovableClock) -> None:
    sns = SnsSender(clock, sender_id=None, region=REGION, url="http://127.0.0.1:1")

    with capture_logs() as logs:
        answer = await sns.send(a_text())

    assert answer == later("EndpointConnectionError")
    assert logs == []
    await sns.close()


async def test_without_credentials_it_says_so_and_tries_again(
    aws: FakeAws, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    sns = SnsSender(clock, sender_id=None, region=REGION, url=aws.url)

    with capture_logs() as logs:
        answer = await sns.send(a_text())

    assert answer == later(NoCredentialsError.__name__)
    assert [entry["log_level"] for entry in logs] == ["error"]
    assert aws.requests == []
    await sns.close()


def test_without_a_region_it_does_not_start(clock: MovableClock) -> None:
    with pytest.raises(ValueError, match="LAOCAI_AWS_REGION"):
        SnsSender(clock, sender_id=None, region=None, url=None)


async def test_a_service_that_only_fails_is_asked_less(aws: FakeAws, sns: SnsSender) -> None:
    aws.script = lambda _: Reply(500, "InternalError")
    for _ in range(FAILURES_BEFORE_BRAKING):
        await sns.send(a_text())

    answer = await sns.send(a_text())

    assert answer.reason == "braked"
    assert answer.verdict is Verdict.TRY_LATER
    assert len(aws.requests) == FAILURES_BEFORE_BRAKING


async def test_a_throttled_code_arrives_when_the_service_takes_it(
    store: Store,
    sealer: Sealer,
    texts: Texts,
    clock: MovableClock,
    aws: FakeAws,
    sns: SnsSender,
) -> None:
    replies = iter([Reply(429, "Throttling"), Reply(500, "InternalError"), OK])
    aws.script = lambda _: next(replies)
    worker = TextWorker(store, sealer, clock, {Channel.SMS: sns})
    await texts.queue(a_text())

    for _ in range(4):
        await worker.run_due()
        clock.advance(seconds=2)

    (document,) = await store[TEXT_OUTBOX].find({})
    assert document["state"] == "sent"
    assert document["attempts"] == len(aws.requests) == 3
