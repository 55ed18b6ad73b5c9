"""Webpages and documents of knowledge bases: to callers of another organization, they do not exist."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any, NamedTuple

import grpc
import httpx
from google.protobuf import json_format
from google.protobuf.message_factory import GetMessageClass
from google.rpc import error_details_pb2
from grpc_status import rpc_status

from tests.reliability.test_tenancy_knowledgebase import METHODS, WALKED
from tests.rpc.calls import ended
from tests.serving import OTHER_KEY, Server


class Ids(NamedTuple):
    """What a request names."""

    knowledgebase: str
    webpage: str
    document: str


UNKNOWN = Ids("0" * 32, "1" * 32, "2" * 32)
CASES: list[tuple[str, Callable[[Ids], dict[str, Any]]]] = [
    ("WebpageService/ListWebpages", lambda i: {}),
    ("WebpageService/CreateWebpage", lambda i: {"url": "http://127.0.0.1:1/"}),
    ("WebpageService/GetWebpage", lambda i: {"webpageId": i.webpage}),
    ("WebpageService/UpdateWebpage", lambda i: {"webpageId": i.webpage, "name": "stolen"}),
    ("WebpageService/DeleteWebpage", lambda i: {"webpageId": i.webpage}),
    ("WebpageService/RefreshWebpage", lambda i: {"webpageId": i.webpage}),
    ("DocumentService/ListDocuments", lambda i: {}),
    ("DocumentService/UploadDocument", lambda i: {"body": {"contentType": "application/json", "data": "e30="}}),
    ("DocumentService/CreateDocument", lambda i: {"fileName": "planted.md", "content": "aGk="}),
    ("DocumentService/GetDocument", lambda i: {"documentId": i.document}),
    ("DocumentService/UpdateDocument", lambda i: {"documentId": i.document, "name": "stolen"}),
    ("DocumentService/DeleteDocument", lambda i: {"documentId": i.document}),
]


async def outcome(channel: grpc.aio.Channel, name: str, request: dict[str, Any], ids: Ids) -> tuple[str, ...]:
    """Return all that a caller learns from a call, with the ids that it gave itself written alike."""
    path, method = METHODS[name]
    send = getattr(channel, "stream_unary" if method.client_streaming else "unary_unary")(
        path,
        request_serializer=lambda one: one.SerializeToString(),
        response_deserializer=GetMessageClass(method.output_type).FromString,
    )
    message = json_format.ParseDict(
        {"knowledgebaseId": ids.knowledgebase, **request}, GetMessageClass(method.input_type)()
    )
    try:
        learnt = ("OK", str(await send(iter([message]) if method.client_streaming else message, timeout=30)))
    except grpc.aio.AioRpcError as error:
        info, status = error_details_pb2.ErrorInfo(), rpc_status.from_call(error)
        assert status is not None
        assert status.details[0].Unpack(info)
        learnt = (error.code().name, f"{error.details()} {info.reason} {sorted(info.metadata.items())}")
    for field, value in ids._asdict().items():
        learnt = (learnt[0], learnt[1].replace(value, f"<{field}>"))
    return learnt


async def possession(rest: httpx.AsyncClient, channel: grpc.aio.Channel, website: str) -> Ids:
    """Return a knowledge base with a webpage and a document, both of which have been read."""

    async def made(path: str, body: dict[str, Any]) -> str:
        answer = await rest.post(path, json=body)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["data"]["id"])

    knowledgebase = await made("/api/v1/knowledgebase", {"name": f"pages {uuid.uuid4()}"})
    place = f"/api/v1/knowledgebase/{knowledgebase}"
    webpage = await made(f"{place}/webpages", {"url": f"{website}/words"})
    document = await made(f"{place}/documents", {"fileName": "a.md", "contentBase64": "UTogV2h5PwpBOiBTby4K"})
    for one in (webpage, document):
        await ended(channel, knowledgebase, one)
    return Ids(knowledgebase, webpage, document)


async def everything(rest: httpx.AsyncClient, ids: Ids) -> list[str]:
    """Return all there is to know about the items of a knowledge base, for its owner."""
    place = f"/api/v1/knowledgebase/{ids.knowledgebase}"
    paths = (place, f"{place}/webpages/{ids.webpage}", f"{place}/documents/{ids.document}", f"{place}/references")
    return [(await rest.get(path)).text for path in paths]


def test_cases_cover_every_method_that_the_others_leave() -> None:
    assert {name for name, _ in CASES} == {name for name in METHODS if not name.startswith(WALKED)}


async def test_ids_of_another_organization_look_like_unknown_ones(
    server: Server, rest: httpx.AsyncClient, stranger: httpx.AsyncClient, channel: grpc.aio.Channel
) -> None:
    differing, reasons = [], set()
    async with server.channel(OTHER_KEY) as foreign:
        theirs = await possession(rest, channel, server.website)
        own = await possession(stranger, foreign, server.website)
        before = await everything(rest, theirs)
        for name, request in CASES:
            for fields in (Ids._fields, *((field,) for field in Ids._fields)):
                mixed = own._replace(**{field: getattr(theirs, field) for field in fields})
                unknown = own._replace(**{field: getattr(UNKNOWN, field) for field in fields})
                # What the caller's own ids do is not the question.
                if "knowledgebase" not in fields and request(mixed) == request(own):
                    continue
                seen = await outcome(foreign, name, request(mixed), mixed)
                expected = await outcome(foreign, name, request(unknown), unknown)
                if seen != expected:
                    differing.append((name, fields, seen, expected))
                reasons.add(expected[0])
    assert differing == []
    assert reasons == {"NOT_FOUND"}
    assert await everything(rest, theirs) == before
