"""Which rerank models exist, and who serves them: the part of the provider table about reranking."""

from collections import OrderedDict

from knowflow_server.domain.ports import Reranker, ResolvedReranker, UnsupportedModelError
from knowflow_server.providers.http_reranker import HttpReranker, RerankScores, RerankStyle
from knowflow_server.providers.openai_http import OpenAIEndpoint

_MAX_RERANKERS = 256


class Rerankers:
    """The rerank models of all providers.

    There is no fallback: another model's scores are not those that were asked for.

    Args:
        embedded: The embedded model, or None where it is not installed or not wanted. Its owner closes it.
    """

    def __init__(self, embedded: Reranker | None) -> None:
        self._embedded = embedded
        self._offers: dict[str, tuple[OpenAIEndpoint, tuple[str, ...], RerankStyle, RerankScores]] = {}
        self._made: OrderedDict[tuple[str, str], HttpReranker] = OrderedDict()

    def add(
        self, key: str, endpoint: OpenAIEndpoint, models: tuple[str, ...], *, style: RerankStyle, scores: RerankScores
    ) -> None:
        """Add a provider under its name in lower case; no models means any."""
        self._offers[key] = (endpoint, models, style, scores)

    def resolve(self, model_id: str) -> ResolvedReranker:
        """Return who serves `<model>@<provider>`; makes no request.

        Raises:
            UnsupportedModelError: Provider or model is unknown.
        """
        model, _, provider = model_id.rpartition("@")
        reranker = self._find(model, provider.casefold())
        if reranker is None:
            raise UnsupportedModelError(model_id)
        return ResolvedReranker(reranker, requested=model_id, served_by=reranker.name, is_fallback=False)

    def _find(self, model: str, key: str) -> Reranker | None:
        if self._embedded is not None and f"{model}@{key}" == self._embedded.name:
            return self._embedded
        if key not in self._offers or not model:
            return None
        endpoint, models, style, scores = self._offers[key]
        if models and model not in models:
            return None
        made = self._made.setdefault((key, model), HttpReranker(endpoint, model, style=style, scores=scores))
        # Where any model name is allowed, callers can invent names without end.
        self._made.move_to_end((key, model))
        while len(self._made) > _MAX_RERANKERS:
            self._made.popitem(last=False)
        return made
