"""Every setting of the product: `LAOCAI_<NAME>` in the environment, or in a `.env` file.

A secret may stand in a file of its own, which `LAOCAI_<NAME>_FILE` names (`api.secret_files`).
`laocai settings` prints this table with the values in force. Engines are chosen here and nowhere
else (design, section 3).
"""

import os
from email.utils import parseaddr
from functools import cache
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict
from typing_extensions import override

from api.kit.web_addresses import is_endpoint
from api.secret_files import SecretFiles
from api.setting_values import (
    SECRET_CHARACTERS_AT_LEAST,
    ClientId,
    EmailSender,
    Environment,
    Issuer,
    MongoDriver,
    PackFolder,
    PaymentProviderKind,
    Redirects,
    Scopes,
    SharedSecrets,
    SmsSender,
)
from locales.province import PROVINCE_FOLDER


class Settings(BaseSettings):
    """Read once at start; a wrong value stops the process with the name of the setting."""

    model_config = SettingsConfigDict(env_prefix="LAOCAI_", env_file=".env", extra="ignore")

    environment: Environment = Field(
        default=Environment.DEVELOPMENT,
        description="`production` turns off GraphiQL and the recorder's page.",
    )
    data_folder: Path = Field(
        default=Path("var"), description="Embedded database, media, generated keys."
    )
    province_folder: PackFolder | None = Field(
        default=None,
        description="Pack of another province (docs/another_province.md); absent: Lào Cai, as shipped.",
    )
    host: str = Field(default="127.0.0.1", description="Address the API listens on.")
    port: int = Field(default=8000, ge=1, le=65535, description="Port the API listens on.")
    public_url: str = Field(
        default="http://127.0.0.1:8000", description="Address under which phones reach the API."
    )
    cors_origins: list[str] = Field(
        default_factory=list, description="Origins of web apps that may call the API (JSON list)."
    )
    log_level: str = Field(default="info", description="debug, info, warning or error.")
    log_format: str = Field(default="text", description="`text` for people, `json` for machines.")

    metrics_host: str = Field(
        default="127.0.0.1", description="Address on which processes tell their figures."
    )
    metrics_port: int | None = Field(
        default=None,
        ge=1,
        le=65535,
        description="Port of GET /metrics of an API process, for Prometheus only; absent: none.",
    )
    worker_metrics_port: int | None = Field(
        default=None,
        ge=1,
        le=65535,
        description="The same of a worker; absent: none.",
    )
    traces_url: str | None = Field(
        default=None,
        description="Where traces are sent (OTLP over HTTP, such as http://127.0.0.1:4318/v1/traces;"
        " needs the extra `tracing`); absent: none are made.",
    )
    traces_share: float = Field(
        default=1.0, ge=0, le=1, description="Of all traces, how many are kept."
    )

    mongodb_url: SecretStr | None = Field(
        default=None, description="MongoDB replica set; absent: SQLite in the data folder."
    )
    mongodb_database: str = Field(default="laocai", description="Database name in MongoDB.")
    mongo_driver: MongoDriver = Field(
        default=MongoDriver.MOTOR, description="motor, or pymongo (ADR 1)."
    )

    contract_folder: Path = Field(
        default=Path("graphql"), description="Published schema and operations (graphql/)."
    )
    trusted_documents_only: bool = Field(
        default=False, description="Answer only operations published in the contract folder."
    )
    request_bytes_at_most: int = Field(
        default=65_536, ge=1024, description="Largest GraphQL request."
    )
    request_body_seconds: float = Field(
        default=10.0, gt=0, description="Longest time a request's body may take to arrive."
    )
    introspection_in_production: bool = Field(
        default=False, description="Answer schema queries in production too."
    )
    subscriptions_per_connection: int = Field(
        default=20, ge=1, description="Operations at a time on one WebSocket connection."
    )
    limits_url: SecretStr | None = Field(
        default=None,
        description="Redis that counts requests for all processes (async+redis://…); absent: each"
        " counts for itself.",
    )
    requests_per_minute_per_address: int = Field(
        default=1_200,
        ge=1,
        description="Of GraphQL, from one address (IPv6: one /64): many phones share one.",
    )
    requests_per_minute_per_person: int = Field(
        default=300, ge=1, description="Of GraphQL, by one person signed in, or in one chat."
    )
    trusted_proxies: list[IPv4Network | IPv6Network] = Field(
        default_factory=list[IPv4Network | IPv6Network],
        description="Networks of our own proxies, whose X-Forwarded-For is believed (JSON list).",
    )
    drain_seconds: float = Field(
        default=0.0,
        ge=0,
        description="After SIGTERM: how long /health/ready says 503 before listening ends.",
    )
    shutdown_seconds: int = Field(
        default=20, ge=1, description="After that: longest wait for requests under way."
    )

    fcm_credentials_file: Path | None = Field(
        default=None,
        description="Service account of the Firebase project; absent: the local recorder.",
    )
    fcm_url: str = Field(
        default="https://fcm.googleapis.com",
        description="Where FCM is reached; another one for trials.",
    )
    fcm_messages_per_minute: int = Field(
        default=600_000, ge=1, description="Each worker's share of the Firebase project's quota."
    )
    device_key: SecretStr | None = Field(
        default=None,
        description="Derives the secrets of devices, 32 characters or more; absent: made once in the"
        " data folder.",
        min_length=32,
    )

    sms_sender: SmsSender = Field(
        default=SmsSender.RECORDER,
        description="`sns` sends SMS through Amazon SNS; `recorder` only writes them down.",
    )
    sms_sender_id: str | None = Field(
        default=None,
        description="Name shown in place of a number: 11 letters and digits at most, one of them a"
        " letter.",
        max_length=11,
        pattern=r"^[0-9]*[A-Za-z][A-Za-z0-9]*$",
    )
    sns_url: str | None = Field(
        default=None, description="Where SNS is reached; absent: the region's own."
    )
    email_sender: EmailSender = Field(
        default=EmailSender.RECORDER,
        description="`ses` sends e-mail through Amazon SES; `recorder` only writes it down.",
    )
    email_from: str | None = Field(
        default=None,
        description="Sender of our e-mail, `address` or `Name <address>`; `ses` needs it, verified.",
    )
    ses_url: str | None = Field(
        default=None, description="Where SES is reached; absent: the region's own."
    )
    aws_region: str | None = Field(
        default=None,
        description="Region of SNS, SES and S3; absent, as the credentials: where boto3 looks.",
    )

    keys_file: Path | None = Field(
        default=None,
        description="Keys that seal personal data (`laocai keys`); absent: keys.json in the data"
        " folder. Losing it loses what it sealed.",
    )

    sms_abroad_per_day: int = Field(
        default=2_000,
        ge=0,
        description="Codes sent by SMS to numbers outside Vietnam, a day (UTC).",
    )
    sms_per_day: int = Field(
        default=50_000, ge=0, description="Codes sent by SMS in all, a day (UTC)."
    )

    warning_sms_after_minutes: int = Field(
        default=5,
        ge=1,
        le=120,
        description="An extreme warning goes by SMS to people who asked for it when they opened it on no"
        " device for so many minutes.",
    )
    warning_sms_segments: int = Field(
        default=50_000,
        ge=0,
        description="Segments that the SMS of one warning may take, and as many again those that tell of one"
        " end of it; what is beyond is held back.",
    )
    sms_segment_price: int = Field(
        default=900,
        ge=0,
        description="What a segment of an SMS costs (VND), to be shown to officers.",
    )

    oidc_issuer: Issuer | None = Field(
        default=None,
        description="Where people may sign in with an identity they have (OpenID Connect); absent: nowhere.",
    )
    oidc_client_id: ClientId = Field(
        default=None,
        description="How we are registered there.",
        validate_default=True,
    )
    oidc_client_secret: SecretStr | None = Field(
        default=None, description="What we show there; absent: a public client.", min_length=1
    )
    oidc_redirect_uris: Redirects = Field(
        default_factory=list,
        description="Where our apps are registered to come back to (JSON list).",
        validate_default=True,
    )
    oidc_scopes: Scopes = Field(
        default="openid", description="What is asked for there; nothing beyond `openid` is used."
    )

    bot_url: str = Field(
        default="http://127.0.0.1:5005", description="Where Rasa listens (loopback only)."
    )
    bot_timeout_seconds: float = Field(
        default=5.0, gt=0, description="Longest wait for the bot's answer."
    )
    bot_secret: SecretStr | None = Field(
        default=None,
        description="Lets the API make the bot forget, 32 characters or more, the same for both;"
        " absent: made once in the data folder.",
        min_length=32,
    )
    ticket_secret: SecretStr | None = Field(
        default=None,
        description="Signs the bot's short-lived tickets, 32 characters or more; absent: made once"
        " in the data folder.",
        min_length=32,
    )

    media_bucket: str | None = Field(
        default=None,
        description="S3 bucket of photos, recordings and videos; absent: media/ in the data folder.",
        min_length=3,
        max_length=63,
    )
    media_s3_url: str | None = Field(
        default=None, description="Where S3 is reached; absent: the region's own."
    )
    media_photo_megabytes: int = Field(
        default=25, ge=1, le=60, description="Largest photo that is taken, in MB."
    )
    media_audio_megabytes: int = Field(
        default=30, ge=1, le=60, description="Largest recording that is taken, in MB."
    )
    media_video_megabytes: int = Field(
        default=100, ge=1, le=200, description="Largest video that is taken, in MB."
    )
    media_open_uploads: int = Field(
        default=10, ge=1, description="Uploads that one person may have open at a time."
    )
    media_uploads_per_day: int = Field(
        default=100, ge=1, description="Uploads that one person may begin, a day (in Vietnam)."
    )
    media_megabytes_per_person: int = Field(
        default=500,
        ge=1,
        description="Photos, recordings and videos that one person may keep, in MB.",
    )

    planner_processes: int = Field(
        default=1, ge=1, description="Trips planned at a time; each has a process of about 100 MB."
    )
    planner_waiting: int = Field(
        default=8, ge=0, description="Trips that wait for it; further ones are asked to come later."
    )
    planner_seconds: float = Field(
        default=10.0, gt=0, description="Longest wait for a turn, and then for the plan."
    )
    osrm_url: str | None = Field(
        default=None,
        description="OSRM server with the roads of the province; absent: our own model of them.",
    )

    payment_provider: PaymentProviderKind | None = Field(
        default=None,
        description="`signed` lets people pay in online, through a provider that signs what it reports;"
        " `local` stands in for one, not in production; absent: local in development, else none.",
    )
    sms_gateway_secrets: SharedSecrets = Field(
        default_factory=list[SecretStr],
        description="Shared with the gateway that hands calls for help by SMS over, 32 characters or"
        " more each, all verify (JSON list); absent: there is none.",
    )
    payment_provider_name: str = Field(
        default="provider",
        description="Of the signed provider, as in the address of its callbacks.",
        pattern=r"^[a-z][a-z0-9-]{1,31}$",
    )
    payment_provider_url: str | None = Field(
        default=None, description="Where payers are sent to pay; `signed` needs it."
    )
    payment_provider_secrets: list[SecretStr] = Field(
        default_factory=list[SecretStr],
        description="Shared with the provider, 32 characters or more each; the first one signs, all"
        " verify (JSON list).",
    )
    wallet_paid_per_day: int = Field(
        default=20_000_000, ge=0, description="Đồng that may be paid from one wallet, a day."
    )
    wallet_topped_up_per_day: int = Field(
        default=20_000_000, ge=0, description="Đồng that may be put into one wallet, a day."
    )
    wallet_balance_at_most: int = Field(
        default=50_000_000, ge=1, description="Đồng that topping up may bring a wallet to."
    )
    wallet_merchant_per_day: int = Field(
        default=500_000_000, ge=0, description="Đồng that one merchant may take, a day."
    )
    wallet_counter_per_day: int = Field(
        default=200_000_000, ge=0, description="Đồng in cash that one counter may take, a day."
    )

    @classmethod
    @override
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read files of secrets after the environment, and before `.env`."""
        return init_settings, env_settings, SecretFiles(settings_cls), dotenv_settings

    @model_validator(mode="after")
    def _provider_is_whole(self) -> Self:
        kind = self.payment_provider
        if kind is PaymentProviderKind.LOCAL and self.environment is Environment.PRODUCTION:
            raise ValueError(
                "LAOCAI_PAYMENT_PROVIDER=local makes money from nothing: not in production"
            )
        if kind is PaymentProviderKind.SIGNED:
            secrets = [secret.get_secret_value() for secret in self.payment_provider_secrets]
            if not secrets or min(map(len, secrets)) < SECRET_CHARACTERS_AT_LEAST:
                raise ValueError(
                    "LAOCAI_PAYMENT_PROVIDER=signed needs LAOCAI_PAYMENT_PROVIDER_SECRETS"
                )
            if not is_endpoint(self.payment_provider_url or "", loopback=self._is_development()):
                raise ValueError("LAOCAI_PAYMENT_PROVIDER=signed needs LAOCAI_PAYMENT_PROVIDER_URL")
            if self.payment_provider_name == PaymentProviderKind.LOCAL:
                raise ValueError("LAOCAI_PAYMENT_PROVIDER_NAME is taken")
        return self

    def _is_development(self) -> bool:
        return self.environment is Environment.DEVELOPMENT

    @model_validator(mode="after")
    def _email_has_a_sender(self) -> Self:
        _, address = parseaddr(self.email_from or "")
        if self.email_from is not None and not ("@" in address and address.isascii()):
            raise ValueError("LAOCAI_EMAIL_FROM is no e-mail address")
        if self.email_sender is EmailSender.SES and self.email_from is None:
            raise ValueError("LAOCAI_EMAIL_SENDER=ses needs LAOCAI_EMAIL_FROM")
        return self


@cache
def settings() -> Settings:
    """Return the settings of this process, read once, and tell the catalogs which province they name."""
    read = Settings()
    if read.province_folder is not None:
        os.environ[PROVINCE_FOLDER] = str(read.province_folder.resolve())
    return read
