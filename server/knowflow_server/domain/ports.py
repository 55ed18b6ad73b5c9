"""What the domain needs from outside, as protocols; `providers/` and `workers/` implement them.

Only the standard library and numpy are imported here, so that the domain can be read, type-checked and tested
without any model, parser or HTTP client.
"""

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from knowflow_server.domain.ingest.layout import DrawnPages, Layout
    from knowflow_server.domain.ingest.pipeline import ChunkDraft, Progress

DEFAULT_EMBEDDING_MODEL = "all-MiniLM-L6-v2@embedded"
"""Model id used where a caller names none; it needs no network."""

DEFAULT_CHAT_MODEL = "extractive@embedded"
"""Chat model where neither a caller nor the settings name one; it needs no network, and quotes instead of writing."""


class UnsupportedModelError(Exception):
    """A model id names a provider or a model that the provider table does not have, and no fallback is set.

    Attributes:
        model_id: The id as the caller wrote it.
    """

    def __init__(self, model_id: str) -> None:
        super().__init__(f"The model {model_id!r} is not available.")
        self.model_id = model_id


class TemplateFailedError(Exception):
    """A template could not be rendered.

    Attributes:
        sentence: Why, the second half of a sentence.
    """

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Templates(Protocol):
    """Renders templates, in processes of their own."""

    async def render(self, source: str, values: Mapping[str, Any]) -> str:
        """Return a Jinja2 template, rendered in a sandbox with JSON values by name.

        Raises:
            TemplateFailedError: It is no valid template, or takes too much time or memory.
        """
        ...


class ProviderError(Exception):
    """A provider could not serve a request, after the retries it was allowed.

    Attributes:
        provider: Name of the provider in the provider table.
        sentence: What happened and what to do, in English; it never holds a key, a prompt or a text sent.
        status: HTTP status of the last answer, or None when there was none.
        is_retryable: True when the same request may succeed later (overload, network, a worker that died).
        retry_after_s: Seconds after which the provider wants to be asked again, or None where it does not say.
    """

    def __init__(
        self,
        provider: str,
        sentence: str,
        *,
        status: int | None = None,
        is_retryable: bool = False,
        retry_after_s: float | None = None,
    ) -> None:
        super().__init__(sentence)
        self.provider = provider
        self.sentence = sentence
        self.status = status
        self.is_retryable = is_retryable
        self.retry_after_s = retry_after_s


class WorkersClosedError(Exception):
    """The worker processes were closed, because the server is shutting down; the work may be done after a restart."""


class Embedder(Protocol):
    """Turns texts into vectors whose dot product is the cosine similarity of the texts.

    One instance serves any number of concurrent callers of one event loop. Returned arrays belong to the caller,
    except that `embed_query` may return a shared read-only one.
    """

    @property
    def name(self) -> str:
        """`<model>@<provider>` that really serves, for example `all-MiniLM-L6-v2@embedded`."""
        ...

    @property
    def dimension(self) -> int:
        """Length of a vector; 0 while it is neither configured nor learnt from a first answer of the provider.

        Callers that need it before embedding anything await `ResolvedEmbedder.dimension()`.
        """
        ...

    async def embed_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embed texts that will be searched.

        Args:
            texts: Any number, of any length; an implementation documents what it does with texts longer than its
                model reads at once. The order is kept.

        Returns:
            Shape (n, d), float32, each row L2-normalised; shape (0, d) for no texts, d being 0 while unknown.

        Raises:
            ProviderError: The provider failed; nothing is returned in part.
        """
        ...

    async def embed_query(self, text: str) -> NDArray[np.float32]:
        """Embed one text to search with; overtakes `embed_documents` calls that are under way.

        Returns:
            Shape (d,), float32, L2-normalised. May be read-only and shared: copy before writing.

        Raises:
            ProviderError: The provider failed.
        """
        ...


@dataclass(frozen=True, slots=True)
class ResolvedEmbedder:
    """What a model id means under the current provider table."""

    embedder: Embedder
    requested: str
    """The model id as the caller wrote it."""
    served_by: str
    """`<model>@<provider>` that really serves."""
    is_fallback: bool
    """True when the requested model is not available and the built-in one serves in its place."""

    async def dimension(self) -> int:
        """Return the length of this embedder's vectors, asking the provider once if nobody has told it yet.

        Raises:
            ProviderError: The provider had to be asked and failed.
        """
        if self.embedder.dimension:
            return self.embedder.dimension
        vector = await self.embedder.embed_query("dimension")
        return int(vector.shape[0])


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """One turn of a conversation as a model reads it."""

    role: str
    """`system`, `user` or `assistant`."""
    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatOptions:
    """How a model is to answer; None leaves a value to the provider."""

    temperature: float | None = None
    top_p: float | None = None
    presence_penalty: float | None = None
    frequency_penalty: float | None = None
    max_tokens: int | None = None
    stop: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Grounding:
    """What an answer must come from, apart from the prompt that was built of it."""

    question: str
    """The question, self-contained."""
    passages: tuple[str, ...]
    """The retrieved passages, best first."""


@dataclass(frozen=True, slots=True)
class ChatUsage:
    """Tokens of one answer, as the model counts them."""

    prompt_tokens: int
    completion_tokens: int


@dataclass(frozen=True, slots=True)
class ChatDelta:
    """The next piece of an answer; never empty."""

    text: str


@dataclass(frozen=True, slots=True)
class ChatDone:
    """The end of an answer."""

    finish_reason: str
    """`stop`; `length` when the limit of tokens ended it; `content_filter` when the provider's filter did."""
    usage: ChatUsage


class ContextOverflowError(ProviderError):
    """The prompt is longer than the model reads."""


class ChatModel(Protocol):
    """Answers conversations. One instance serves any number of concurrent callers of one event loop."""

    @property
    def name(self) -> str:
        """`<model>@<provider>` that really serves."""
        ...

    @property
    def context_tokens(self) -> int:
        """Most tokens of prompt and answer together; a cautious guess where the provider does not tell."""
        ...

    @property
    def follows_instructions(self) -> bool:
        """Whether the model can be asked for more than an answer, for example to write a question anew."""
        ...

    def count_tokens(self, text: str) -> int:
        """Return how many tokens a text takes, or an estimate that is rarely too low; cheap, makes no request."""
        ...

    def stream(
        self, messages: Sequence[ChatMessage], options: ChatOptions, *, grounding: Grounding | None = None
    ) -> "AsyncGenerator[ChatDelta | ChatDone, None]":
        """Answer a conversation piece by piece, each piece as soon as it exists; the last item is a `ChatDone`.

        Closing the generator early (`aclose`, or cancelling the task that iterates it) ends the work of the provider
        at once. Wrap it in `contextlib.aclosing`.

        Args:
            messages: The conversation, its last turn the user's.
            options: How to answer.
            grounding: What the answer must come from; models which only follow the prompt ignore it.

        Raises:
            ContextOverflowError: The conversation is too long for the model.
            ProviderError: The provider failed; before the first piece after its retries, later at once.
        """
        ...


@dataclass(frozen=True, slots=True)
class ResolvedChatModel:
    """What the id of a chat model means under the current provider table; attributes as in `ResolvedEmbedder`."""

    model: ChatModel
    requested: str
    served_by: str
    is_fallback: bool


class Reranker(Protocol):
    """Scores passages against a question, reading both together."""

    @property
    def name(self) -> str:
        """`<model>@<provider>` that really serves."""
        ...

    async def rerank(self, question: str, passages: Sequence[str]) -> NDArray[np.float32]:
        """Return how well each passage answers the question.

        Returns:
            Shape (n,), float32, in [0, 1], in the order of the passages.

        Raises:
            ProviderError: The provider failed.
        """
        ...


@dataclass(frozen=True, slots=True)
class ResolvedReranker:
    """What the id of a rerank model means under the current provider table; attributes as in `ResolvedEmbedder`."""

    reranker: Reranker
    requested: str
    served_by: str
    is_fallback: bool


class ModelTable(Protocol):
    """The provider table of the settings: which model ids exist, and who serves them."""

    def resolve_chat(self, model_id: str) -> ResolvedChatModel:
        """Return the chat model for `<model>@<provider>`; cheap, makes no request.

        Args:
            model_id: Split at its last "@", as for embedders; a name without a provider is looked for among the
                embedded models and those which the providers list; empty means the default chat model.

        Raises:
            UnsupportedModelError: Provider or model is unknown or ambiguous, and no fallback is set.
        """
        ...

    def resolve_embedder(self, model_id: str) -> ResolvedEmbedder:
        """Return the embedder for `<model>@<provider>`; cheap, makes no request.

        Args:
            model_id: Split at its last "@"; the provider's name compares without case.

        Raises:
            UnsupportedModelError: Provider or model is unknown and no fallback is set.
        """
        ...

    def resolve_reranker(self, model_id: str) -> ResolvedReranker:
        """Return the reranker for `<model>@<provider>`; cheap, makes no request, knows no fallback.

        Raises:
            UnsupportedModelError: Provider or model is unknown.
        """
        ...


class ParseWorkers(Protocol):
    """Runs parsers over hostile files in processes of their own, limited in memory and time."""

    def parse(
        self, path: Path, *, name: str, method: str, config: Mapping[str, object], layout: "Layout | None" = None
    ) -> "AsyncGenerator[Progress | list[ChunkDraft], None]":
        """Parse and chunk one file, item by item; the worker never runs more than a few items ahead of the caller.

        Closing the generator early (`aclose`, or cancelling the task that iterates it) kills the worker at once. Wrap
        it in `contextlib.aclosing`: a bare `break` closes it only when the generator is collected.

        Args:
            path: The file, readable by this user.
            name: The document's name; its extension tells the format.
            method: Chunk method, for example "naive".
            config: The dataset's parser configuration; values must be JSON values.
            layout: What a layout service found on the pages; None for the built-in readers.

        Yields:
            Progress reports and batches of chunks, in the document's order.

        Raises:
            IngestError: The file cannot be parsed, or the parser crashed, took too long or needed too much memory.
                Its sentence is for the document's owner.
            WorkersClosedError: The workers were closed before or during the parsing; the file is not to blame.
        """
        ...

    async def draw(
        self, path: Path, *, name: str, config: Mapping[str, object], folder: Path, first: int, count: int
    ) -> "DrawnPages":
        """Draw pages of a PDF or a picture for a layout service.

        Args:
            path: The file, readable by this user.
            name: The document's name; its extension tells the format.
            config: The parser configuration; its page ranges choose the pages.
            folder: Where the pictures go, as PNG; must exist.
            first: How many of the chosen pages to leave out at the beginning.
            count: Most pages to draw; with 0 the file is only looked at.

        Raises:
            IngestError, WorkersClosedError: As `parse` does.
        """
        ...


class DocumentLayout(Protocol):
    """A service which recognizes the layout of whole documents."""

    async def recognize(self, path: Path, answer: Path, *, extension: str, last_page: int) -> None:
        """Send a file and write the service's answer, as it came, to another file.

        Args:
            path: The file.
            answer: Where the answer goes.
            extension: The ending of the document's name, with its dot.
            last_page: The last page that is wanted, from 1.

        Raises:
            ProviderError: The service failed.
        """
        ...


class PageLayout(Protocol):
    """A service which recognizes the layout of pages, from their pictures."""

    async def recognize(self, image: Path) -> str:
        """Return the service's text about a PNG picture.

        Raises:
            ProviderError: The service failed.
        """
        ...


class WebError(Exception):
    """A page could not be fetched.

    Attributes:
        sentence: What happened and what to do, in English; it holds nothing of what the website answered.
    """

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class FetchedPage:
    """What a website answered.

    Args:
        url: Where the page was found, after redirects.
        content_type: `text/html`, `application/xhtml+xml`, `text/plain`, `text/markdown` or `application/pdf`.
        body: The page, decompressed; empty when it is unchanged.
        charset: The declared character set; empty when there was none.
        etag: The header ETag; empty when there was none.
        last_modified: The header Last-Modified, likewise.
        is_unchanged: Whether the website says that the page is still what the validators stood for.
    """

    url: str
    content_type: str
    body: bytes
    charset: str = ""
    etag: str = ""
    last_modified: str = ""
    is_unchanged: bool = False


class WebFetcher(Protocol):
    """Fetches pages of websites as a well-behaved robot does."""

    async def check(self, url: str) -> None:
        """Look at an address without sending anything.

        Raises:
            WebError: It cannot be used.
        """
        ...

    async def fetch(self, url: str, *, etag: str = "", last_modified: str = "") -> FetchedPage:
        """Fetch a page, following redirects.

        Args:
            url: The page.
            etag: The ETag of what is known already; the answer may then be that it is unchanged.
            last_modified: Its Last-Modified, likewise.

        Raises:
            WebError: The page may not or cannot be fetched, or is none that has text.
        """
        ...


class Clock(Protocol):
    """The time, as a collaborator so that tests are exact."""

    def now(self) -> datetime:
        """Return the present time, timezone-aware, in UTC."""
        ...


class IdSource(Protocol):
    """Fresh ids, as a collaborator so that tests are exact."""

    def new_id(self) -> str:
        """Return a UUID version 1 as 32 lower-case hexadecimal digits; never the same twice."""
        ...
