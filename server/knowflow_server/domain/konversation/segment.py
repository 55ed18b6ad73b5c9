"""Segments: groups of subscribers by what they have in common."""

from __future__ import annotations

from knowflow.store.v1.flow_segment_pb2 import Segment
from knowflow_server.domain.konversation.named import Kind, Named
from knowflow_server.domain.ports import Clock
from knowflow_server.errors.konversation import SegmentNotFoundError
from knowflow_server.store.entities import EntityStore

MAX_SEGMENTS = 500


class Segments(Named[Segment]):
    """The segments of all chatbots. Who belongs to one, `Audience` knows."""

    def __init__(self, entities: EntityStore, clock: Clock) -> None:
        kind = Kind(Segment, "segment", MAX_SEGMENTS, lambda name: SegmentNotFoundError(segment_ns=name))
        super().__init__(entities, clock, kind)
