"""Starts the bot's two programs: `serve.py bot` (Rasa) and `serve.py actions` (its action server).

Both listen on 127.0.0.1 only: nothing in Rasa's webhook proves who is calling.
"""

import importlib
import os
import sys
from pathlib import Path

import project

HOST = "127.0.0.1"


def check_endpoints() -> None:
    """Stop unless the classes that endpoints.yml names can be imported.

    Rasa replaces a tracker store it cannot import by one in memory, with no more than a warning: texts and
    tickets would go unredacted and every dialogue would end with the process.
    """
    import yaml

    endpoints = yaml.safe_load(_endpoints().read_text(encoding="utf-8"))
    for section in ("tracker_store", "nlg"):
        module, _, name = endpoints[section]["type"].rpartition(".")
        try:
            found = getattr(importlib.import_module(module), name)
        except (ImportError, AttributeError) as error:
            raise SystemExit(
                f"endpoints.yml, {section}: cannot import {module}.{name}: {error}"
            ) from error
        if section == "tracker_store":
            _check_tracker_store(found, name)


def _check_tracker_store(found: type, name: str) -> None:
    from rasa.core.tracker_store import TrackerStore

    if not issubclass(found, TrackerStore):
        raise SystemExit(f"endpoints.yml, tracker_store: {name} is no tracker store.")


def _endpoints() -> Path:
    return Path(os.environ.get("LAOCAI_BOT_ENDPOINTS", project.CHATBOT / "endpoints.yml"))


def serve_bot() -> None:
    if not project.model().exists():
        raise SystemExit("The bot has no model yet: run chatbot/train.py.")
    Path(os.environ["LAOCAI_BOT_TRACKERS"]).parent.mkdir(parents=True, exist_ok=True)
    check_endpoints()
    from rasa.__main__ import main as rasa

    sys.argv = [
        *("rasa", "run", "--interface", HOST, "--port", str(project.bot_port())),
        *("--model", str(project.model()), "--endpoints", str(_endpoints())),
        *("--credentials", str(project.CHATBOT / "credentials.yml")),
    ]
    rasa()


def serve_actions() -> None:
    from rasa_sdk.endpoint import create_app

    create_app("actions", cors_origins="").run(HOST, project.actions_port(), access_log=False)


PROGRAMS = {"bot": serve_bot, "actions": serve_actions}


def main() -> None:
    if len(sys.argv) != 2 or sys.argv[1] not in PROGRAMS:
        raise SystemExit(f"usage: serve.py {'|'.join(PROGRAMS)}")
    project.prepare_environment()
    os.environ.setdefault("LOG_LEVEL", "WARNING")
    PROGRAMS[sys.argv[1]]()


if __name__ == "__main__":
    main()
