"""Generates several answers at once with OpenVINO GenAI: each step gives every conversation its next token."""

import logging
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from knowflow_server.workers import minilm
from knowflow_server.workers.frames import Frame
from knowflow_server.workers.serve import RequestError

logger = logging.getLogger(__name__)

CONTEXT_TOKENS = 4_096
"""Prompt and answer together. The model was trained on 8,192; half of that halves the memory of the cache."""

SLOTS = 4
"""Answers under way at a time; further ones wait for their turns."""

_BLOCK_TOKENS = 32
# A step reads at most so many tokens of prompts (some 0.1 s), so that other answers flow on and a cancelled one ends.
_STEP_TOKENS = 128
_DEFAULT_ANSWER_TOKENS = 512
# What the model's makers recommend.
_TEMPERATURE, _TOP_P = 0.2, 0.9
# A caller's text must not end a turn and begin another one's.
_SPECIAL = ("<|im_start|>", "<|im_end|>", "<|endoftext|>")
_UNFINISHED = "\ufffd"


@dataclass(slots=True)
class _Answer:
    """One answer under way.

    Attributes:
        handle: The pipeline's handle.
        prompt_tokens: Tokens of the conversation.
        stop: Strings that end the answer and are not part of it.
        tokens: Tokens generated so far.
        shown: How many of them are in `text` for good.
        text: Text that is decoded but not sent, because it may be the beginning of a string that ends the answer.
    """

    handle: Any
    prompt_tokens: int
    stop: tuple[str, ...]
    tokens: list[int] = field(default_factory=list)
    shown: int = 0
    text: str = ""


class Generator:
    """The language model, loaded. Not safe for threads.

    Args:
        model: The model file in the format GGUF.
        threads: Threads of the inference, or None for one per core.
    """

    def __init__(self, model: Path, *, threads: int | None) -> None:
        # First, because it keeps OpenVINO's telemetry out.
        minilm.import_openvino()
        import openvino_genai  # type: ignore[import-untyped] # its type information names modules that do not exist

        self._genai = openvino_genai
        schedule = openvino_genai.SchedulerConfig()
        schedule.num_kv_blocks = SLOTS * CONTEXT_TOKENS // _BLOCK_TOKENS
        schedule.max_num_seqs = SLOTS
        schedule.max_num_batched_tokens = _STEP_TOKENS
        # The turns that a conversation repeats are not computed again.
        schedule.enable_prefix_caching = True
        properties = {} if threads is None else {"INFERENCE_NUM_THREADS": threads}
        self._pipeline = openvino_genai.ContinuousBatchingPipeline(str(model), schedule, "CPU", properties)
        self._tokenizer = self._pipeline.get_tokenizer()
        self._end_token: int = self._tokenizer.get_eos_token_id()
        self._answers: dict[int, _Answer] = {}

    @property
    def is_busy(self) -> bool:
        """Whether an answer is under way."""
        return bool(self._answers)

    def add(self, number: int, body: Mapping[str, Any]) -> None:
        """Take a request.

        Args:
            number: What the frames of its answer carry as "id".
            body: `messages`, a list of objects with role and content, and the options by name, None or absent for
                the model's own.

        Raises:
            RequestError: The conversation is too long ("context") or the options are out of range ("request").
        """
        messages = [{"role": turn["role"], "content": _harmless(turn["content"])} for turn in body["messages"]]
        prompt = self._tokenizer.apply_chat_template(messages, add_generation_prompt=True)
        ids = self._tokenizer.encode(prompt, add_special_tokens=False).input_ids
        length = int(ids.shape[1])
        if length >= CONTEXT_TOKENS:
            sentence = f"The conversation has {length} tokens; the model reads at most {CONTEXT_TOKENS - 1}."
            raise RequestError("context", sentence)
        options = self._options(body, room=CONTEXT_TOKENS - length)
        try:
            handle = self._pipeline.add_request(number, ids, options)
        except RuntimeError as error:
            logger.warning("A request's options were refused: %s", error)
            raise RequestError("request", "The options of the answer are out of range.") from error
        self._answers[number] = _Answer(handle, length, tuple(filter(None, body.get("stop") or ())))

    def cancel(self, number: int) -> None:
        """End an answer; nothing more is said about it. One that is not under way is ignored."""
        if answer := self._answers.pop(number, None):
            answer.handle.cancel()

    def step(self) -> Iterator[Frame]:
        """Compute the next token of each answer and give what became text of it, and the ends of answers."""
        if self._pipeline.has_non_finished_requests():
            self._pipeline.step()
        for number, answer in list(self._answers.items()):
            yield from self._read(number, answer)

    def _read(self, number: int, answer: _Answer) -> Iterator[Frame]:
        reason = None
        while answer.handle.can_read():
            for output in answer.handle.read().values():
                answer.tokens += output.generated_ids
                reason = self._reason(output.finish_reason)
        if reason is None and self._is_dropped(answer.handle.get_status()):
            self.cancel(number)
            yield Frame("error", {"id": number, "kind": "context", "sentence": "There is no room for this answer."})
            return
        self._decode(answer, is_over=reason is not None)
        text, is_stopped = _released(answer, is_over=reason is not None)
        if text:
            yield Frame("item", {"id": number, "text": text})
        if is_stopped or reason is not None:
            self.cancel(number)
            usage = {"prompt_tokens": answer.prompt_tokens, "completion_tokens": len(answer.tokens)}
            yield Frame("end", {"id": number, "reason": "stop" if is_stopped else reason, **usage})

    def _decode(self, answer: _Answer, *, is_over: bool) -> None:
        """Move what the new tokens spell to `text`, unless a character of it is still incomplete."""
        fresh = [token for token in answer.tokens[answer.shown :] if token != self._end_token]
        text: str = self._tokenizer.decode(fresh) if fresh else ""
        if text.endswith(_UNFINISHED) and not is_over:
            return
        answer.text += text
        answer.shown = len(answer.tokens)

    def _reason(self, reason: Any) -> str | None:
        kinds = self._genai.GenerationFinishReason
        return {kinds.STOP: "stop", kinds.LENGTH: "length"}.get(reason)

    def _is_dropped(self, status: Any) -> bool:
        return bool(status == self._genai.GenerationStatus.IGNORED)

    def _options(self, body: Mapping[str, Any], *, room: int) -> Any:
        config = self._genai.GenerationConfig()
        config.eos_token_id = self._end_token
        config.max_new_tokens = max(1, min(room, _given(body, "max_tokens", _DEFAULT_ANSWER_TOKENS)))
        temperature = _given(body, "temperature", _TEMPERATURE)
        config.do_sample = temperature > 0
        if config.do_sample:
            config.temperature = temperature
            config.top_p = min(1.0, max(1e-3, _given(body, "top_p", _TOP_P)))
            # Otherwise each answer is drawn with the same numbers.
            config.rng_seed = random.getrandbits(31)
        config.presence_penalty = _given(body, "presence_penalty", 0.0)
        config.frequency_penalty = _given(body, "frequency_penalty", 0.0)
        return config


def _given(body: Mapping[str, Any], name: str, default: Any) -> Any:
    value = body.get(name)
    return default if value is None else value


def _harmless(text: str) -> str:
    for token in _SPECIAL:
        text = text.replace(token, token.replace("|", " "))
    return text


def _released(answer: _Answer, *, is_over: bool) -> tuple[str, bool]:
    """Return the text that can be sent, taken out of the answer, and whether one of its stop strings ended it."""
    found = [place for stop in answer.stop if (place := answer.text.find(stop)) >= 0]
    if found:
        return answer.text[: min(found)], True
    held = 0 if is_over else _held_back(answer.text, answer.stop)
    text, answer.text = answer.text[: len(answer.text) - held], answer.text[len(answer.text) - held :]
    return text, False


def _held_back(text: str, stop: Sequence[str]) -> int:
    """Return how many last characters may be the beginning of one of the strings."""
    longest = max((len(string) for string in stop), default=1) - 1
    sizes = range(min(longest, len(text)), 0, -1)
    return next((size for size in sizes if any(string.startswith(text[-size:]) for string in stop)), 0)
