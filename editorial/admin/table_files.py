"""Tables as files that people download: streamed, named by what they hold and the day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.http import Http404, StreamingHttpResponse
from django.utils import timezone

from catalog.tabular.writing import write_rows

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "tsv": "text/tab-separated-values; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}
FORMATS = {"csv": "CSV", "xlsx": "Excel (XLSX)", "tsv": "TSV", "json": "JSON"}


def file_response(
    name: str, kind: str, headers: Sequence[str], rows: Iterable[Sequence[str]]
) -> StreamingHttpResponse:
    """The rows as a download `people-2020-02-13.csv`. Raises Http404 for a format that there is not."""
    if kind not in TYPES:
        raise Http404
    pieces = write_rows(kind, headers, rows, sheet=name[:31])
    file_name = f"{name}-{timezone.localdate().isoformat()}.{kind}"
    disposition = f'attachment; filename="{file_name}"'
    return StreamingHttpResponse(
        pieces, content_type=TYPES[kind], headers={"Content-Disposition": disposition}
    )
