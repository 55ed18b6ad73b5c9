"""The sentence of an error, short enough to travel as a header."""

from __future__ import annotations

import json

from knowflow_server.errors.base import KnowFlowError

# A body travels as a header beside sentence and details of gRPC's own status, see `error_mapping.py`. Above 8 KB in
# all, clients refuse the headers, at first by chance. Escapes make up to twelve bytes of a letter.
MAX_SENTENCE = 1200
MAX_SENTENCE_BYTES = 1900


def sentence_of(error: KnowFlowError) -> str:
    """Return the sentence of an error, cut when it is too long for the headers of an answer."""
    sentence = error.sentence[:MAX_SENTENCE]
    size = 0
    for place, character in enumerate(sentence):
        size += len(json.dumps(character)) - 2
        if size > MAX_SENTENCE_BYTES:
            return sentence[:place]
    return sentence
