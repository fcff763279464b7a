"""What a value of a setting may be, beyond its type: which engines there are, secrets, an OpenID provider.

Some look at values before them (`ValidationInfo.data`), so their place among the settings counts.
"""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

from pydantic import AfterValidator, Field, SecretStr, ValidationInfo

from api.kit.web_addresses import is_endpoint, is_redirect

SECRET_CHARACTERS_AT_LEAST: Final = 32


class Environment(StrEnum):
    DEVELOPMENT = "development"
    PRODUCTION = "production"


class MongoDriver(StrEnum):
    MOTOR = "motor"
    PYMONGO = "pymongo"


class SmsSender(StrEnum):
    RECORDER = "recorder"
    SNS = "sns"


class EmailSender(StrEnum):
    RECORDER = "recorder"
    SES = "ses"


class PaymentProviderKind(StrEnum):
    LOCAL = "local"
    SIGNED = "signed"


def _pack(folder: Path) -> Path:
    if not (folder / "province.json").is_file():
        raise ValueError("give a folder that holds province.json")
    return folder


def _shared(secrets: list[SecretStr]) -> list[SecretStr]:
    if any(len(one.get_secret_value()) < SECRET_CHARACTERS_AT_LEAST for one in secrets):
        raise ValueError("give 32 characters or more each")
    return secrets


def _issuer(issuer: str, info: ValidationInfo) -> str:
    if "?" in issuer or not is_endpoint(issuer, loopback=_is_development(info)):
        raise ValueError("give an https address with a name, without ? and #")
    return issuer


def _client(client_id: str | None, info: ValidationInfo) -> str | None:
    if client_id is None and _has_issuer(info):
        raise ValueError("an issuer needs it")
    return client_id


def _redirects(uris: list[str], info: ValidationInfo) -> list[str]:
    if not all(is_redirect(uri, loopback=_is_development(info)) for uri in uris):
        raise ValueError("give https addresses, or schemes such as vn.example.app:/signed-in")
    if not uris and _has_issuer(info):
        raise ValueError("an issuer needs at least one")
    return uris


def _scopes(scopes: str) -> str:
    if "openid" not in scopes.split(" "):
        raise ValueError("openid must be among them")
    return scopes


def _is_development(info: ValidationInfo) -> bool:
    return info.data.get("environment") is Environment.DEVELOPMENT


def _has_issuer(info: ValidationInfo) -> bool:
    return info.data.get("oidc_issuer") is not None


PackFolder = Annotated[Path, AfterValidator(_pack)]
SharedSecrets = Annotated[list[SecretStr], AfterValidator(_shared)]
Issuer = Annotated[str, AfterValidator(_issuer)]
"""Stands behind `environment`, as the others do behind both."""
ClientId = Annotated[Annotated[str, Field(min_length=1)] | None, AfterValidator(_client)]
Redirects = Annotated[list[str], AfterValidator(_redirects)]
Scopes = Annotated[str, AfterValidator(_scopes)]
