"""A stand-in for the API on loopback: answers the published documents with prepared data."""

import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class Request:
    """What the bot asked. `operation` is the name in the document, `headers` have lower-case names."""

    operation: str
    document: str
    variables: Json
    headers: dict[str, str]


@dataclass
class FakeProvince:
    """Set `answers[operation]`; an operation without an answer gets HTTP 503."""

    answers: dict[str, Json] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    url: str = ""

    def asked(self, operation: str) -> Request:
        return [request for request in self.requests if request.operation == operation][-1]

    def forget(self) -> None:
        self.answers.clear()
        self.requests.clear()

    def start(self) -> ThreadingHTTPServer:
        server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.url = f"http://127.0.0.1:{server.server_address[1]}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return server


def _handler(province: FakeProvince) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            operation = body["query"].split("query ")[1].split("(")[0].strip()
            headers = {name.lower(): value for name, value in self.headers.items()}
            province.requests.append(Request(operation, body["query"], body["variables"], headers))
            answer = province.answers.get(operation)
            text = json.dumps({"data": answer}).encode()
            self.send_response(200 if answer else 503)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_: object) -> None:
            pass

    return Handler


def text(value: str, language: str = "en") -> Json:
    return {"text": value, "language": language}


def connection(*nodes: Json, more: bool = False) -> Json:
    edges = [{"cursor": str(order), "node": node} for order, node in enumerate(nodes)]
    return {"edges": edges, "pageInfo": {"hasNextPage": more, "endCursor": None}}


def place(id: str = "P024", name: str = "Silver Waterfall", **changes: Any) -> Json:  # noqa: ANN401 - any JSON
    return {
        "id": id,
        "name": text(name),
        "description": None,
        "category": "WATERFALL",
        "categoryName": "waterfall",
        "position": {"latitude": 22.362, "longitude": 103.777},
        "positionAccuracy": 300.0,
        "altitude": None,
        "distance": None,
        "commune": {"code": "03004", "name": text("Ngu Chi Son Commune")},
        "formerUnit": None,
        "openingNote": None,
        "markets": [],
        **changes,
    }


def market(
    name: str = "Bac Ha market",
    weekdays: tuple[str, ...] = ("SUNDAY",),
    **changes: Any,  # noqa: ANN401 - any JSON
) -> Json:
    return {
        "id": "M01",
        "name": text(name),
        "description": None,
        "weekdays": list(weekdays),
        "distance": None,
        "commune": {"code": "02839", "name": text("Bac Ha Commune")},
        "place": place("P055", name),
        **changes,
    }


def alert(headline: str = "Flash floods in Sa Pa", **changes: Any) -> Json:  # noqa: ANN401 - any JSON
    return {
        "id": "A1",
        "event": text("Flash flood"),
        "headline": text(headline),
        "description": None,
        "instruction": text("Leave the stream banks.\n\nGo to high ground."),
        "expires": "2026-05-24T11:00:00+00:00",
        "areas": [{"description": "Sa Pa"}],
        "web": "https://example.org/warning",
        **changes,
    }
