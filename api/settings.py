"""Every setting of the product: `LAOCAI_<NAME>` in the environment, or in a `.env` file.

`laocai settings` prints this table with the values in force. Engines are chosen here and nowhere
else (design, section 3).
"""

from enum import StrEnum
from functools import cache
from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Environment(StrEnum):
    DEVELOPMENT = "development"
    PRODUCTION = "production"


class MongoDriver(StrEnum):
    MOTOR = "motor"
    PYMONGO = "pymongo"


class Settings(BaseSettings):
    """Read once at start; a wrong value stops the process with the name of the setting."""

    model_config = SettingsConfigDict(env_prefix="LAOCAI_", env_file=".env", extra="ignore")

    environment: Environment = Field(
        Environment.DEVELOPMENT,
        description="`production` turns off GraphiQL and the recorder's page.",
    )
    data_folder: Path = Field(Path("var"), description="Embedded database, media, generated keys.")
    host: str = Field("127.0.0.1", description="Address the API listens on.")
    port: int = Field(8000, ge=1, le=65535, description="Port the API listens on.")
    public_url: str = Field(
        "http://127.0.0.1:8000", description="Address under which phones reach the API."
    )
    cors_origins: list[str] = Field(
        default_factory=list, description="Origins of web apps that may call the API (JSON list)."
    )
    log_level: str = Field("info", description="debug, info, warning or error.")
    log_format: str = Field("text", description="`text` for people, `json` for machines.")

    mongodb_url: SecretStr | None = Field(
        None, description="MongoDB replica set; absent: SQLite in the data folder."
    )
    mongodb_database: str = Field("laocai", description="Database name in MongoDB.")
    mongo_driver: MongoDriver = Field(MongoDriver.MOTOR, description="motor, or pymongo (ADR 1).")

    contract_folder: Path = Field(
        Path("graphql"), description="Published schema and operations (graphql/)."
    )
    trusted_documents_only: bool = Field(
        False, description="Answer only operations published in the contract folder."
    )
    request_bytes_at_most: int = Field(65_536, ge=1024, description="Largest GraphQL request.")

    fcm_credentials_file: Path | None = Field(
        None, description="Service account of the Firebase project; absent: the local recorder."
    )

    bot_url: str = Field("http://127.0.0.1:5005", description="Where Rasa listens (loopback only).")
    bot_timeout_seconds: float = Field(5.0, gt=0, description="Longest wait for the bot's answer.")
    ticket_secret: SecretStr | None = Field(
        None,
        description="Signs the bot's short-lived tickets, 32 characters or more; absent: made once"
        " in the data folder.",
        min_length=32,
    )


@cache
def settings() -> Settings:
    """Return the settings of this process, read once."""
    return Settings()
