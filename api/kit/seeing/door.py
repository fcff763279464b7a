"""GET /metrics on a port of its own, in a thread of its own: it answers also while the loop does not."""

from collections.abc import Generator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, ClassVar
from urllib.parse import urlsplit

import structlog
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import choose_encoder
from typing_extensions import override

log = structlog.get_logger()

PATH = "/metrics"
_TEXT = "text/plain; charset=utf-8"


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 16

    def __init__(self, host: str, port: int, registry: CollectorRegistry) -> None:
        self.registry = registry
        super().__init__((host, port), _Answer)


class _Answer(BaseHTTPRequestHandler):
    server_version = "laocai"
    sys_version = ""
    timeout: ClassVar[float | None] = 10.0  # of a client that says nothing

    def do_GET(self) -> None:
        if urlsplit(self.path).path != PATH:
            self._send(HTTPStatus.NOT_FOUND, b"Not found. See /metrics.\n", _TEXT)
            return
        server = self.server
        assert isinstance(server, _Server)  # noqa: S101 - the only one that makes us
        encode, media_type = choose_encoder(self.headers.get("Accept", ""))
        self._send(HTTPStatus.OK, encode(server.registry), media_type)

    @override
    def log_message(self, format: str, *args: Any) -> None:
        pass  # a line each 15 seconds that says nothing

    def _send(self, status: HTTPStatus, body: bytes, media_type: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def metrics_door(host: str, port: int, registry: CollectorRegistry) -> Generator[int]:
    """Listen while the block lasts, and tell the port: for 0 any free one.

    Raises OSError when the port is taken: a process that nobody sees should not start.
    """
    server = _Server(host, port, registry)
    thread = Thread(target=server.serve_forever, args=(0.1,), name="metrics", daemon=True)
    thread.start()
    log.info("figures are told", host=host, port=server.server_address[1], path=PATH)
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
