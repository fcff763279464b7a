"""Speaks to the bot that runs: which model answers, and that it shall take the one in place."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from http.client import HTTPException

import project

_SECONDS_TO_TELL, _SECONDS_TO_LOAD = 10, 120
# None between: what is in the environment would send the secret to a proxy.
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass(frozen=True)
class Answering:
    """`code`: the digest of the code that the bot runs (train.code)."""

    model_id: str
    code: str


class NobodyAnswers(Exception):
    """Nothing listens where the bot should."""


class BotRefuses(Exception):
    """Something listens, and does not do as it is told."""


def answering() -> Answering:
    """Return what answers now. Raises NobodyAnswers and BotRefuses."""
    return _asked("GET", _SECONDS_TO_TELL)


def told_to_renew() -> Answering:
    """Have the bot take the model in place, and return what answers then. Raises NobodyAnswers and BotRefuses."""
    return _asked("PUT", _SECONDS_TO_LOAD)


def _asked(method: str, seconds: float) -> Answering:
    request = urllib.request.Request(  # noqa: S310 - the bot's own address
        f"{project.bot_url()}/webhooks/laocai-model",
        method=method,
        headers={"authorization": f"Bearer {project.bot_secret() or ''}"},
    )
    try:
        with _OPENER.open(request, timeout=seconds) as response:
            told = json.load(response)
            return Answering(str(told["model_id"]), str(told["code"]))
    except urllib.error.HTTPError as error:
        error.close()
        raise BotRefuses(f"it answered {error.code}") from error
    except urllib.error.URLError as error:
        if isinstance(error.reason, ConnectionRefusedError):
            raise NobodyAnswers from error
        raise BotRefuses(str(error.reason)) from error
    except (OSError, HTTPException, ValueError, KeyError, TypeError) as error:
        raise BotRefuses(f"{type(error).__name__}") from error
