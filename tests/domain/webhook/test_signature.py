"""Signatures are those of the Standard Webhooks specification: its vector, and the library that receivers use."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks.webhooks import Webhook

from knowflow_server.domain.webhook import signature


def test_vector_of_the_specifications_libraries() -> None:
    key = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    made = signature.headers("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}', [key])
    assert made == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


@given(st.text(max_size=200), st.lists(st.binary(min_size=24, max_size=64), min_size=1, max_size=4))
def test_every_key_verifies_by_itself(text: str, keys: list[bytes]) -> None:
    now = datetime.now(UTC)
    body = text.encode(errors="replace")
    made = signature.headers("msg_1", int(now.timestamp()), body, keys)
    for key, one in zip(keys, made["webhook-signature"].split(), strict=True):
        receiver = Webhook(signature.shown(key))
        assert receiver.sign("msg_1", now, body.decode()) == one


def test_secret_has_the_size_that_the_specification_asks_for() -> None:
    secret = signature.shown(signature.new_secret())
    assert secret.startswith("whsec_")
    assert 24 <= len(base64.b64decode(secret.removeprefix("whsec_"))) <= 64
    assert secret != signature.shown(signature.new_secret())
