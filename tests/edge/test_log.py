"""What the log of a process looks like, and what it never holds."""

import json
import os
import subprocess
import sys

SCRIPT = """
import logging, structlog
from api.kit.log import configure_log
configure_log({level!r}, {format!r})
log = structlog.get_logger()
log.debug("not shown")
with structlog.contextvars.bound_contextvars(trace_id="abc"):
    log.info("request", status=200, name="Bắc Hà")
logging.getLogger("uvicorn.error").warning("from %s", "uvicorn")
def fail(password):
    raise ValueError("wrong")
try:
    fail("hunter2")
except ValueError:
    log.exception("unexpected error")
"""


def logged(level: str, format: str) -> str:
    script = SCRIPT.format(level=level, format=format)
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=30
    )
    assert done.stdout == ""
    return done.stderr


def test_machines_read_a_line_of_json_an_event() -> None:
    events = [json.loads(line) for line in logged("info", "json").splitlines()]

    assert [event["event"] for event in events] == ["request", "from uvicorn", "unexpected error"]
    assert events[0]["trace_id"] == "abc"
    assert events[0]["name"] == "Bắc Hà"
    assert events[0]["level"] == "info"
    assert events[1]["level"] == "warning"
    assert events[2]["exception"][0]["exc_type"] == "ValueError"


def test_people_read_text() -> None:
    text = logged("warning", "text")

    assert "from uvicorn" in text
    assert "ValueError: wrong" in text
    assert "Bắc Hà" not in text


def test_local_variables_are_not_logged() -> None:
    assert "hunter2" not in logged("info", "json").replace('fail("hunter2")', "")
    assert "hunter2" not in logged("info", "text").replace('fail("hunter2")', "")


BOTO3_SCRIPT = """
import logging
from api.kit.log import configure_log
configure_log("debug", "text")
import boto3
names = {"aws_access_key_id": "AKIATEST", "aws_secret_access_key": "secret"}
client = boto3.session.Session(**names).client(
    "sns", region_name="ap-southeast-1", endpoint_url="http://127.0.0.1:1")
try:
    client.publish(PhoneNumber="+84912345678", Message="code 123456")
except Exception:
    logging.getLogger("laocai").debug("it failed")
"""


def test_boto3_logs_no_body_even_at_debug() -> None:
    script = [sys.executable, "-c", BOTO3_SCRIPT]
    environment = {**os.environ, "AWS_MAX_ATTEMPTS": "1"}
    done = subprocess.run(
        script, capture_output=True, text=True, check=True, timeout=60, env=environment
    )

    assert "it failed" in done.stderr
    assert all(secret not in done.stderr for secret in ("912345678", "123456", "AKIATEST"))
