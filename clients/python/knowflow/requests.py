"""What requests are made of: free JSON, pieces of files, pages."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from google.protobuf import json_format, struct_pb2

from knowflow.v1 import document_service_pb2

PAGE_SIZE = 200
PIECE_BYTES = 1024 * 1024

Progress = Callable[[int, int], None]


def struct_of(value: Mapping[str, Any] | None) -> struct_pb2.Struct | None:
    """Return an object of JSON as a message; None stays None."""
    return None if value is None else json_format.ParseDict(dict(value), struct_pb2.Struct())


def value_of(value: Any) -> struct_pb2.Value:
    """Return any JSON as a message."""
    return json_format.ParseDict(value, struct_pb2.Value())


def listed(ids: Sequence[str]) -> struct_pb2.Value:
    """Return a list of ids as a message. An empty list would mean all, so it is refused.

    Raises:
        ValueError: There is no id.
    """
    if not ids:
        raise ValueError("Name at least one id; what deletes everything says so.")
    return value_of(list(ids))


def upload_pieces(
    dataset_id: str, paths: Sequence[Path], on_progress: Progress | None
) -> Iterator[document_service_pb2.UploadFilesRequest]:
    """Return the messages of an upload.

    Args:
        dataset_id: Where the files go.
        paths: The files.
        on_progress: Called with the bytes read so far and the bytes of all files.

    Raises:
        OSError: A file cannot be read. It is told now: during the call, gRPC would only say that it was cut off.
    """
    sizes = []
    for path in paths:
        with path.open("rb") as file:
            sizes.append(os.fstat(file.fileno()).st_size)
    return _pieces(dataset_id, paths, sizes, on_progress)


def _pieces(
    dataset_id: str, paths: Sequence[Path], sizes: Sequence[int], on_progress: Progress | None
) -> Iterator[document_service_pb2.UploadFilesRequest]:
    done, whole = 0, sum(sizes)
    yield document_service_pb2.UploadFilesRequest(dataset_id=dataset_id)
    for path, size in zip(paths, sizes, strict=True):
        header = document_service_pb2.FileHeader(name=path.name, size=size)
        yield document_service_pb2.UploadFilesRequest(file=header)
        with path.open("rb") as file:
            while piece := file.read(PIECE_BYTES):
                yield document_service_pb2.UploadFilesRequest(data=piece)
                done += len(piece)
                if on_progress is not None:
                    on_progress(done, whole)
