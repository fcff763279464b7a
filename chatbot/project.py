"""Where the bot's files are, and the environment that its programs share."""

import os
import sys
import warnings
from pathlib import Path
from urllib.parse import urlsplit

CHATBOT = Path(__file__).resolve().parent
ROOT = CHATBOT.parent
PROVINCE_FOLDER = "LAOCAI_PROVINCE_FOLDER"
HOST = "127.0.0.1"

_PREPARED = "LAOCAI_BOT_PREPARED"


def models() -> Path:
    """Return the folder of the trained model."""
    return Path(os.environ.get("LAOCAI_BOT_MODELS", CHATBOT / "models"))


def model() -> Path:
    return models() / "laocai.tar.gz"


def province_data(slice_name: str) -> Path:
    """Return the folder of a slice's data: in the pack of another province, else as shipped."""
    pack = os.environ.get(PROVINCE_FOLDER)
    return Path(pack) / slice_name if pack else ROOT / "api" / slice_name / "data"


def training_files() -> list[Path]:
    return sorted(path for path in (CHATBOT / "data").rglob("*.yml") if path.name != "rules.yml")


def takes_one_of() -> int:
    """Return of how many training messages one is taken: 1, unless a quick training will do, as in CI."""
    return int(os.environ.get("LAOCAI_BOT_TRAINS_ON_ONE_OF", "1"))


def endpoints() -> Path:
    """Return Rasa's endpoints: trackers in MongoDB when the product's documents are, else in SQLite."""
    name = "endpoints.mongodb.yml" if os.environ.get("LAOCAI_MONGODB_URL") else "endpoints.yml"
    return Path(os.environ.get("LAOCAI_BOT_ENDPOINTS", CHATBOT / name))


def trackers() -> Path:
    return Path(os.environ["LAOCAI_BOT_TRACKERS"])


def bot_secret() -> str | None:
    """Return the secret that the API shows, None while it has made none."""
    if configured := os.environ.get("LAOCAI_BOT_SECRET"):
        return configured
    file = Path(os.environ["LAOCAI_BOT_SECRET_FILE"])
    return file.read_text(encoding="utf-8").rstrip("\r\n") if file.exists() else None


def bot_url() -> str:
    return os.environ["LAOCAI_BOT_URL"].rstrip("/")


def bot_port() -> int:
    return _port("LAOCAI_BOT_URL")


def actions_port() -> int:
    return _port("LAOCAI_BOT_ACTIONS_URL")


def _port(variable: str) -> int:
    port = urlsplit(os.environ[variable]).port
    if port is None:
        raise SystemExit(f"{variable} needs a port, such as http://{HOST}:5005")
    return port


def prepare_environment() -> None:
    """Set what Rasa and endpoints.yml need where it is absent, and start this program again with it.

    Again, because Python reads PYTHONPATH (for our modules and locales/) once.
    """
    if os.environ.get(_PREPARED) == str(os.getpid()):
        os.chdir(CHATBOT)
        # Rasa turns on what its dependencies have to say to those who develop them.
        warnings.showwarning = lambda *_, **__: None
        return
    for name, value in {**_defaults(_settings_file()), _PREPARED: str(os.getpid())}.items():
        os.environ[name] = value
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 - this very program


def _defaults(settings: dict[str, str]) -> dict[str, str]:
    """Return the variables to set: those of the environment count most, then .env, then ours."""
    chosen = {**settings, **os.environ}
    if (file := chosen.get("LAOCAI_MONGODB_URL_FILE")) and "LAOCAI_MONGODB_URL" not in chosen:
        # endpoints.mongodb.yml can only name a variable.
        chosen["LAOCAI_MONGODB_URL"] = Path(file).read_text(encoding="utf-8").rstrip("\r\n")
    data = ROOT / chosen.get("LAOCAI_DATA_FOLDER", "var")
    if pack := chosen.get(PROVINCE_FOLDER):
        chosen[PROVINCE_FOLDER] = str(ROOT / pack)
    return {
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "CUDA_VISIBLE_DEVICES": "-1",
        "LOG_LEVEL": "WARNING",
        "LAOCAI_API_URL": f"http://{HOST}:{chosen.get('LAOCAI_PORT', '8000')}",
        "LAOCAI_BOT_URL": f"http://{HOST}:5005",
        "LAOCAI_BOT_ACTIONS_URL": f"http://{HOST}:5055",
        "LAOCAI_BOT_TRACKERS": str(data / "trackers.sqlite3"),
        "LAOCAI_BOT_SECRET_FILE": str(data / "bot-secret"),
        "LAOCAI_MONGODB_DATABASE": "laocai",
        **chosen,
        "PYTHONPATH": os.pathsep.join([str(CHATBOT), str(ROOT)]),
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    }


def _settings_file() -> dict[str, str]:
    """Return the settings of the product's .env file."""
    file = ROOT / ".env"
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    pairs = (line.partition("=") for line in lines if line.startswith("LAOCAI_"))
    return {name.strip(): value.strip().strip("\"'") for name, _, value in pairs}
