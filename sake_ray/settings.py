"""Every setting, read from the environment at the entry points and nowhere else."""

import os
import warnings
from pathlib import Path

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from sake_ray.domain.issuers import IssuerConfig, parse_roles
from sake_ray.domain.limits import Limits
from sake_ray.domain.peers import Networks, parse_networks
from sake_ray.domain.places import DEFAULT_TEAM, PlaceAddress, parse_places
from sake_ray.domain.verdicts import Policy
from sake_ray.domain.webhooks import WebhookRules, parse_allowed
from sake_ray.errors import SetupError


class Settings(BaseSettings):
    """The settings, each read from the variable of its name with the prefix SAKE_, or a file of that name in SAKE_SECRETS."""

    model_config = SettingsConfigDict(env_prefix="SAKE_", extra="ignore", frozen=True)

    home: Path = Field(Path("var"), description="The folder that holds all state.")
    objects_url: str = Field(
        "",
        description="Where originals, texts and page images are: a folder, or s3://bucket/prefix. Empty: objects/ in the home.",
    )
    workspace_here: bool = Field(
        True,
        description="Whether the workspace of trainings is in this home. One of several services over the same records has it; "
        "the others neither start jobs nor erase from trainings.",
    )
    s3_endpoint: str = Field(
        "",
        description="The address of an S3 server other than Amazon's; credentials come from AWS_ACCESS_KEY_ID "
        "and AWS_SECRET_ACCESS_KEY.",
    )
    s3_region: str = Field("us-east-1", description="The region of the S3 server.")
    records_url: str = Field(
        "",
        description="Where the records are kept: postgresql://user:password@host/database. Empty: a SQLite file in the home.",
    )
    mlflow_url: str = Field("", description="The MLflow server, http(s)://host:port. Empty: a SQLite file in the home.")
    mlflow_port: int = Field(5000, ge=1, le=65535, description="The port of MLflow's pages, with sake up --mlflow.")
    ray_address: str = Field(
        "",
        description="The Ray cluster to work on, host:port. Empty: the one of sake up, else a local Ray for the duration of "
        "the command.",
    )
    host: str = Field("127.0.0.1", description="The address the service listens on.")
    port: int = Field(8000, ge=1, le=65535, description="The port the service listens on.")
    screens: bool = Field(True, description="Whether sake up runs the screens as well.")
    user_port: int = Field(8501, ge=1, le=65535, description="The port of the users' screens.")
    admin_port: int = Field(8502, ge=1, le=65535, description="The port of the admin's screens.")
    trusted_proxies: str = Field(
        "",
        description="The addresses or networks of proxies in front of service and screens, joined by commas: only their "
        "X-Forwarded-For is believed. Empty: nobody's.",
    )
    oidc_issuer: str = Field(
        "",
        pattern=r"^(https://.+|http://(127\.0\.0\.1|localhost|\[::1\])(:\d+)?(/.*)?)?$",
        description="The OpenID Connect issuer that signs people in beside the accounts here, as its tokens write it, such as "
        "https://login.example.org/realms/office. Empty: none.",
    )
    oidc_client_id: str = Field("", description="The id of the issuer's client as which the screens sign people in.")
    oidc_client_secret_file: str = Field(
        "", description="A file with the secret of that client. Empty: it is a public client, with PKCE alone."
    )
    oidc_audience: str = Field(
        "",
        description="The audience of access tokens that the API takes from the issuer. Empty: it takes none, and the issuer "
        "signs in to the screens only.",
    )
    oidc_name_claim: str = Field(
        "preferred_username", description="The claim with a person's name: names joined by dots, or a JSON pointer."
    )
    oidc_roles_claim: str = Field("realm_access.roles", description="The claim with a person's roles at the issuer.")
    oidc_roles: str = Field(
        "sake-user=user,sake-reviewer=reviewer,sake-admin=admin,sake-ops=ops",
        description="What the issuer's roles mean here; whoever has none of them cannot sign in.",
    )
    oidc_team_claim: str = Field(
        "",
        description="The claim with a person's team: a text, or a list of one. Empty: everybody is of the team office.",
    )
    second_factor: str = Field(
        "none",
        pattern="^(none|admins|all)$",
        description="Which accounts with a password here must have a second factor, codes of an app: none, admins or all. Who "
        "has set one up is asked for it in any case.",
    )
    webhook_http: bool = Field(
        False,
        description="Whether webhooks may use http; anybody on the way can read along and change what is told then.",
    )
    webhook_allow: str = Field(
        "",
        description="Hosts, addresses and networks, joined by commas, that webhooks may lead to although they are not public. "
        "Empty: none.",
    )
    watch: str = Field(
        "",
        description="The places whose files sake up hands in by itself, joined by commas: folders, s3://bucket/prefix, "
        "imaps://user@host/folder; each for the team office, or written TEAM=PLACE. Empty: none.",
    )
    watch_seconds: float = Field(
        10,
        ge=1,
        description="Seconds between two looks at a watched place; a file is handed in once it was the same in two looks.",
    )
    watch_done: str = Field(
        "move",
        pattern="^(move|leave)$",
        description="What becomes of a file of a watched place that was read: move puts it into the folder done there, "
        "leave leaves it.",
    )
    watch_password_file: str = Field("", description="The file with the password of the watched mailboxes.")
    gateway_host: str = Field("127.0.0.1", description="The address the gateway listens on, with sake up --gateway.")
    gateway_port: int = Field(8443, ge=1, le=65535, description="The port of the gateway, for HTTPS.")
    gateway_http_port: int = Field(
        8080, ge=0, le=65535, description="The port that leads those who ask by HTTP to the gateway; 0 for none."
    )
    tls_certificate: str = Field(
        "",
        description="The gateway's certificate, a file in PEM form with the issuers' after it. Empty: a self-signed one.",
    )
    tls_key: str = Field(
        "", description="The file with the key of that certificate, in PEM form and without a password."
    )
    grafana_url: str = Field("", description="The Grafana behind the gateway, http://host:port. Empty: none.")
    prometheus_url: str = Field(
        "",
        description="The Prometheus behind the gateway and for the admin's page Monitoring, http://host:port. Empty: none.",
    )
    prometheus_port: int = Field(9510, ge=1, le=65535, description="The port of Prometheus, with sake up --monitoring.")
    prometheus_days: int = Field(35, ge=1, description="Days for which Prometheus keeps what it has measured.")
    prometheus_mb: int = Field(
        4000, ge=100, description="The most that Prometheus keeps, in MB; the oldest goes first."
    )
    alertmanager_port: int = Field(
        9511, ge=1, le=65535, description="The port of Alertmanager, with sake up --monitoring."
    )
    node_exporter_port: int = Field(
        9512, ge=1, le=65535, description="The port of the metrics of this machine, with sake up --monitoring."
    )
    postgres_exporter: str = Field(
        "",
        pattern=r"^([\w.-]+:\d{1,5})?$",
        description="The exporter of PostgreSQL's own metrics that Prometheus asks, host:port. Empty: none.",
    )
    scrape_seconds: float = Field(
        10, ge=0.5, le=60, description="Seconds between two looks of Prometheus at metrics and rules."
    )
    alert_slack_file: str = Field(
        "", description="A file with the address of a webhook of Slack that is told of alerts. Empty: none."
    )
    alert_slack_channel: str = Field(
        "", description="The channel of Slack, such as #ops. Empty: the one that the webhook belongs to."
    )
    alert_email: str = Field("", description="Who gets mails about alerts, joined by commas. Empty: nobody.")
    alert_smtp: str = Field("localhost:25", description="The mail server for alerts, host:port.")
    alert_smtp_from: str = Field("sake@localhost", description="The sender of these mails.")
    alert_smtp_user: str = Field("", description="The account at the mail server. Empty: none is needed.")
    alert_smtp_password_file: str = Field("", description="The file with the password of that account.")
    alert_smtp_tls: bool = Field(True, description="Whether the mail server must speak TLS (STARTTLS).")
    alert_webhook_url: str = Field(
        "",
        pattern=r"^(https?://[^/?#@\s]+(/[^?#\s]*)?)?$",
        description="The address of a webhook that is told of alerts as Alertmanager words them. It is no secret: Alertmanager "
        "shows it to who reads its status; what may not be seen goes into the file of the token. Empty: none.",
    )
    alert_webhook_token_file: str = Field(
        "", description="A file with the token that the webhook is sent as Authorization: Bearer. Empty: none is sent."
    )
    alert_address: str = Field(
        "",
        pattern=r"^(https?://[^/?#]+)?$",
        description="The address by which people reach the gateway, such as https://sake.example, for links in alerts. Empty: "
        "that of this machine.",
    )
    alert_runbooks: str = Field(
        "",
        description="Where people find docs/runbooks.md, as an address, for links in alerts. Empty: they are told its name.",
    )
    dashboard_port: int = Field(8265, ge=1, le=65535, description="The port of the Ray dashboard.")
    metrics_port: int = Field(
        9500,
        ge=1,
        le=65533,
        description="The port of Ray's metrics for Prometheus; the two after it are taken as well.",
    )
    metrics_host: str = Field(
        "127.0.0.1",
        description="The address that sake up, sake gateway and the screens export their metrics on, which ask for no token.",
    )
    keeper_metrics_port: int = Field(
        9503,
        ge=0,
        le=65535,
        description="The port of the metrics of sake up itself and of sake gateway: programs beside the service, MLflow, "
        "the gateway; 0 for none, but not with sake up --monitoring.",
    )
    user_metrics_port: int = Field(
        9504, ge=0, le=65535, description="The port of the metrics of the users' screens; 0 for none."
    )
    admin_metrics_port: int = Field(
        9505, ge=0, le=65535, description="The port of the metrics of the admin's screens; 0 for none."
    )
    log_level: str = Field(
        "WARNING",
        pattern="^(DEBUG|INFO|WARNING|ERROR)$",
        description="How much the commands log to standard error; the service logs at least INFO.",
    )
    otlp_endpoint: str = Field(
        "",
        pattern=r"^(https?://[^\s/]+.*)?$",
        description="The OpenTelemetry collector that traces are sent to over HTTP, such as http://127.0.0.1:4318. Empty: none.",
    )
    cpus: int = Field(
        0,
        ge=0,
        description="The CPUs a local Ray may use, or that a named cluster may grow to; 0 takes those that are there.",
    )
    local_seconds: float = Field(
        120,
        ge=0,
        description="Reading that takes fewer seconds of CPU time, as estimated, is done by sake classify itself, without Ray; "
        "0 always uses Ray.",
    )
    split: str = Field(
        "propose",
        pattern="^(never|propose|auto)$",
        description="What becomes of a file that seems to hold several documents: it stays whole (never), people are shown "
        "where to split it (propose), or it is split where that is sure (auto). An upload may say otherwise.",
    )
    ocr_engine: str = Field(
        "tesserocr",
        pattern="^(tesserocr|pytesseract|none)$",
        description="What reads every page: tesserocr, Tesseract's library, or pytesseract, its program, also where the wheel "
        "of tesserocr does not fit; none reads all pages by the second engine, which takes 3 to 10 s each.",
    )
    ocr_second_engine: str = Field(
        "rapidocr",
        pattern="^(rapidocr|none)$",
        description="What reads pages that Tesseract reads poorly, such as photographs of cards; none leaves all to Tesseract.",
    )
    ocr_languages: str = Field(
        "fra+eng", pattern=r"^[A-Za-z_]+(\+[A-Za-z_]+)*$", description="The languages Tesseract reads, joined by +."
    )
    tessdata: str = Field(
        "", description="The folder of Tesseract's language models. Empty: the one the tesseract program names."
    )
    dvc_remote: str = Field(
        "",
        description="Where the images and models of every training are pushed: a folder, or s3://bucket/prefix. Empty: nowhere.",
    )
    git_remote: str = Field("", description="The git repository the history of trainings is pushed to. Empty: nowhere.")
    backup_url: str = Field(
        "", description="Where sake backup keeps the backups: a folder, or s3://bucket/prefix. Empty: nowhere."
    )
    backup_key_file: str = Field(
        "",
        description="A file with the key of the backups, 64 hexadecimal digits; without it nobody can read them, you included. "
        "Empty: they are not encrypted.",
    )
    retention_months: int = Field(
        24,
        ge=0,
        le=1200,
        description="Months after which documents are erased for good, unless a rule of sake retention says otherwise; 0 keeps "
        "them for ever.",
    )
    bin_days: float = Field(
        30, gt=0, description="Days for which a document that was deleted can be restored; then it is erased for good."
    )
    stuck_minutes: float = Field(
        60, gt=0, description="Minutes without progress after which a stage of a training is aborted."
    )
    read_bytes: int = Field(20_000_000, gt=0, description="The largest file that is read, in bytes.")
    read_pages: int = Field(50, gt=0, description="The largest number of pages of a document.")
    read_pixels: int = Field(
        40_000_000,
        gt=0,
        description="The largest number of pixels of a page; larger JPEGs and PDF pages are scaled down, other formats refused.",
    )
    read_page_seconds: float = Field(60, gt=0, description="The most CPU time to read a page, in seconds.")
    read_document_seconds: float = Field(300, gt=0, description="The most CPU time to read a document, in seconds.")
    read_memory_mb: int = Field(3072, ge=1024, description="The largest address space of the reader process, in MB.")
    review_threshold: float = Field(0.7, ge=0, le=1, description="Documents below this confidence need review.")

    @field_validator("oidc_roles")
    @classmethod
    def _check_roles(cls, text: str) -> str:
        parse_roles(text)
        return text

    @field_validator("trusted_proxies")
    @classmethod
    def _check_proxies(cls, text: str) -> str:
        parse_networks(text)
        return text

    @field_validator("webhook_allow")
    @classmethod
    def _check_allowed(cls, text: str) -> str:
        parse_allowed(text)
        return text

    @property
    def service_log_level(self) -> str:
        """How much is logged by what runs for long: INFO at least."""
        return "DEBUG" if self.log_level == "DEBUG" else "INFO"

    @property
    def webhook_rules(self) -> WebhookRules:
        """Where webhooks may lead."""
        return WebhookRules(self.webhook_http, *parse_allowed(self.webhook_allow))

    @field_validator("watch")
    @classmethod
    def _check_places(cls, text: str) -> str:
        parse_places(text, team=DEFAULT_TEAM)
        return text

    @property
    def proxies(self) -> Networks:
        """The networks of the trusted proxies."""
        return parse_networks(self.trusted_proxies)

    @property
    def issuer(self) -> IssuerConfig | None:
        """The issuer that signs people in; None without one. Raises SetupError when a part of its settings is missing."""
        if not self.oidc_issuer:
            return None
        if not self.oidc_client_id:
            raise SetupError("issuer-without-client")
        secret = Path(self.oidc_client_secret_file).absolute() if self.oidc_client_secret_file else None
        if secret and not secret.is_file():
            raise SetupError("issuer-secret-missing", path=secret)
        return IssuerConfig(
            self.oidc_issuer,
            self.oidc_client_id,
            secret,
            self.oidc_audience,
            self.oidc_name_claim,
            self.oidc_roles_claim,
            self.oidc_team_claim,
            parse_roles(self.oidc_roles),
        )

    @property
    def places(self) -> tuple[PlaceAddress, ...]:
        """The watched places."""
        return parse_places(self.watch, team=DEFAULT_TEAM)

    @property
    def limits(self) -> Limits:
        """The limits of reading a document."""
        return Limits(
            self.read_bytes,
            self.read_pages,
            self.read_pixels,
            self.read_page_seconds,
            self.read_document_seconds,
            self.read_memory_mb,
        )

    @property
    def policy(self) -> Policy:
        """The policy without an error budget: one threshold for all labels."""
        return Policy(threshold=self.review_threshold)


def read_settings() -> Settings:
    """Read the environment; raises SetupError naming the variable that is wrong, or why SAKE_SECRETS cannot be read."""
    try:
        settings = _read_with_secrets(os.environ.get("SAKE_SECRETS"))
    except ValidationError as error:
        first = error.errors()[0]
        raise SetupError(
            "setting-invalid",
            setting=str(first["loc"][0]).upper(),
            value=os.environ.get("SAKE_" + str(first["loc"][0]).upper()),
            error=first["msg"],
        ) from error
    return settings.model_copy(update={"home": settings.home.expanduser().absolute()})


def _read_with_secrets(folder: str | None) -> Settings:
    """Read a file for each setting that is a secret, such as /run/secrets/sake_records_url; a variable goes before its file."""
    if not folder:
        return Settings()
    place = Path(folder).expanduser()
    if not place.is_dir():
        raise SetupError("secrets-unreadable", folder=folder, why="there is no such folder")
    try:
        with warnings.catch_warnings():
            # A file that it does not take is a warning to pydantic. With the default in its place, another service would start.
            warnings.simplefilter("error")
            return Settings(_secrets_dir=place)
    except (SettingsError, OSError, Warning) as error:
        raise SetupError("secrets-unreadable", folder=folder, why=_find_reason(error)) from error


def _find_reason(error: Exception) -> str:
    """Say why a file cannot be read, without anything of its content; pydantic wraps what happened into an error of its own."""
    match error.__cause__ or error:
        case OSError() as cause:
            return f"{cause.strerror}: {cause.filename}"
        case UnicodeDecodeError():
            return "a file is not UTF-8"
        case cause:
            return str(cause).removesuffix(".")
