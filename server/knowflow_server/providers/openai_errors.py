"""What goes wrong between here and an OpenAI-compatible endpoint, as errors that never show a key or a prompt."""

import email.utils
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Final

import aiohttp

from knowflow_server.domain.ports import ContextOverflowError, ProviderError

_REQUEST_TIMEOUT, _TOO_MANY_REQUESTS, _SERVER_ERROR = 408, 429, 500
_SENTENCES: Final = {
    401: "refused the API key; check it in the settings",
    403: "does not allow this API key to use the model",
    404: "does not know the model or the address; check both in the settings",
    408: "took too long",
    413: "was sent more than it accepts",
    429: "is overloaded, or its quota is used up; try again later",
}
# OpenAI's code for an empty account, which waiting does not fill.
_NO_QUOTA = "insufficient_quota"
# Narrow, so that no key fits.
_CODE = re.compile(r"[a-z_]{1,64}|\d{1,6}")
_PARAM = re.compile(r"[a-z_]{1,64}")
_BROKEN = "cannot be reached or broke the connection"
# Where a prompt that is too long may be told of; llama.cpp has said it with 500.
_OVERFLOW_STATUSES = frozenset({400, 413, 422, 500})
# OpenAI and DeepSeek; vLLM; llama.cpp; Anthropic; Gemini; Mistral; text-generation-inference; DashScope; SiliconFlow.
_OVERFLOW = re.compile(
    r"context[ _-]?(?:length|window|size)|maximum (?:model|context|sequence) length|exceed_context"
    r"|prompt is too long|input is too long|prompt contains .{1,40}too large|too many (?:input )?tokens"
    r"|input token count|reduce the length of (?:the messages|your prompt|the prompt)"
    r"|inputs.{0,40}must have less than \d+ tokens|max_new_tokens.{0,8}must be|range of input length|max_seq_len",
    re.IGNORECASE,
)


class RefusedError(ProviderError):
    """A provider answered with an error status.

    Attributes:
        param: The field of the request which the provider found fault with; empty where it does not say.
    """

    param: str = ""


def refusal(
    provider: str, status: int, headers: Mapping[str, str], body: bytes, *, max_retry_after_s: float
) -> ProviderError:
    """Return the error for an answer with an error status.

    Args:
        provider: Name in the provider table.
        status: HTTP status, or the status that an error within a stream has.
        headers: Of the answer; names compare without case.
        body: Its beginning.
        max_retry_after_s: A provider that wants a longer pause is not asked again.

    Returns:
        A `ContextOverflowError` when the provider says in one of the common ways that the prompt is too long, else a
        `RefusedError`.
    """
    error = _error_object(body)
    code = _code(error)
    if status in _OVERFLOW_STATUSES and _OVERFLOW.search(f"{code} {_message(error)}"):
        return context_overflow(provider, status=status)
    can_wait = status in (_REQUEST_TIMEOUT, _TOO_MANY_REQUESTS) or status >= _SERVER_ERROR
    retry_after = retry_after_s(headers.get("Retry-After")) if can_wait else None
    is_too_long = retry_after is not None and retry_after > max_retry_after_s
    text = _SENTENCES.get(status, "failed" if status >= _SERVER_ERROR else "refused the request")
    # The provider's own words are left out: some repeat the key or the texts.
    details = [f"HTTP {status}", *([code] if code else [])]
    if retry_after is not None and is_too_long:
        details.append(f"it asks for a pause of {retry_after:.0f} s")
    made = RefusedError(
        provider,
        f"The provider {provider} {text} ({', '.join(details)}).",
        status=status,
        is_retryable=can_wait and not is_too_long and code != _NO_QUOTA,
        retry_after_s=retry_after,
    )
    param = error.get("param")
    made.param = param if isinstance(param, str) and _PARAM.fullmatch(param) else ""
    return made


def stream_refusal(provider: str, error: object) -> ProviderError:
    """Return the error for an error object within a stream, whose code may be a word or an HTTP status."""
    code = error.get("code") if isinstance(error, dict) else None
    digits = str(code) if isinstance(code, int | str) else ""
    status = int(digits) if re.fullmatch(r"[45]\d\d", digits) else _SERVER_ERROR
    return refusal(provider, status, {}, json.dumps({"error": error}).encode(), max_retry_after_s=0.0)


def context_overflow(provider: str, *, status: int | None = None) -> ContextOverflowError:
    """Return the error for a prompt that the model cannot read as a whole."""
    sentence = (
        f"The provider {provider} says that the prompt is longer than the model's context; ask for fewer chunks, or "
        "set the model's context_tokens in the settings."
    )
    return ContextOverflowError(provider, sentence, status=status)


@contextmanager
def translated(provider: str, *, late: str) -> Iterator[None]:
    """Turn the errors of aiohttp and of `asyncio.timeout` into `ProviderError`.

    Args:
        provider: Name in the provider table.
        late: What the provider did when a timeout ended the wait for it, such as "did not answer within 60 s".
    """
    try:
        yield
    except (aiohttp.InvalidURL, aiohttp.NonHttpUrlClientError) as error:
        raise _error(provider, "cannot be asked; check its address in the settings") from error
    except aiohttp.ClientConnectorCertificateError as error:
        raise _error(provider, "has a TLS certificate that is not trusted; check its address") from error
    except aiohttp.ConnectionTimeoutError as error:
        raise _error(provider, _BROKEN, is_retryable=True) from error
    except TimeoutError as error:
        raise _error(provider, late, is_retryable=True) from error
    except (aiohttp.ClientConnectionError, aiohttp.ClientPayloadError, OSError) as error:
        raise _error(provider, _BROKEN, is_retryable=True) from error
    except (aiohttp.ClientError, ValueError) as error:
        raise _error(provider, "gave an answer that is not HTTP; check its address in the settings") from error


def retry_after_s(header: str | None) -> float | None:
    """Return the seconds of a Retry-After header, which holds seconds or a date (RFC 9110, 10.2.3), or None."""
    if not header:
        return None
    if header.strip().isdecimal():
        return float(header)
    try:
        moment = email.utils.parsedate_to_datetime(header)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


def _error(provider: str, what: str, *, is_retryable: bool = False) -> ProviderError:
    return ProviderError(provider, f"The provider {provider} {what}.", is_retryable=is_retryable)


def _error_object(body: bytes) -> Mapping[str, object]:
    """Return OpenAI's `error` object; some servers give its fields at the top, some a list around all."""
    try:
        parsed = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    if isinstance(parsed, list) and parsed:
        parsed = parsed[0]
    error = parsed.get("error", parsed) if isinstance(parsed, dict) else {}
    if isinstance(error, str):
        return {"message": error}
    return error if isinstance(error, dict) else {}


def _message(error: Mapping[str, object]) -> str:
    words = error.get("message") or error.get("detail")
    return words[:1_000] if isinstance(words, str) else ""


def _code(error: Mapping[str, object]) -> str:
    """Return `code` (or `type`) where it is a plain word, else an empty string."""
    words = [error.get("code"), error.get("type")]
    return next((word for word in words if isinstance(word, str) and _CODE.fullmatch(word)), "")
