"""The layout services `mineru` and `dots`, from an upload to chunks, against stand-ins of their servers."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import grpc
import httpx
import pytest
from PIL import Image

from tests.layouts.stand_ins import StandIn, breaking, refusing, saying, serving
from tests.reliability.files import pdf
from tests.rpc.calls import chunks_of, document_of, ended, new_dataset, parsed, start_parsing, stop_parsing, upload
from tests.serving import Server, start_server

WIDTH, HEIGHT = 595.2, 841.8  # A4 in points

# Written by hand in the format of MinerU's documentation; boxes in thousandths of the page.
MINERU = [
    {"type": "header", "text": "Journal of Tides", "bbox": [100, 20, 900, 40], "page_idx": 0},
    {"type": "text", "text": "Tides", "text_level": 1, "bbox": [100, 100, 500, 150], "page_idx": 0},
    {"type": "text", "text": "The moon pulls the sea.", "bbox": [100, 200, 900, 300], "page_idx": 0},
    {
        "type": "table",
        "img_path": "images/a.jpg",
        "table_caption": ["Table 1: Heights"],
        "table_body": "<table><tr><td>port</td><td>m</td></tr><tr><td>Brest</td><td>7</td></tr></table>",
        "table_footnote": ["in 2020"],
        "bbox": [100, 400, 900, 600],
        "page_idx": 0,
    },
    {
        "type": "image",
        "img_path": "images/b.jpg",
        "image_caption": ["Figure 1: A wave"],
        "bbox": [100, 200, 900, 300],
        "page_idx": 1,
    },
    {"type": "equation", "text": "$$a=b$$", "text_format": "latex", "bbox": [100, 400, 900, 600], "page_idx": 1},
    {"type": "page_number", "text": "2", "bbox": [480, 950, 520, 980], "page_idx": 1},
]
MINERU_TEXT = (
    "Tides\n\nThe moon pulls the sea.\n\nTable 1: Heights\n\n| port | m |\n| --- | --- |\n| Brest | 7 |\n\nin 2020\n\n"
    "Figure 1: A wave\n\n$$a=b$$\n\n"
)


def dots_cells(request: dict[str, Any]) -> str:
    """The model's answer: boxes in pixels of the picture it was sent, given here in tenths of its sides."""
    width, height = request["image"].size

    def box(*tenths: float) -> list[int]:
        return [round(tenth * side / 10) for tenth, side in zip(tenths, (width, height) * 2, strict=True)]

    cells = [
        {"bbox": box(1, 0, 9, 0.3), "category": "Page-header", "text": "Journal of Tides"},
        {"bbox": box(1, 1, 5, 1.5), "category": "Section-header", "text": "## Tides"},
        {"bbox": box(1, 2, 9, 3), "category": "Text", "text": "The moon pulls the sea."},
        {"bbox": box(1, 4, 9, 6), "category": "Table", "text": "<table><tr><td>a</td><td>b</td></tr></table>"},
        {"bbox": box(1, 7, 9, 8), "category": "Picture"},
        {"bbox": box(1, 8, 9, 8.5), "category": "Formula", "text": "a=b"},
    ]
    return json.dumps(cells)


@pytest.fixture(scope="module")
def mineru() -> Iterator[StandIn]:
    with serving(lambda _: MINERU) as stand_in:
        yield stand_in


@pytest.fixture(scope="module")
def dots() -> Iterator[StandIn]:
    with serving(dots_cells) as stand_in:
        yield stand_in


@pytest.fixture(scope="module")
def server(mineru: StandIn, dots: StandIn, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    settings = {
        "MINERU_URL": mineru.url,
        "DOTS_URL": dots.url + "/v1",
        "LAYOUT_CONCURRENCY": "2",
        "PARSE_WORKERS": "1",
    }
    with start_server(tmp_path_factory.mktemp("layouts"), settings=settings) as running:
        yield running


@pytest.fixture(autouse=True)
def clean(mineru: StandIn, dots: StandIn) -> Iterator[None]:
    for stand_in in (mineru, dots):
        stand_in.requests.clear()
        stand_in.left.clear()
        while stand_in.arrived.acquire(blocking=False):
            pass
    yield
    for stand_in in (mineru, dots):
        stand_in.replies.clear()
        stand_in.gate.set()


@pytest.fixture
async def rest(server: Server) -> AsyncIterator[httpx.AsyncClient]:
    async with server.rest() as client:
        yield client


@pytest.fixture
async def channel(server: Server) -> AsyncIterator[grpc.aio.Channel]:
    async with server.channel() as channel:
        yield channel


async def dataset_of(rest: httpx.AsyncClient, layout: str, method: str = "one") -> str:
    return await new_dataset(rest, chunk_method=method, parser_config={"layout_recognize": layout})


def box(x1: float, x2: float, y1: float, y2: float, *, dpi: float = 72) -> list[float]:
    """A box of tenths of an A4 page, in the order x1, x2, y1, y2."""
    across, down = WIDTH / 10 * dpi / 72, HEIGHT / 10 * dpi / 72
    return [x1 * across, x2 * across, y1 * down, y2 * down]


async def test_mineru_document_becomes_chunks_with_positions_at_72_dpi(
    rest: httpx.AsyncClient, channel: grpc.aio.Channel, mineru: StandIn
) -> None:
    content = pdf(pages=2)
    dataset = await dataset_of(rest, "mineru")
    document = await upload(rest, dataset, "secret name.pdf", content)
    last = await parsed(rest, channel, dataset, document)
    assert ("1", 100) == (last.status, last.progress), last.progress_msg
    assert "The mineru service has answered." in last.progress_msg
    [chunk] = await chunks_of(rest, dataset, document)
    assert MINERU_TEXT == chunk["content"]
    expected = [[1, *box(1, 9, 1, 6)], [2, *box(1, 9, 2, 6)]]
    for wanted, position in zip(expected, chunk["positions"], strict=True):
        assert pytest.approx(wanted, abs=0.2) == position
    [request] = mineru.requests
    assert (content, "document.pdf") == (request["file"], request["name"])
    assert ("true", "false", "1") == (request["return_content_list"], request["return_md"], request["end_page_id"])


async def test_dots_document_becomes_chunks_with_positions_at_200_dpi(
    rest: httpx.AsyncClient, channel: grpc.aio.Channel, dots: StandIn
) -> None:
    dataset = await dataset_of(rest, "dots")
    document = await upload(rest, dataset, "a.pdf", pdf(pages=1))
    last = await parsed(rest, channel, dataset, document)
    assert "1" == last.status, last.progress_msg
    assert "The dots service has read 1 of 1 pages." in last.progress_msg
    [chunk] = await chunks_of(rest, dataset, document)
    assert "Tides\n\nThe moon pulls the sea.\n\n| a | b |\n| --- | --- |\n\n$$\na=b\n$$\n\n" == chunk["content"]
    [position] = chunk["positions"]
    x1, x2, y1, y2 = box(1, 9, 1, 8.5, dpi=200)
    assert pytest.approx([x1, y1, x2, y2], abs=1.0) == position
    assert 1 == chunk["page_number"]
    [request] = dots.requests
    assert "dots-served" == request["model"]
    assert request["prompt"].startswith("<|img|><|imgpad|><|endofimg|>Please output the layout information")
    assert (0, 0) == (request["image"].width % 28, request["image"].height % 28)
    assert 200 == pytest.approx(request["image"].width / WIDTH * 72, abs=4)


async def test_dots_many_pages_keep_their_order(
    rest: httpx.AsyncClient, channel: grpc.aio.Channel, dots: StandIn
) -> None:
    dataset = await dataset_of(rest, "dots", "presentation")
    document = await upload(rest, dataset, "a.pdf", pdf(pages=11))
    assert "1" == (await parsed(rest, channel, dataset, document)).status
    assert [*range(1, 12)] == [chunk["page_number"] for chunk in await chunks_of(rest, dataset, document)]
    assert 11 == len(dots.requests)


@pytest.mark.parametrize("layout", ["mineru", "dots"])
async def test_picture_is_read_by_the_service(rest: httpx.AsyncClient, channel: grpc.aio.Channel, layout: str) -> None:
    buffer = io.BytesIO()
    Image.new("RGB", (400, 600), "white").save(buffer, "PNG")
    dataset = await dataset_of(rest, layout)
    document = await upload(rest, dataset, "a.png", buffer.getvalue())
    last = await parsed(rest, channel, dataset, document)
    assert "1" == last.status, last.progress_msg
    [chunk] = await chunks_of(rest, dataset, document)
    assert "The moon pulls the sea." in chunk["content"]


async def test_page_ranges_choose_what_the_service_reads(
    rest: httpx.AsyncClient, channel: grpc.aio.Channel, mineru: StandIn, dots: StandIn
) -> None:
    found = {}
    for layout in ("mineru", "dots"):
        dataset = await new_dataset(
            rest, chunk_method="one", parser_config={"layout_recognize": layout, "pages": [[2, 2]]}
        )
        document = await upload(rest, dataset, "a.pdf", pdf(pages=3))
        assert "1" == (await parsed(rest, channel, dataset, document)).status
        found[layout] = (await chunks_of(rest, dataset, document))[0]["page_number"]
    assert {"mineru": 2, "dots": 2} == found
    assert (1, "1") == (len(dots.requests), mineru.requests[0]["end_page_id"])


async def test_other_formats_never_reach_a_service(
    rest: httpx.AsyncClient, channel: grpc.aio.Channel, mineru: StandIn
) -> None:
    dataset = await dataset_of(rest, "mineru")
    document = await upload(rest, dataset, "a.txt", "Tides.")
    assert "1" == (await parsed(rest, channel, dataset, document)).status
    assert [] == mineru.requests


@pytest.mark.parametrize("reply", [refusing(503, Retry_After="0"), breaking], ids=["at capacity", "broken connection"])
async def test_passing_failure_is_tried_again(
    rest: httpx.AsyncClient, channel: grpc.aio.Channel, mineru: StandIn, reply: Any
) -> None:
    mineru.replies.append(reply)
    dataset = await dataset_of(rest, "mineru")
    document = await upload(rest, dataset, "a.pdf", pdf(pages=2))
    assert "1" == (await parsed(rest, channel, dataset, document)).status
    assert 2 == len(mineru.requests)


@pytest.mark.parametrize(
    ("layout", "reply", "sentence"),
    [
        ("mineru", refusing(500), "The mineru service failed on the file (HTTP 500)."),
        ("mineru", refusing(400), "The mineru service refused the file (HTTP 400)."),
        ("mineru", saying(b"no JSON"), "The mineru service answered with something that is not a list of contents."),
        (
            "mineru",
            saying(b'{"results": {}}'),
            "The mineru service answered with something that is not a list of contents.",
        ),
        (
            "mineru",
            saying(b'{"results": {"a": {"content_list": "[]"}}}'),
            "The mineru service found no text in the document.",
        ),
        ("dots", refusing(500), "The dots service failed on the file (HTTP 500)."),
        ("dots", saying(b"no JSON"), "The dots service answered with something that is not JSON."),
        ("dots", saying(b"{}"), "The dots service answered with something that is not of OpenAI's format."),
        (
            "dots",
            saying(b'{"choices": [{"message": {"content": "I cannot read this."}}]}'),
            "The dots service's answer for page 1 cannot be read.",
        ),
    ],
)
async def test_failing_service_fails_the_document_with_a_reason(
    rest: httpx.AsyncClient,
    channel: grpc.aio.Channel,
    mineru: StandIn,
    dots: StandIn,
    layout: str,
    reply: Any,
    sentence: str,
) -> None:
    {"mineru": mineru, "dots": dots}[layout].replies.append(reply)
    dataset = await dataset_of(rest, layout)
    document = await upload(rest, dataset, "a.pdf", pdf())
    last = await parsed(rest, channel, dataset, document)
    assert ("2", sentence) == (last.status, last.progress_msg.splitlines()[-1])
    assert "built-in" not in last.progress_msg
    assert [] == await chunks_of(rest, dataset, document)


async def test_dots_answer_that_is_cut_off_keeps_what_is_whole(
    rest: httpx.AsyncClient, channel: grpc.aio.Channel, dots: StandIn
) -> None:
    cut = json.dumps([{"bbox": [1, 2, 300, 400], "category": "Text", "text": "Whole."}])[:-1] + ', {"bbox": [1, 2'
    dots.replies.append(saying(json.dumps({"choices": [{"message": {"content": cut}}]}).encode()))
    dataset = await dataset_of(rest, "dots")
    document = await upload(rest, dataset, "a.pdf", pdf())
    last = await parsed(rest, channel, dataset, document)
    assert "page 1 is cut off" in last.progress_msg
    assert ["Whole.\n\n"] == [chunk["content"] for chunk in await chunks_of(rest, dataset, document)]


async def test_encrypted_document_is_refused_before_it_is_sent(
    rest: httpx.AsyncClient, channel: grpc.aio.Channel, mineru: StandIn
) -> None:
    dataset = await dataset_of(rest, "mineru")
    document = await upload(rest, dataset, "a.pdf", pdf(password="secret"))
    last = await parsed(rest, channel, dataset, document)
    assert ("2", True) == (last.status, "encrypted" in last.progress_msg)
    assert [] == mineru.requests


@pytest.mark.parametrize("layout", ["mineru", "dots"])
async def test_stopping_ends_the_request(
    rest: httpx.AsyncClient, channel: grpc.aio.Channel, mineru: StandIn, dots: StandIn, layout: str
) -> None:
    stand_in = {"mineru": mineru, "dots": dots}[layout]
    stand_in.gate.clear()
    dataset = await dataset_of(rest, layout)
    document = await upload(rest, dataset, "a.pdf", pdf())
    await start_parsing(rest, dataset, document)
    assert await asyncio.to_thread(stand_in.arrived.acquire, timeout=60)
    await stop_parsing(rest, dataset, document)
    assert await asyncio.to_thread(stand_in.left.wait, 60)
    assert "CANCEL" == (await document_of(rest, dataset, document))["run"]


async def test_slow_service_keeps_no_other_document_waiting(
    rest: httpx.AsyncClient, channel: grpc.aio.Channel, mineru: StandIn
) -> None:
    mineru.gate.clear()
    dataset = await dataset_of(rest, "mineru")
    documents = [await upload(rest, dataset, f"{number}.pdf", pdf(pages=2)) for number in range(4)]
    await start_parsing(rest, dataset, *documents)
    for _ in range(2):
        assert await asyncio.to_thread(mineru.arrived.acquire, timeout=60)
    # One worker, two places for the service, four documents for it: another one is parsed all the same.
    other = await new_dataset(rest)
    quick = await upload(rest, other, "quick.txt", "Yeast makes dough rise.")
    assert "1" == (await parsed(rest, channel, other, quick)).status
    assert 2 == len(mineru.requests)
    mineru.gate.set()
    assert ["1"] * 4 == [(await ended(channel, dataset, document)).status for document in documents]


async def test_service_that_is_not_there_fails_the_document(own_server: Callable[..., Server]) -> None:
    running = own_server(settings={"MINERU_URL": "http://127.0.0.1:9"})
    async with running.rest() as rest, running.channel() as channel:
        dataset = await dataset_of(rest, "mineru")
        document = await upload(rest, dataset, "a.pdf", pdf())
        last = await parsed(rest, channel, dataset, document)
        assert ("2", "The mineru service cannot be reached or broke the connection.") == (
            last.status,
            last.progress_msg.splitlines()[-1],
        )
