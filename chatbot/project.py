"""Where the bot's files are, and the environment that its programs share."""

import os
import sys
from pathlib import Path

CHATBOT = Path(__file__).resolve().parent
ROOT = CHATBOT.parent
TOURISM_DATA = ROOT / "api" / "tourism" / "data"

BOT_PORT = 5005
ACTIONS_PORT = 5055
API_PORT = 8000


def models() -> Path:
    """Return the folder of the trained model."""
    return Path(os.environ.get("LAOCAI_BOT_MODELS", CHATBOT / "models"))


def model() -> Path:
    return models() / "laocai.tar.gz"


def bot_port() -> int:
    return int(os.environ.get("LAOCAI_BOT_PORT", BOT_PORT))


def actions_port() -> int:
    return int(os.environ.get("LAOCAI_BOT_ACTIONS_PORT", ACTIONS_PORT))


def data_folder() -> Path:
    folder = Path(os.environ.get("LAOCAI_DATA_FOLDER", "var"))
    return folder if folder.is_absolute() else ROOT / folder


def prepare_environment() -> None:
    """Set what Rasa and endpoints.yml need where it is absent; make our modules and locales/ importable."""
    api_port = os.environ.get("LAOCAI_PORT", str(API_PORT))
    defaults = {
        "RASA_TELEMETRY_ENABLED": "false",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "CUDA_VISIBLE_DEVICES": "-1",
        "LAOCAI_API_URL": f"http://127.0.0.1:{api_port}",
        "LAOCAI_BOT_ACTIONS_URL": f"http://127.0.0.1:{actions_port()}",
        "LAOCAI_BOT_TRACKERS": str(data_folder() / "trackers.sqlite3"),
    }
    for name, value in defaults.items():
        os.environ.setdefault(name, value)
    paths = [str(CHATBOT), str(ROOT)]
    os.environ["PYTHONPATH"] = os.pathsep.join(paths)
    sys.path[:0] = [path for path in paths if path not in sys.path]
    os.chdir(CHATBOT)
