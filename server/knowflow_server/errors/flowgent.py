"""Errors of FlowGent alone."""

from __future__ import annotations

from knowflow_server.errors.base import KnowFlowError


class UsageRangeInvalidError(KnowFlowError):
    """The days that are asked for cannot be; the sentence says why, and `title` is what FlowGent calls it."""

    code, reason = "INVALID_ARGUMENT", "USAGE_RANGE_INVALID"
