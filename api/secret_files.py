"""Secrets that stand in files: `LAOCAI_<NAME>_FILE` names the file in place of `LAOCAI_<NAME>`.

So a container runtime hands them over (/run/secrets), and they stand in no environment, which `docker
inspect`, crash reports and child processes show.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, get_args

from pydantic import SecretStr
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource
from typing_extensions import override

PREFIX: Final = "LAOCAI_"
SUFFIX: Final = "_FILE"
BYTES_AT_MOST: Final = 65_536


class UnreadableSecret(ValueError):
    """A file of a secret is not there, is empty, or stands beside the secret itself."""


def secret_names(fields: Mapping[str, FieldInfo]) -> tuple[str, ...]:
    """Return the settings that hold a secret, or a list of them."""
    return tuple(name for name, field in fields.items() if _is_secret(field.annotation))


def file_variable(name: str) -> str:
    """Return the variable that names the file of a secret."""
    return f"{PREFIX}{name.upper()}{SUFFIX}"


class SecretFiles(PydanticBaseSettingsSource):
    """Reads each secret whose file is named. A list of secrets stands in its file as JSON."""

    def __init__(self, settings: type[BaseSettings]) -> None:
        super().__init__(settings)
        self._names = secret_names(settings.model_fields)

    @override
    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        named = os.environ.get(file_variable(field_name))
        if not named or field_name not in self._names:
            return None, field_name, False
        if f"{PREFIX}{field_name.upper()}" in os.environ:
            raise UnreadableSecret(
                f"{file_variable(field_name)} and {PREFIX}{field_name.upper()} are both set"
            )
        return _content(field_name, Path(named)), field_name, field.annotation == list[SecretStr]

    @override
    def __call__(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name in self._names:
            value, _, is_list = self.get_field_value(self.settings_cls.model_fields[name], name)
            if value is not None:
                found[name] = _listed(name, value) if is_list else value
        return found


def _is_secret(annotation: object) -> bool:
    return annotation is SecretStr or any(map(_is_secret, get_args(annotation)))


def _content(name: str, file: Path) -> str:
    """Return what the file holds, without the end of line that editors and `echo` leave."""
    try:
        with file.open("rb") as opened:
            text = opened.read(BYTES_AT_MOST + 1).decode()
    except (OSError, UnicodeDecodeError) as error:
        reason = f"{file_variable(name)} cannot be read ({type(error).__name__})"
        raise UnreadableSecret(reason) from error
    if not text.strip() or len(text) > BYTES_AT_MOST:
        raise UnreadableSecret(f"{file_variable(name)} names a file that holds no secret")
    return text.rstrip("\r\n")


def _listed(name: str, text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        raise UnreadableSecret(f"{file_variable(name)} names a file that is no JSON list") from None
