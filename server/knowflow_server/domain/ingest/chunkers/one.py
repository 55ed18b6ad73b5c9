"""The one method: the whole document is one chunk."""

from collections.abc import Sequence

from knowflow_server.domain.ingest.blocks import Block
from knowflow_server.domain.ingest.chunkers.pack import Content
from knowflow_server.domain.ingest.config import IngestConfig
from knowflow_server.domain.ingest.tokens import TokenCounter


class OneChunker:
    """Keeps the whole document in one chunk, whatever its size; the embedding model sees as much as it can take.

    Args:
        config: Not used: the method has no options.
        count_tokens: Counts tokens.
    """

    def __init__(self, config: IngestConfig, count_tokens: TokenCounter) -> None:
        del config
        self._count_tokens = count_tokens
        self._texts: list[str] = []

    def feed(self, blocks: Sequence[Block]) -> list[Content]:
        """Take the next blocks of the document; return nothing, as the document is not complete."""
        self._texts += [block.text for block in blocks]
        return []

    def finish(self) -> list[Content]:
        """Return the document, or nothing when it is blank."""
        text = "".join(self._texts)
        return [Content(text, self._count_tokens([text])[0])] if text.strip() else []
