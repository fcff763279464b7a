"""What the log of a process looks like, and what it never holds."""

import json
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
