"""Main of the parse worker: runs the ingest pipeline on one file at a time and streams what it gives.

The pipeline reads files that anybody may have made, with native parsers; that is why it runs here and not in the
server.
"""

import argparse
import importlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from knowflow_server.domain.ingest.errors import IngestError
from knowflow_server.domain.ingest.layout import DrawnPages
from knowflow_server.domain.ingest.pairs.pair import Extract
from knowflow_server.workers.drafts import draft_frames, progress_frame
from knowflow_server.workers.extracts import extract_frames
from knowflow_server.workers.frames import Frame
from knowflow_server.workers.layouts import drawn_frame, read_layout
from knowflow_server.workers.serve import RequestError, add_arguments, become_worker, serve

DEFAULT_PIPELINE = "knowflow_server.domain.ingest.pipeline"


def main() -> None:
    """Run the parse worker."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    add_arguments(parser)
    parser.add_argument("--pipeline", default=DEFAULT_PIPELINE, help="module whose function ingest() does the work")
    options = parser.parse_args()
    pipes = become_worker(options)
    from knowflow_server.domain.ingest.tokens import MiniLmTokenCounter

    ingest = importlib.import_module(options.pipeline).ingest
    count_tokens = MiniLmTokenCounter()
    serve(pipes, lambda body: _items(body, ingest, count_tokens=count_tokens), ready={})


def _items(body: Mapping[str, Any], ingest: Callable[..., Iterator[Any]], *, count_tokens: object) -> Iterator[Frame]:
    try:
        if "draw" in body:
            yield drawn_frame(_draw(body))
            return
        if "extract" in body:
            yield from extract_frames(_extract(body))
            return
        # A pipeline of a test need not know of layouts.
        layout = {"layout": read_layout(body["layout"])} if body.get("layout") else {}
        options = {"name": body["name"], "method": body["method"], "config": body["config"], **layout}
        for item in ingest(Path(body["path"]), count_tokens=count_tokens, **options):
            if isinstance(item, list):
                yield from draft_frames(item)
            else:
                yield progress_frame(item)
    except IngestError as error:
        raise RequestError("ingest", error.sentence) from error


def _draw(body: Mapping[str, Any]) -> DrawnPages:
    from knowflow_server.domain.ingest.drawing import draw

    which = body["draw"]
    return draw(
        Path(body["path"]),
        name=body["name"],
        config=body["config"],
        folder=Path(which["folder"]),
        first=which["first"],
        count=which["count"],
    )


def _extract(body: Mapping[str, Any]) -> Extract:
    from knowflow_server.domain.ingest.pairs.extract import extract

    return extract(Path(body["path"]), name=body["name"], config=body["config"], **body["extract"])


if __name__ == "__main__":
    main()
