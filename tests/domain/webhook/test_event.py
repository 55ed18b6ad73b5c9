"""A body stays below the 20 kB of the specification, whatever people write."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowflow.store.v1.chat_pb2 import Message, Session
from knowflow.store.v1.dataset_pb2 import Dataset
from knowflow.store.v1.document_pb2 import PARSE_STATE_SUCCEEDED, Document
from knowflow_server.domain.webhook import event

LIMIT = 20_000
LONG = ["x" * 200_000, "知" * 50_000, '"' * 50_000, "\x00" * 20_000, "\U0001f600" * 20_000]


@pytest.mark.parametrize("text", LONG, ids=["ascii", "chinese", "quotes", "zeros", "emoji"])
def test_body_of_each_event_is_bounded(text: str) -> None:
    session = Session(id="s", name=text, user_id=text)
    message = Message(id="m", session_id="s", role="user", content=text)
    documents = [("created", Document(id="d" * 32, name=text, state=PARSE_STATE_SUCCEEDED)) for _ in range(1000)]
    datas = [
        event.conversation(session, {"chat_id": "c" * 32}),
        event.message(message, {"chat_id": "c" * 32}),
        event.knowledge_base(Dataset(id="k", name=text), "updated", documents),
    ]
    for data in datas:
        body = event.body("conversation.message.created", data, at=0)
        assert len(body) < LIMIT
        assert json.loads(body)["timestamp"] == "1970-01-01T00:00:00.000000Z"
    assert datas[1]["message"]["content_truncated"] is True
    assert (len(datas[2]["documents"]), datas[2]["documents_total"]) == (10, 1000)


def test_short_text_is_whole() -> None:
    told = event.message(Message(id="m", content="Tides – 潮汐"), {})["message"]
    assert (told["content"], told["content_truncated"]) == ("Tides – 潮汐", False)


@given(st.text(max_size=300), st.integers(2, 200))
def test_cut_text_is_a_beginning_that_fits(text: str, limit: int) -> None:
    short, is_cut = event.cut(text, limit)
    assert len(json.dumps(short, ensure_ascii=False).encode()) <= limit
    whole = text.encode(errors="replace").decode()
    assert whole.startswith(short)
    assert is_cut == (short != whole)
    # Nothing is thrown away in vain: six bytes are the most that a character takes.
    assert not is_cut or len(json.dumps(whole[: len(short) + 1], ensure_ascii=False).encode()) > limit - 12


def test_time_is_exact_to_the_microsecond() -> None:
    assert event.iso(1_736_937_000_000_001) == "2025-01-15T10:30:00.000001Z"
