"""The provider table: which models exist, and who serves them."""

import logging
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from knowflow_server.domain.ports import (
    Embedder,
    Reranker,
    ResolvedEmbedder,
    ResolvedReranker,
    UnsupportedModelError,
)
from knowflow_server.providers.embedded import ALIASES, PROVIDER
from knowflow_server.providers.http_reranker import RerankScores, RerankStyle
from knowflow_server.providers.openai_embeddings import OpenAIEmbedder
from knowflow_server.providers.openai_http import OpenAIEndpoint
from knowflow_server.providers.query_cache import CachedEmbedder, QueryCache
from knowflow_server.providers.rerankers import Rerankers

logger = logging.getLogger(__name__)

Fallback = Literal["none", "embedded"]

_MAX_EMBEDDERS = 256
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
        timeout_s: Longest wait in seconds for an answer.
        max_concurrency: Requests under way at a time.
        max_retries: Attempts after the first.
    """

    kind: Literal["openai"] = "openai"
    base_url: str
    api_key: str = field(default="", repr=False)
    models: tuple[str, ...] = ()
    rerank_models: tuple[str, ...] = ()
    rerank_style: RerankStyle = "cohere"
    rerank_scores: RerankScores = "unit"
    dimension: int = 0
    timeout_s: float = 60.0
    max_concurrency: int = 8
    max_retries: int = 4


@dataclass(frozen=True, slots=True)
class _Provider:
    name: str
    settings: ProviderSettings
    endpoint: OpenAIEndpoint


class ProviderTable:
    """Implements `ports.ModelTable`.

    Args:
        providers: HTTP providers by name; names compare without case.
        embedded: The built-in model. Its owner closes it.
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
        fallback: Fallback = "none",
        reranker: Reranker | None = None,
    ) -> None:
        self._cache = QueryCache()
        self._embedded = CachedEmbedder(embedded, cache=self._cache)
        self._fallback = fallback
        self._providers: dict[str, _Provider] = {}
        self._embedders: OrderedDict[tuple[str, str], CachedEmbedder] = OrderedDict()
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
        self._warn_of_fallback(model_id)
        return ResolvedEmbedder(self._embedded, requested=model_id, served_by=self._embedded.name, is_fallback=True)

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
        endpoint = OpenAIEndpoint(
            name,
            settings.base_url,
            api_key=settings.api_key,
            timeout_s=settings.timeout_s,
            max_concurrency=settings.max_concurrency,
            max_retries=settings.max_retries,
        )
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
        provider = self._providers.get(key)
        if provider is None or not model or (provider.settings.models and model not in provider.settings.models):
            return None
        embedder = self._embedders.get((key, model))
        if embedder is None:
            made = OpenAIEmbedder(provider.endpoint, model, dimension=provider.settings.dimension)
            embedder = self._embedders[key, model] = CachedEmbedder(made, cache=self._cache)
        # Where any model name is allowed, callers can invent names without end.
        self._embedders.move_to_end((key, model))
        while len(self._embedders) > _MAX_EMBEDDERS:
            self._embedders.popitem(last=False)
        return embedder

    def _warn_of_fallback(self, model_id: str) -> None:
        if model_id in self._warned or len(self._warned) >= _MAX_WARNED:
            return
        self._warned.add(model_id)
        logger.warning("The model %r is not in the provider table; %s serves it.", model_id, self._embedded.name)
