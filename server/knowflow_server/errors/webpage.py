"""Errors of webpages."""

from __future__ import annotations

from knowflow_server.errors.base import KnowFlowError


class WebpageNotFoundError(KnowFlowError):
    """The webpage does not exist in the knowledge base."""

    code, reason, template = "NOT_FOUND", "WEBPAGE_NOT_FOUND", "Webpage not found"


class WebpageUpdatingError(KnowFlowError):
    """The webpage is being read, or waits for that."""

    code, reason, template = "ABORTED", "WEBPAGE_UPDATING", "Webpage is already being refreshed"


class WebpageRefreshLimitedError(KnowFlowError):
    """The webpage was refreshed a short time ago."""

    code, reason = "RESOURCE_EXHAUSTED", "WEBPAGE_REFRESH_LIMITED"
    template = "Rate limit exceeded. Webpages can only be refreshed once per day."


class WebpageUrlRefusedError(KnowFlowError):
    """No page can be read from the address; the sentence says why."""

    code, reason = "INVALID_ARGUMENT", "WEBPAGE_URL_REFUSED"
