"""Webpages and files of knowledge bases: what fetches and reads them, and the services that show them."""

from __future__ import annotations

from knowflow_server.assembly.core import Core
from knowflow_server.assembly.knowledgebase import knowledgebases_of
from knowflow_server.assembly.part import Base, Part
from knowflow_server.assembly.references import references_of
from knowflow_server.domain.web.file import KnowledgeFiles
from knowflow_server.domain.web.reading import Reading
from knowflow_server.domain.web.webpage import Webpages
from knowflow_server.providers.addresses import Addresses
from knowflow_server.providers.outgoing import OutgoingGuard, OutgoingLimits
from knowflow_server.providers.web_fetcher import RobotsWebFetcher
from knowflow_server.rpc.knowledgebase.document import DocumentService
from knowflow_server.rpc.knowledgebase.webpage import WebpageService


def join_webpages(base: Base, core: Core) -> Part:
    """Return the services of webpages and files; from now on, the jobs which read them are done."""
    settings, entities, common = base.settings, base.stores.entities, base.common
    # Lookups of its own: a name that never resolves must not hold up agents and webhooks.
    addresses = Addresses(settings.outgoing_allow)
    base.stack.callback(addresses.close)
    limits = OutgoingLimits(
        ports=frozenset(settings.outgoing_ports), timeout_s=settings.web_timeout_s, max_bytes=settings.web_max_bytes
    )
    fetcher = RobotsWebFetcher(
        OutgoingGuard(addresses, limits), user_agent=settings.web_user_agent, timeout_s=settings.web_timeout_s
    )
    references, reader = references_of(base), base.knowledge.reader
    base.knowledge.runner.first_step(
        Reading(
            entities,
            base.stores.blobs,
            references,
            reader.workers,
            fetcher,
            reader.labelling,
            common.jobs,
            common.board,
            common.clock,
            common.ids,
            folder=reader.folder,
        )
    )
    webpages = Webpages(
        entities,
        core.documents,
        fetcher,
        common.jobs,
        common.clock,
        refresh_s=settings.web_refresh_s,
    )
    files = KnowledgeFiles(entities, core.documents, common.clock, max_file_bytes=settings.max_file_bytes)
    knowledgebases = knowledgebases_of(base, core)
    return Part(
        [
            WebpageService(knowledgebases, webpages, references),
            DocumentService(knowledgebases, files, references),
        ]
    )
