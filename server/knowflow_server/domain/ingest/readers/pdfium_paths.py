"""Collecting the straight lines that a PDF page draws, as PDFium reports them."""

import ctypes
from collections.abc import Iterator
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium  # type: ignore[import-untyped]

from knowflow_server.domain.ingest.readers.pdf_grid import Edge
from knowflow_server.domain.ingest.readers.pdfium_text import PageFrame

# A page with more than this is a drawing; looking at all of it would take longer than reading the text.
_MAX_OBJECTS = 20_000
_MAX_SEGMENTS = 20_000
_DEEPEST_FORM = 3
_STRAIGHT = 1.0  # points by which a line may lean
_SHORTEST = 3.0

Matrix = tuple[float, float, float, float, float, float]
_IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


class Drawing(NamedTuple):
    """What is drawn on a page beside text.

    Attributes:
        horizontal, vertical: Straight lines and sides of rectangles in points of the page.
    """

    horizontal: list[Edge]
    vertical: list[Edge]


def read_drawing(page: Any, frame: PageFrame) -> Drawing:
    """Return the lines on a page; none when the page is a drawing with thousands of them.

    Args:
        page: A `PdfPage` of pypdfium2.
        frame: The page's coordinates.
    """
    horizontal: list[Edge] = []
    vertical: list[Edge] = []
    segments = 0
    for path, matrix in _paths(page):
        segments += pdfium.FPDFPath_CountSegments(path)
        if segments > _MAX_SEGMENTS:
            return Drawing([], [])
        for start, end in _straight_lines(path):
            (xa, ya), (xb, yb) = frame.point(*_apply(matrix, start)), frame.point(*_apply(matrix, end))
            if abs(ya - yb) <= _STRAIGHT and abs(xa - xb) >= _SHORTEST:
                horizontal.append(Edge((ya + yb) / 2, min(xa, xb), max(xa, xb)))
            elif abs(xa - xb) <= _STRAIGHT and abs(ya - yb) >= _SHORTEST:
                vertical.append(Edge((xa + xb) / 2, min(ya, yb), max(ya, yb)))
    return Drawing(horizontal, vertical)


def _paths(page: Any) -> Iterator[tuple[Any, Matrix]]:
    """Yield the visible paths of a page, those inside forms included, with their matrix to the page."""
    seen = 0
    waiting = [(pdfium.FPDFPage_CountObjects(page), pdfium.FPDFPage_GetObject, page, _IDENTITY, 0)]
    while waiting:
        count, get_object, parent, matrix, depth = waiting.pop()
        for index in range(min(count, _MAX_OBJECTS - seen)):
            seen += 1
            item = get_object(parent, index)
            kind = pdfium.FPDFPageObj_GetType(item)
            if kind == pdfium.FPDF_PAGEOBJ_PATH and _is_visible(item):
                yield item, _chain(_matrix(item), matrix)
            elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < _DEEPEST_FORM:
                inner = _chain(_matrix(item), matrix)
                inside = pdfium.FPDFFormObj_CountObjects(item)
                waiting.append((inside, pdfium.FPDFFormObj_GetObject, item, inner, depth + 1))


def _is_visible(path: Any) -> bool:
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(path, fill, stroke)
    return bool(fill.value or stroke.value)


def _straight_lines(path: Any) -> Iterator[tuple[tuple[float, float], tuple[float, float]]]:
    x, y = ctypes.c_float(), ctypes.c_float()
    begin = previous = (0.0, 0.0)
    for index in range(pdfium.FPDFPath_CountSegments(path)):
        segment = pdfium.FPDFPath_GetPathSegment(path, index)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        point = (x.value, y.value)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            begin = point
        elif kind == pdfium.FPDF_SEGMENT_LINETO:
            yield previous, point
        if pdfium.FPDFPathSegment_GetClose(segment):
            yield point, begin
        previous = point


def _matrix(item: Any) -> Matrix:
    matrix = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(item, matrix):
        return _IDENTITY
    return matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f


def _chain(first: Matrix, then: Matrix) -> Matrix:
    """Return the matrix that applies `first`, then `then` (ISO 32000-1, 8.3.4)."""
    a, b, c, d, e, f = first
    p, q, r, s, t, u = then
    return a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u


def _apply(matrix: Matrix, point: tuple[float, float]) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * point[0] + c * point[1] + e, b * point[0] + d * point[1] + f
