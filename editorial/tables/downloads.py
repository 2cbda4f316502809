"""Tables as files that people download: streamed, named by what they hold and the day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice

from django.db import models
from django.http import Http404, StreamingHttpResponse
from django.utils import timezone

from catalog.tabular.writing import write_rows
from editorial.bundles import TABLES
from editorial.exports import columns_of, rows_of
from editorial.table_history import HISTORY_TABLES
from editorial.tables.docs import stem, template_of

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
    """The rows as a download `people-2020-02-13.csv`.

    Raises Http404 for a format that there is not, and TableRefused while nothing was sent yet.
    """
    if kind not in TYPES:
        raise Http404
    pieces = iter(write_rows(kind, headers, rows, sheet=name[:31]))
    begun = [*islice(pieces, 1)]
    file_name = f"{name}-{timezone.localdate().isoformat()}.{kind}"
    disposition = f'attachment; filename="{file_name}"'
    return StreamingHttpResponse(
        chain(begun, pieces), content_type=TYPES[kind], headers={"Content-Disposition": disposition}
    )


def exported_rows(table: str, queryset: models.QuerySet) -> tuple[list[str], Iterator[list[str]]]:
    """The columns of the table, and the rows of these records in the order of the table."""
    # Not as the list loads its rows: the table loads what its columns need.
    everything = HISTORY_TABLES[table].model.objects if table in HISTORY_TABLES else TABLES[table]()
    records = everything.get_queryset().filter(pk__in=queryset.order_by().values("pk"))
    return list(columns_of(table)), rows_of(table, records)


def template_response(table: str, kind: str) -> StreamingHttpResponse:
    """A file of the table to start from. Raises Http404 for a format that there is not."""
    if kind not in TYPES:
        raise Http404
    disposition = f'attachment; filename="{stem(table)}.{kind}"'
    return StreamingHttpResponse(
        template_of(table, kind), content_type=TYPES[kind], headers={"Content-Disposition": disposition}
    )
