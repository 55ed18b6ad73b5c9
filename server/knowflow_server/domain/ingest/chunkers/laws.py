"""The laws method: each article is a chunk and knows the headings above it."""

import sys
from collections.abc import Sequence

from knowflow_server.domain.ingest.blocks import Block
from knowflow_server.domain.ingest.chunkers.outline import find_outline
from knowflow_server.domain.ingest.chunkers.sections import Sections
from knowflow_server.domain.ingest.config import IngestConfig
from knowflow_server.domain.ingest.tokens import TokenCounter


def choose_laws(sample: Sequence[Block], config: IngestConfig, count_tokens: TokenCounter) -> Sections | None:
    """Return the chunker for a document with headings or numbered articles; see `Choose`.

    Each section of the lowest level is a chunk, the headings right above it included.
    """
    outline = find_outline(sample, with_clauses=True, with_title=True)
    if outline is None:
        return None
    return Sections(outline, closing_rank=sys.maxsize, limit=config.chunk_tokens, count_tokens=count_tokens)
