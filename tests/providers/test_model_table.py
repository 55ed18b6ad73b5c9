"""Which model id means what, and the query cache that every embedder of the table has."""

import logging
from collections.abc import AsyncIterator, Iterator

import numpy as np
import pytest
import pytest_asyncio

from knowflow_server.domain.ports import DEFAULT_EMBEDDING_MODEL, ModelTable, UnsupportedModelError
from knowflow_server.providers.embedded import EmbeddedEmbedder
from knowflow_server.providers.model_table import Fallback, ProviderSettings, ProviderTable
from knowflow_server.providers.query_cache import QueryCache
from tests.providers.openai_stand_in import DIMENSION, KEY, OpenAIStandIn, Server, good


@pytest.fixture
def server() -> Iterator[Server]:
    with OpenAIStandIn() as state:
        yield state


class Tables:
    """Makes tables whose built-in model is never started, and closes them."""

    def __init__(self, url: str) -> None:
        self.embedded = EmbeddedEmbedder()
        self._url = url
        self._made: list[ProviderTable] = []

    def make(self, *, fallback: Fallback = "none") -> ProviderTable:
        open_models = ProviderSettings(base_url=self._url, api_key=KEY)
        few_models = ProviderSettings(base_url=self._url, models=("m1", "org/m2@v1"), dimension=DIMENSION)
        providers = {"OpenAI": open_models, "Few": few_models}
        table = ProviderTable(providers, embedded=self.embedded, fallback=fallback)
        self._made.append(table)
        return table

    async def close(self) -> None:
        for table in self._made:
            await table.close()
        await self.embedded.close()


@pytest_asyncio.fixture
async def tables(server: Server) -> AsyncIterator[Tables]:
    tables = Tables(server.url)
    yield tables
    await tables.close()


@pytest.mark.parametrize(
    ("model_id", "served_by"),
    [
        (DEFAULT_EMBEDDING_MODEL, "all-MiniLM-L6-v2@embedded"),
        ("all-MiniLM-L6-v2@Embedded", "all-MiniLM-L6-v2@embedded"),
        ("sentence-transformers/all-MiniLM-L6-v2@embedded", "all-MiniLM-L6-v2@embedded"),
        ("text-embedding-3-small@openai", "text-embedding-3-small@OpenAI"),
        ("m1@FEW", "m1@Few"),
        ("org/m2@v1@few", "org/m2@v1@Few"),
    ],
)
async def test_resolve_embedder_known_model_is_served(tables: Tables, model_id: str, served_by: str) -> None:
    table: ModelTable = tables.make(fallback="embedded")
    resolved = table.resolve_embedder(model_id)
    assert (resolved.requested, resolved.served_by, resolved.is_fallback) == (model_id, served_by, False)
    assert resolved.embedder.name == served_by


_UNKNOWN = [
    "",
    "@",
    "@openai",
    "all-MiniLM-L6-v2",
    "bge-large@embedded",
    "M1@few",
    "m3@few",
    "BAAI/bge-large-zh-v1.5@BAAI",
]


@pytest.mark.parametrize("model_id", _UNKNOWN)
async def test_resolve_embedder_unknown_model_without_fallback_raises(tables: Tables, model_id: str) -> None:
    with pytest.raises(UnsupportedModelError) as caught:
        tables.make().resolve_embedder(model_id)
    assert caught.value.model_id == model_id


@pytest.mark.parametrize("model_id", _UNKNOWN)
async def test_resolve_embedder_unknown_model_with_fallback_is_served_and_warned_of_once(
    tables: Tables, model_id: str, caplog: pytest.LogCaptureFixture
) -> None:
    table = tables.make(fallback="embedded")
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            resolved = table.resolve_embedder(model_id)
    assert (resolved.requested, resolved.served_by, resolved.is_fallback) == (
        model_id,
        "all-MiniLM-L6-v2@embedded",
        True,
    )
    assert len(caplog.records) == 1


async def test_dimension_is_asked_once_where_it_is_not_known(tables: Tables, server: Server) -> None:
    table = tables.make()
    assert await table.resolve_embedder("m1@few").dimension() == DIMENSION
    assert await table.resolve_embedder(DEFAULT_EMBEDDING_MODEL).dimension() == 384
    assert server.bodies == []
    for _ in range(3):
        assert await table.resolve_embedder("any@openai").dimension() == DIMENSION
    assert len(server.bodies) == 1


async def test_embed_query_again_is_answered_from_memory_by_model_and_text(tables: Tables, server: Server) -> None:
    table = tables.make()
    for _ in range(3):
        for model_id in ("a@openai", "b@openai", "a@OPENAI"):
            vector = await table.resolve_embedder(model_id).embedder.embed_query("where")
            assert not vector.flags.writeable
    assert [body["model"] for body in server.bodies] == ["a", "b"]
    await table.resolve_embedder("a@openai").embedder.embed_query("Where")
    assert len(server.bodies) == 3


async def test_embed_documents_is_not_answered_from_memory(tables: Tables, server: Server) -> None:
    embedder = tables.make().resolve_embedder("a@openai").embedder
    server.default = good()
    for _ in range(2):
        assert (await embedder.embed_documents(["where"])).shape == (1, DIMENSION)
    assert len(server.bodies) == 2


def test_query_cache_full_forgets_the_least_recently_used() -> None:
    cache = QueryCache(capacity=2)
    for text in ("a", "b"):
        cache.put("m", text, vector=np.ones(2, np.float32))
    assert cache.get("m", "a") is not None
    cache.put("m", "c", vector=np.ones(2, np.float32))
    assert [cache.get("m", text) is not None for text in "abc"] == [True, False, True]


def test_query_cache_keeps_a_copy_and_no_long_texts() -> None:
    cache = QueryCache()
    original = np.ones(2, np.float32)
    cache.put("m", "a", vector=original)
    original[0] = 5
    kept = cache.get("m", "a")
    assert kept is not None
    assert kept.tolist() == [1, 1]
    cache.put("m", "a" * 5_000, vector=original)
    assert cache.get("m", "a" * 5_000) is None


@pytest.mark.parametrize("names", [["embedded"], ["Embedded"], [""], ["a@b"], ["Acme", "acme"]])
async def test_provider_table_bad_names_are_refused(tables: Tables, names: list[str]) -> None:
    providers = {name: ProviderSettings(base_url="http://127.0.0.1:1") for name in names}
    with pytest.raises(ValueError, match="provider name"):
        ProviderTable(providers, embedded=tables.embedded)


async def test_provider_table_invented_names_do_not_fill_the_memory(tables: Tables) -> None:
    table = tables.make()
    for number in range(1_000):
        table.resolve_embedder(f"model-{number}@openai")
    assert len(table._embedders) == 256


def test_provider_settings_repr_hides_the_key() -> None:
    assert KEY not in repr(ProviderSettings(base_url="http://127.0.0.1:1", api_key=KEY))
