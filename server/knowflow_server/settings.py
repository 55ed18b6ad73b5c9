"""Settings: one frozen value, read once from `KNOWFLOW_*` variables and an optional TOML file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from limits import parse_many
from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

PREFIX = "KNOWFLOW_"
# Variables that clients and the command line read; they are no settings of the server, and no mistakes either.
CLIENT_VARIABLES = frozenset({"KNOWFLOW_ADDRESS", "KNOWFLOW_API_KEY", "KNOWFLOW_CONFIG"})
SURFACES = ("knowflow", "platform", "flowgent", "knowledgebase", "konversation")
CLASSES = ("read", "write", "search", "chat")
# What has rate limits: a surface, a class of its calls, and calls of inbound webhooks, which nobody has a key for.
LIMITED = {*SURFACES, *(f"{one}.{kind}" for one in SURFACES for kind in CLASSES), "konversation.webhook"}
LEAST_SECRET = 32


class Provider(BaseModel):
    """An OpenAI-compatible endpoint which serves models."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    base_url: str
    api_key: SecretStr = SecretStr("")
    models: tuple[str, ...] = ()
    rerank_models: tuple[str, ...] = ()
    rerank_style: Literal["cohere", "tei"] = "cohere"
    rerank_scores: Literal["unit", "logit"] = "unit"
    dimension: int | None = None
    context_tokens: Annotated[int, Field(ge=256)] = 8_192
    model_context_tokens: dict[str, Annotated[int, Field(ge=256)]] = Field(default_factory=dict)
    timeout_s: Annotated[float, Field(gt=0)] = 60.0
    connect_timeout_s: Annotated[float, Field(gt=0)] = 10.0
    first_token_timeout_s: Annotated[float, Field(gt=0)] = 60.0
    stall_timeout_s: Annotated[float, Field(gt=0)] = 30.0
    max_concurrency: Annotated[int, Field(ge=1)] = 4
    max_streams: Annotated[int, Field(ge=1)] = 256
    max_retries: Annotated[int, Field(ge=0)] = 4
    max_retry_after_s: Annotated[float, Field(ge=0)] = 30.0


class Settings(BaseSettings):
    """Everything that can be set. The environment wins over the file named by `KNOWFLOW_CONFIG`."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid", env_ignore_empty=True)

    data_dir: Annotated[Path, Field(description="Folder of all data. It is created when it is missing.")] = Path("data")
    host: Annotated[str, Field(description="Address on which REST and gRPC listen.")] = "127.0.0.1"
    port: Annotated[
        int, Field(ge=0, le=65535, description="Port of the gateway (REST, gRPC and gRPC-web); 0 picks a free one.")
    ] = 9380
    grpc_port: Annotated[
        int, Field(ge=0, le=65535, description="Port of the gRPC server itself; 0 picks a free one.")
    ] = 9390
    bootstrap_api_key: Annotated[
        SecretStr | None,
        Field(
            description=(
                "API key of the first organization, used at the first start only. Default: a new random key, printed "
                "once."
            )
        ),
    ] = None
    organization_name: Annotated[str, Field(description="Name of the first organization.")] = "Default"
    model_fallback: Annotated[
        Literal["none", "embedded"],
        Field(
            description=(
                "What serves a model whose provider is not configured: `none` refuses it, `embedded` uses the "
                "embedded model and says so."
            )
        ),
    ] = "none"
    default_embedding_model: Annotated[
        str, Field(description="Embedding model of datasets which name none, `<model>@<provider>`.")
    ] = "all-MiniLM-L6-v2@embedded"
    default_chat_model: Annotated[
        str | None,
        Field(description="Chat model of assistants which name none, `<model>@<provider>`. Default: the embedded one."),
    ] = None
    label_model: Annotated[
        str | None,
        Field(
            description=(
                "Chat model which writes the keywords and questions of chunks (`auto_keywords`, `auto_questions`), "
                "and the questions of webpages and documents of knowledge bases, "
                "`<model>@<provider>`. Default: none, they are found by statistics."
            )
        ),
    ] = None
    providers: Annotated[
        dict[str, Provider],
        Field(
            description=(
                "OpenAI-compatible endpoints by provider name, as JSON or as TOML tables: base_url, api_key, models, "
                "rerank_models, rerank_style, rerank_scores, dimension, context_tokens, model_context_tokens, "
                "timeout_s, connect_timeout_s, first_token_timeout_s, "
                "stall_timeout_s, max_concurrency, max_streams, max_retries, max_retry_after_s."
            )
        ),
    ] = Field(default_factory=dict)
    graph_model: Annotated[
        str | None,
        Field(
            description=(
                "Chat model which finds the entities of knowledge graphs, `<model>@<provider>`. Default: none; names "
                "are found by their form."
            )
        ),
    ] = None
    embedded_reranker: Annotated[
        bool,
        Field(
            description=(
                "Whether `rerank_id` may name `ms-marco-MiniLM-L-12-v2@embedded`; it needs the extra `rerank` to be "
                "installed."
            )
        ),
    ] = False
    rerank_candidates: Annotated[
        int,
        Field(ge=1, le=1024, description="Most chunks of a search which a rerank model reads, the best first."),
    ] = 64
    model_cache: Annotated[
        Path | None,
        Field(
            description=(
                "Folder of converted models. Default: `$XDG_CACHE_HOME/knowflow/models`, or `~/.cache/knowflow/models`."
            )
        ),
    ] = None
    embedding_threads: Annotated[
        int, Field(ge=0, description="Threads of the embedded model; 0 means one per core.")
    ] = 0
    chat_threads: Annotated[
        int, Field(ge=0, description="Threads of the embedded language model; 0 means one per core.")
    ] = 0
    chat_memory_mb: Annotated[
        int,
        Field(
            ge=512, description="Memory in MB beyond which the embedded language model is ended and its answers fail."
        ),
    ] = 1536
    chat_idle_s: Annotated[
        float,
        Field(gt=0, description="Seconds without a request after which the embedded language model leaves the memory."),
    ] = 600.0
    parse_workers: Annotated[
        int, Field(ge=1, le=64, description="Documents parsed at the same time, each in its own process.")
    ] = 2
    parse_memory_mb: Annotated[
        int, Field(ge=256, description="Memory in MB beyond which a parser is ended and its document fails.")
    ] = 2048
    parse_timeout_s: Annotated[
        float, Field(gt=0, description="Seconds after which a parser is ended and its document fails.")
    ] = 1800.0
    mineru_url: Annotated[
        str | None,
        Field(
            pattern="^https?://",
            description=(
                "Address of a MinerU server (`mineru-api`), which then serves `layout_recognize: mineru`. Default: the "
                "built-in layout."
            ),
        ),
    ] = None
    dots_url: Annotated[
        str | None,
        Field(
            pattern="^https?://",
            description=(
                "Address of a vLLM server with dots.ocr, which then serves `layout_recognize: dots`. Default: the "
                "built-in layout."
            ),
        ),
    ] = None
    layout_timeout_s: Annotated[
        float,
        Field(gt=0, description="Seconds after which a layout service is given up: for a document, or a page of dots."),
    ] = 1800.0
    layout_concurrency: Annotated[
        int,
        Field(
            ge=1,
            le=64,
            description="Documents (dots: pages) that wait for a layout service at a time, beside other parsing.",
        ),
    ] = 4
    max_file_bytes: Annotated[int, Field(gt=0, description="Largest file that can be uploaded, in bytes.")] = 1024**3
    durability: Annotated[
        Literal["fsync", "os"],
        Field(
            description=(
                "`fsync`: a write is on the disk before it is answered. `os`: it may be lost when the machine loses "
                "power."
            )
        ),
    ] = "fsync"
    request_timeout_s: Annotated[
        float, Field(gt=0, description="Seconds after which the gateway gives up on a call that does not stream.")
    ] = 60.0
    stream_idle_timeout_s: Annotated[
        float, Field(gt=0, description="Seconds of silence after which the gateway ends a stream.")
    ] = 300.0
    cors_origins: Annotated[
        tuple[str, ...], Field(description="Origins whose pages may call the gateway, as a JSON list; `*` means any.")
    ] = ()
    tls_cert: Annotated[
        Path | None,
        Field(description="Certificate chain of the gateway in PEM; with `KNOWFLOW_TLS_KEY`, the gateway speaks TLS."),
    ] = None
    tls_key: Annotated[Path | None, Field(description="Private key of the gateway in PEM.")] = None
    envoy_path: Annotated[
        Path | None, Field(description="The Envoy binary. Default: the installed package's, else the one on PATH.")
    ] = None
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"], Field(description="Least level of log lines.")
    ] = "info"
    gateway: Annotated[
        Literal["own", "none"],
        Field(
            description="Whether the server runs a gateway of its own; `none` where Envoys of yours stand before it."
        ),
    ] = "own"
    metrics_port: Annotated[
        int | None,
        Field(ge=1, le=65535, description="Port of `/metrics` for Prometheus. Default: none, nothing is measured."),
    ] = None
    metrics_host: Annotated[str, Field(description="Address on which `/metrics` listens; it asks for no key.")] = (
        "127.0.0.1"
    )
    otlp_endpoint: Annotated[
        str | None,
        Field(description="Where traces go, `http://localhost:4318/v1/traces` (OTLP over HTTP). Default: nowhere."),
    ] = None
    outgoing_allow: Annotated[
        tuple[str, ...],
        Field(
            description=(
                "Places which agents, webhooks and webpages may connect to beside public addresses, as a JSON list of "
                "hosts, addresses and networks, with or without a port: "
                '`["intranet.example", "10.1.2.0/24", "127.0.0.1:8000"]`.'
            )
        ),
    ] = ()
    outgoing_ports: Annotated[
        tuple[Annotated[int, Field(ge=1, le=65535)], ...],
        Field(description="Ports which HTTP requests of agents, webhooks and webpages may go to, as a JSON list."),
    ] = (80, 443, 8080, 8443)
    outgoing_proxies: Annotated[
        tuple[str, ...],
        Field(description="Proxies which the component Invoke may name, as a JSON list of URLs."),
    ] = ()
    outgoing_timeout_s: Annotated[
        float, Field(gt=0, description="Seconds after which an HTTP request of an agent fails.")
    ] = 600.0
    outgoing_max_bytes: Annotated[
        int, Field(gt=0, description="Largest answer to an HTTP request of an agent, in bytes.")
    ] = 10 * 1024**2
    web_user_agent: Annotated[
        str,
        Field(
            min_length=1,
            max_length=200,
            pattern=r"^[\x20-\x7e]+$",
            description=(
                "What websites read in the header User-Agent when a webpage is fetched; its first word is the name "
                "under which a robots.txt speaks to this server."
            ),
        ),
    ] = "KnowFlowBot/1.0"
    web_timeout_s: Annotated[
        float, Field(gt=0, le=300, description="Seconds after which the fetching of a webpage is given up.")
    ] = 30.0
    web_max_bytes: Annotated[int, Field(gt=0, description="Largest webpage, in bytes, decompressed.")] = 8 * 1024**2
    web_refresh_s: Annotated[
        float, Field(ge=0, description="Seconds that must pass between two refreshes of a webpage.")
    ] = 86400.0
    tool_urls: Annotated[
        dict[
            Literal["tavily", "serpapi", "duckduckgo", "wikipedia", "arxiv", "pubmed", "github", "yahoo_finance"], str
        ],
        Field(
            description=(
                "Base URLs of the services behind the tools of agents, as a JSON object, where they are not the "
                "public ones: tavily, serpapi, duckduckgo, wikipedia, arxiv, pubmed, github, yahoo_finance."
            )
        ),
    ] = Field(default_factory=dict)
    sqlite_dir: Annotated[
        Path | None,
        Field(
            description="Folder whose SQLite files agents of every organization may read with ExeSQL. Default: none."
        ),
    ] = None
    sandbox_url: Annotated[
        str | None,
        Field(
            description=(
                "Address of a RAGFlow sandbox executor manager, which runs the programs of CodeExec. Default: none."
            )
        ),
    ] = None
    secret_key: Annotated[
        SecretStr | None,
        Field(
            description=(
                "Key which encrypts the secrets of webhooks and connections, at least 32 random characters. Default: a "
                "new one in `secret.key` in the data folder; back that file up apart from the data."
            ),
        ),
    ] = None
    webhook_timeout_s: Annotated[
        float, Field(gt=0, le=30, description="Seconds after which an attempt to deliver an event fails.")
    ] = 20.0
    webhook_retry_delays_s: Annotated[
        tuple[Annotated[float, Field(gt=0)], ...],
        Field(
            description=(
                "Seconds between the attempts to deliver an event, as a JSON list; up to a tenth is added by chance."
            )
        ),
    ] = (5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400)
    webhook_disable_after_s: Annotated[
        float, Field(gt=0, description="Seconds of nothing but failures after which a webhook is disabled.")
    ] = 432000.0
    smtp_host: Annotated[
        str | None,
        Field(description="Mail server which takes e-mails to subscribers of chatbots. Default: none, and no e-mails."),
    ] = None
    smtp_port: Annotated[
        int,
        Field(ge=1, le=65535, description="Its port; on 465 TLS begins at once, on others STARTTLS before an account."),
    ] = 587
    smtp_user: Annotated[
        str | None, Field(description="Account at the mail server. Default: none; mail is sent without one.")
    ] = None
    smtp_password: Annotated[SecretStr | None, Field(description="Password of the account. Default: none.")] = None
    smtp_from: Annotated[
        str | None,
        Field(description="Address of the sender of e-mails to subscribers. Default: none, and no e-mails."),
    ] = None
    webchat_streams: Annotated[
        int,
        Field(ge=1, le=1000, description="Streams of messages which a visitor of a chatbot may have open at a time."),
    ] = 5
    whatsapp_url: Annotated[
        str,
        Field(pattern="^https?://", description="Address of the Graph API, through which WhatsApp messages are sent."),
    ] = "https://graph.facebook.com"
    whatsapp_version: Annotated[str, Field(pattern="^v[0-9]+\\.[0-9]+$", description="Version of the Graph API.")] = (
        "v25.0"
    )
    whatsapp_timeout_s: Annotated[
        float, Field(gt=0, le=30, description="Seconds after which an attempt to send a WhatsApp message fails.")
    ] = 15.0
    registration: Annotated[
        Literal["open", "invited"],
        Field(description="Who may register as a user: `open` everybody, `invited` who has an invitation."),
    ] = "open"
    session_hours: Annotated[
        float, Field(gt=0, description="Hours after which the session token of a user is refused.")
    ] = 168.0
    login_attempts: Annotated[
        int,
        Field(ge=1, description="Logins, and registrations, from one network address in 15 minutes."),
    ] = 100
    max_organizations: Annotated[
        int, Field(ge=1, description="Organizations of which a user may be a member and still create another.")
    ] = 10
    plan: Annotated[
        Literal["free", "pro", "enterprise", "unlimited"],
        Field(
            description=(
                "Calls of a key to `/v1/`: `free` 60 a minute and 1,000 a day, `pro` 300 and 10,000, `enterprise` "
                "1,000 and 100,000, `unlimited`; each class of operations counts by itself."
            )
        ),
    ] = "enterprise"
    knowledge_items: Annotated[
        dict[str, Annotated[int, Field(ge=0)]],
        Field(
            description=(
                "Most knowledge items of `/api/public/knowledge` in one knowledge base, by plan, as a JSON object; "
                "`KNOWFLOW_PLAN` says which counts, and a plan that is left out allows any number."
            )
        ),
    ] = Field(default_factory=lambda: {"free": 100, "pro": 2_000, "enterprise": 20_000})
    rate_limits: Annotated[
        dict[str, str],
        Field(
            description=(
                "Calls of a key by surface or by surface and class (`read`, `write`, `search`, `chat`), as a JSON "
                'object: `{"knowflow": "600/minute", "knowledgebase.search": "10000/hour"}`; an empty text is no limit.'
                " `konversation.webhook` counts the calls of each inbound webhook, by its address; default: 600/minute."
            )
        ),
    ] = Field(default_factory=dict)
    redis_url: Annotated[
        SecretStr | None,
        Field(description="Redis which counts calls for several servers together, `redis://…`. Default: memory."),
    ] = None
    credit_prices: Annotated[
        dict[Literal["chat", "search"], Annotated[int, Field(ge=0, le=1_000_000)]],
        Field(
            description=(
                "What an answer of an agent (`chat`) and a search (`search`) cost in credits, as a JSON object; what "
                "is left out costs 1."
            )
        ),
    ] = Field(default_factory=dict)
    credit_grant: Annotated[
        int,
        Field(
            ge=0,
            le=1_000_000_000,
            description="Credits with which a new organization begins; 0 means that it begins with none.",
        ),
    ] = 1_000_000
    operator_key: Annotated[
        SecretStr | None,
        Field(
            min_length=16,
            description=(
                "Key with which operators of the server top up credits over REST and gRPC. Default: none, and such "
                "calls are refused."
            ),
        ),
    ] = None
    drain_timeout_s: Annotated[
        float, Field(gt=0, description="Seconds which running calls get to finish when the server stops.")
    ] = 30.0

    @model_validator(mode="after")
    def _check(self) -> Self:
        if (self.tls_cert is None) != (self.tls_key is None):
            raise ValueError("KNOWFLOW_TLS_CERT and KNOWFLOW_TLS_KEY belong together: set both or neither.")
        key = self.bootstrap_api_key.get_secret_value() if self.bootstrap_api_key else "-"
        if not key.isascii() or not key.isprintable() or " " in key:
            raise ValueError("KNOWFLOW_BOOTSTRAP_API_KEY must be ASCII without blanks, to travel in a header.")
        if "@" not in self.default_embedding_model.strip("@"):
            raise ValueError("KNOWFLOW_DEFAULT_EMBEDDING_MODEL must read <model>@<provider>.")
        if unknown := set(self.knowledge_items) - {"free", "pro", "enterprise"}:
            raise ValueError(f"KNOWFLOW_KNOWLEDGE_ITEMS: there is no plan {', '.join(sorted(unknown))}.")
        if self.secret_key and len(self.secret_key.get_secret_value()) < LEAST_SECRET:
            raise ValueError(f"KNOWFLOW_SECRET_KEY must have at least {LEAST_SECRET} characters.")
        if unknown := set(self.rate_limits) - LIMITED:
            raise ValueError(f"KNOWFLOW_RATE_LIMITS: there is no surface or class {', '.join(sorted(unknown))}.")
        for name, text in self.rate_limits.items():
            try:
                _ = parse_many(text) if text.strip() else []
            except ValueError:
                raise ValueError(f"KNOWFLOW_RATE_LIMITS: {name} must read as 60/minute;1000/day.") from None
        if self.graph_model and "@" not in self.graph_model.strip("@"):
            raise ValueError("KNOWFLOW_GRAPH_MODEL must read <model>@<provider>.")
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the signature is the library's
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the signature is the library's
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Return where settings come from, strongest first."""
        file = os.environ.get("KNOWFLOW_CONFIG")
        toml = (TomlConfigSettingsSource(settings_cls, Path(file)),) if file else ()
        return init_settings, env_settings, *toml


class UnknownSettingError(Exception):
    """A variable starts with `KNOWFLOW_` but names no setting."""


def load(**overrides: Any) -> Settings:
    """Return the settings.

    Args:
        overrides: Values which win over environment and file; None means "not given".

    Raises:
        UnknownSettingError: A `KNOWFLOW_*` variable names no setting.
        pydantic.ValidationError: A value is of the wrong type or out of range.
    """
    known = {PREFIX + name.upper() for name in Settings.model_fields} | CLIENT_VARIABLES
    file = os.environ.get("KNOWFLOW_CONFIG")
    if file and not Path(file).is_file():
        raise UnknownSettingError(f"KNOWFLOW_CONFIG names {file}, which is no file.")
    unknown = sorted(name for name in os.environ if name.startswith(PREFIX) and name not in known)
    if unknown:
        raise UnknownSettingError(f"Unknown settings: {', '.join(unknown)}. README lists all settings.")
    return Settings(**{name: value for name, value in overrides.items() if value is not None})
