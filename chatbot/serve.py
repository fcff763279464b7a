"""Starts the bot's two programs: `serve.py bot` (Rasa) and `serve.py actions` (its action server).

Both listen on 127.0.0.1 only: nothing in Rasa's webhook proves who is calling.
"""

import os
import sys

import project
from discreet_records import keep_errors_out_of_records


def check_tracker_store() -> None:
    """Stop unless Rasa makes the very tracker store that the endpoints name.

    One that it cannot import or make it replaces by one in memory, with no more than a warning: dialogues
    would end with the process, and nothing would be forgotten before.
    """
    from rasa.core.tracker_store import TrackerStore
    from rasa.core.utils import AvailableEndpoints

    named = AvailableEndpoints.read_endpoints(str(project.endpoints())).tracker_store
    made = type(TrackerStore.create(named))
    if named is None or f"{made.__module__}.{made.__qualname__}" != named.type:
        raise SystemExit(
            f"{project.endpoints()}: cannot make the tracker store {named and named.type}"
        )


def serve_bot() -> None:
    if not project.model().exists():
        raise SystemExit("The bot has no model yet: run chatbot/train.py.")
    project.trackers().parent.mkdir(parents=True, exist_ok=True)
    from lighter_start import lighten

    lighten()
    check_tracker_store()
    from rasa.__main__ import main as rasa

    sys.argv = [
        *("rasa", "run", "--interface", project.HOST, "--port", str(project.bot_port())),
        *("--model", str(project.model()), "--endpoints", str(project.endpoints())),
        *("--credentials", str(project.CHATBOT / "credentials.yml")),
    ]
    rasa()


def serve_actions() -> None:
    from rasa_sdk.endpoint import create_app

    import kept_connections

    app = create_app("actions", cors_origins="")
    app.register_listener(kept_connections.close, "after_server_stop")
    app.run(project.HOST, project.actions_port(), access_log=False, motd=False)


PROGRAMS = {"bot": serve_bot, "actions": serve_actions}


def main() -> None:
    if len(sys.argv) != 2 or sys.argv[1] not in PROGRAMS:
        raise SystemExit(f"usage: serve.py {'|'.join(PROGRAMS)}")
    # One message is too little for several threads: they would wait for each other, and that takes processor too.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    project.prepare_environment()
    keep_errors_out_of_records()
    PROGRAMS[sys.argv[1]]()


if __name__ == "__main__":
    main()
