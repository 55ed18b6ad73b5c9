"""The provider table: which models exist, and who serves them."""

import logging
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeVar

from knowflow_server.domain.ports import (
    ChatModel,
    Embedder,
    Reranker,
    ResolvedChatModel,
    ResolvedEmbedder,
    ResolvedReranker,
    UnsupportedModelError,
)
from knowflow_server.providers.embedded import ALIASES, PROVIDER
from knowflow_server.providers.http_reranker import RerankScores, RerankStyle
from knowflow_server.providers.openai_chat import DEFAULT_CONTEXT_TOKENS, OpenAIChatModel
from knowflow_server.providers.openai_embeddings import OpenAIEmbedder
from knowflow_server.providers.openai_http import EndpointLimits, OpenAIEndpoint
from knowflow_server.providers.query_cache import CachedEmbedder, QueryCache
from knowflow_server.providers.rerankers import Rerankers

logger = logging.getLogger(__name__)

Fallback = Literal["none", "embedded"]
Model = TypeVar("Model")

_MAX_MODELS = 256
_MAX_WARNED = 1_024


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderSettings:
    """One HTTP provider of the settings.

    Attributes:
        kind: Wire format; "openai" is the only one.
        base_url: Everything before "/embeddings", for example "https://api.openai.com/v1".
        api_key: Bearer token; empty for none. Not part of the `repr`.
        models: Names of the models that may be used, of whatever kind; empty for any.
        rerank_models: Names of the models that may be used to rerank; empty for those in `models`.
        rerank_style: Wire format of reranking, see `HttpReranker`.
        rerank_scores: Range of its scores, see `HttpReranker`.
        dimension: Length of the vectors of its models; 0 to learn each from its first answer.
        context_tokens: What prompt and answer of its chat models may have together.
        model_context_tokens: The same for single models, by name.
        limits: How long and how often it is asked.
    """

    kind: Literal["openai"] = "openai"
    base_url: str
    api_key: str = field(default="", repr=False)
    models: tuple[str, ...] = ()
    rerank_models: tuple[str, ...] = ()
    rerank_style: RerankStyle = "cohere"
    rerank_scores: RerankScores = "unit"
    dimension: int = 0
    context_tokens: int = DEFAULT_CONTEXT_TOKENS
    model_context_tokens: Mapping[str, int] = field(default_factory=dict)
    limits: EndpointLimits = field(default_factory=EndpointLimits)


@dataclass(frozen=True, slots=True)
class _Provider:
    name: str
    settings: ProviderSettings
    endpoint: OpenAIEndpoint


class ProviderTable:
    """Implements `ports.ModelTable`.

    Args:
        providers: HTTP providers by name; names compare without case.
        embedded: The built-in embedding model. Its owner closes it.
        embedded_chat: The built-in chat models by name, without "@embedded"; the first is the default one. Their owner
            closes them.
        default_chat_model: Id of the chat model where a caller names none; empty for the first built-in one.
        fallback: What serves a model id that is not in the table: "none" or "embedded", the built-in model.
        reranker: The embedded rerank model, or None where there is none. Its owner closes it.

    Raises:
        ValueError: Two providers have the same name but for its case, a name is empty, has an "@" or is "embedded", or
            a kind is unknown.
    """

    def __init__(
        self,
        providers: Mapping[str, ProviderSettings],
        *,
        embedded: Embedder,
        embedded_chat: Mapping[str, ChatModel] | None = None,
        default_chat_model: str = "",
        fallback: Fallback = "none",
        reranker: Reranker | None = None,
    ) -> None:
        self._cache = QueryCache()
        self._embedded = CachedEmbedder(embedded, cache=self._cache)
        self._fallback = fallback
        self._providers: dict[str, _Provider] = {}
        self._embedders: OrderedDict[tuple[str, str], CachedEmbedder] = OrderedDict()
        self._embedded_chat = dict(embedded_chat or {})
        self._default_chat_model = default_chat_model
        self._chat_models: OrderedDict[tuple[str, str], OpenAIChatModel] = OrderedDict()
        self._warned: set[str] = set()
        self._rerankers = Rerankers(reranker)
        for name, settings in providers.items():
            self._add(name, settings)

    def resolve_embedder(self, model_id: str) -> ResolvedEmbedder:
        """Return who serves `<model>@<provider>`; makes no request.

        Args:
            model_id: Split at its last "@"; the provider's name compares without case, the model's with.

        Raises:
            UnsupportedModelError: Provider or model is unknown and no fallback is set.
        """
        model, _, provider = model_id.rpartition("@")
        embedder = self._find(model, provider.casefold())
        if embedder is not None:
            return ResolvedEmbedder(embedder, requested=model_id, served_by=embedder.name, is_fallback=False)
        if self._fallback == "none":
            raise UnsupportedModelError(model_id)
        self._warn_of_fallback(model_id, self._embedded.name)
        return ResolvedEmbedder(self._embedded, requested=model_id, served_by=self._embedded.name, is_fallback=True)

    def resolve_chat(self, model_id: str) -> ResolvedChatModel:
        """Return who serves `<model>@<provider>`; makes no request.

        Args:
            model_id: Split at its last "@"; the provider's name compares without case, the model's with. A name alone
                is looked for among the built-in models and those which the providers list. Empty for the default.

        Raises:
            UnsupportedModelError: Provider or model is unknown, or several have the name, and no fallback is set.
        """
        wanted = model_id or self._default_chat_model
        first = next(iter(self._embedded_chat.values()), None)
        model = self._find_chat(wanted) if wanted else first
        if model is not None:
            return ResolvedChatModel(model, requested=model_id, served_by=model.name, is_fallback=False)
        if self._fallback == "none" or first is None:
            raise UnsupportedModelError(wanted)
        self._warn_of_fallback(wanted, first.name)
        return ResolvedChatModel(first, requested=model_id, served_by=first.name, is_fallback=True)

    def resolve_reranker(self, model_id: str) -> ResolvedReranker:
        """Return who reranks for `<model>@<provider>`; makes no request, and knows no fallback.

        Raises:
            UnsupportedModelError: Provider or model is unknown.
        """
        return self._rerankers.resolve(model_id)

    async def close(self) -> None:
        """Close the connections to the HTTP providers."""
        for provider in self._providers.values():
            await provider.endpoint.close()

    def _add(self, name: str, settings: ProviderSettings) -> None:
        key = name.casefold()
        if not name or "@" in name or key == PROVIDER or key in self._providers:
            raise ValueError(f"The provider name {name!r} is empty, reserved, used twice or has an '@'.")
        if settings.kind != "openai":
            raise ValueError(f"The provider {name!r} has the unknown kind {settings.kind!r}.")
        endpoint = OpenAIEndpoint(name, settings.base_url, api_key=settings.api_key, limits=settings.limits)
        self._providers[key] = _Provider(name, settings, endpoint)
        self._rerankers.add(
            key,
            endpoint,
            settings.rerank_models or settings.models,
            style=settings.rerank_style,
            scores=settings.rerank_scores,
        )

    def _find(self, model: str, key: str) -> CachedEmbedder | None:
        if key == PROVIDER:
            return self._embedded if model in ALIASES else None
        provider = self._provider_of(model, key)
        if provider is None:
            return None

        def make() -> CachedEmbedder:
            made = OpenAIEmbedder(provider.endpoint, model, dimension=provider.settings.dimension)
            return CachedEmbedder(made, cache=self._cache)

        return _remembered(self._embedders, (key, model), make)

    def _find_chat(self, model_id: str) -> ChatModel | None:
        model, at, provider = model_id.rpartition("@")
        found = self._chat_model(model, provider.casefold()) if at else None
        if found is not None:
            return found
        # The whole id may be the name of a model.
        owners = [key for key, provider in self._providers.items() if model_id in provider.settings.models]
        owners += [PROVIDER] if model_id in self._embedded_chat else []
        return self._chat_model(model_id, owners[0]) if len(owners) == 1 else None

    def _chat_model(self, model: str, key: str) -> ChatModel | None:
        if key == PROVIDER:
            return self._embedded_chat.get(model)
        provider = self._provider_of(model, key)
        if provider is None:
            return None

        def make() -> OpenAIChatModel:
            settings = provider.settings
            window = settings.model_context_tokens.get(model, settings.context_tokens)
            return OpenAIChatModel(provider.endpoint, model, context_tokens=window)

        return _remembered(self._chat_models, (key, model), make)

    def _provider_of(self, model: str, key: str) -> _Provider | None:
        provider = self._providers.get(key)
        if provider is None or not model or (provider.settings.models and model not in provider.settings.models):
            return None
        return provider

    def _warn_of_fallback(self, model_id: str, served_by: str) -> None:
        warning = f"{model_id} {served_by}"
        if warning in self._warned or len(self._warned) >= _MAX_WARNED:
            return
        self._warned.add(warning)
        logger.warning("The model %r is not in the provider table; %s serves it.", model_id, served_by)


def _remembered(models: OrderedDict[tuple[str, str], Model], key: tuple[str, str], make: Callable[[], Model]) -> Model:
    """Return the model under a key, made if need be; the table is bounded, since callers can invent names."""
    model = models.get(key)
    if model is None:
        model = models[key] = make()
    models.move_to_end(key)
    while len(models) > _MAX_MODELS:
        models.popitem(last=False)
    return model
