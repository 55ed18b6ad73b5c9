"""Reading talks: what was said, as those who look after a chatbot ask for it."""

from __future__ import annotations

from dataclasses import dataclass

from knowflow.store.v1.chat_message_pb2 import ChatMessage
from knowflow.store.v1.flow_pb2 import Flow
from knowflow_server.domain.clock import microseconds
from knowflow_server.domain.konversation.subscriber import Subscribers
from knowflow_server.domain.page import Page, PageRequest, page_of
from knowflow_server.domain.ports import Clock
from knowflow_server.domain.talk.log import OUT, SYSTEM, ChatLog
from knowflow_server.errors.base import InvalidArgumentError

SECOND_US = 1_000_000
# The longest month.
MONTH_US = 31 * 24 * 3600 * SECOND_US


@dataclass(frozen=True, slots=True)
class Asked:
    """Which messages of a talk are asked for.

    Args:
        user_ns: The subscriber; empty where `user_id` says it.
        user_id: The subscriber by the id in the channel.
        bot: Whether those of the chatbot belong to them.
        system: Whether notes of the server do.
        msg_type: Only those of this type; empty for all.
        start_s: From when on, in seconds since 1970; None for a month ago.
        end_s: Until when; None for now.
    """

    user_ns: str
    user_id: str
    bot: bool
    system: bool
    msg_type: str
    start_s: float | None
    end_s: float | None


class ChatMessages:
    """The messages of all talks. Who may see the chatbot, which callers give, was decided before."""

    def __init__(self, subscribers: Subscribers, log: ChatLog, clock: Clock) -> None:
        self._subscribers = subscribers
        self._log = log
        self._clock = clock

    async def list(self, flow: Flow, asked: Asked, page: PageRequest) -> Page[ChatMessage]:
        """Return one page of the messages of a talk, newest first.

        Raises:
            SubscriberNotFoundError: There is no such subscriber.
            InvalidArgumentError: No subscriber is named, or the beginning lies more than a month back.
        """
        if not asked.user_ns and not asked.user_id:
            raise InvalidArgumentError("Give `user_ns` or `user_id`.", field="user_ns")
        if asked.user_ns:
            record = self._subscribers.get(flow, asked.user_ns)
        else:
            record = self._subscribers.by_user_id(flow, asked.user_id)
        earliest = microseconds(self._clock) - MONTH_US
        after = earliest if asked.start_s is None else int(asked.start_s * SECOND_US) - 1
        if after < earliest:
            raise InvalidArgumentError("`start_time` must be at most one month (31 days) ago.", field="start_time")
        # A second is over when the next one begins.
        until = 0 if asked.end_s is None else int(asked.end_s * SECOND_US) + SECOND_US - 1
        left_out = {*(() if asked.bot else (OUT,)), *(() if asked.system else (SYSTEM,))}
        found = await self._log.of(record, after=max(after, 1), until=until)
        wanted = [one for one in reversed(found) if one.type not in left_out and asked.msg_type in ("", one.msg_type)]
        return page_of(wanted, page)
