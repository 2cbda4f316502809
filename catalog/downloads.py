"""Tables for readers beside the pages they belong to: what the page shows, as CSV."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from catalog.freshness import Freshness, revalidated
from catalog.models import Source
from catalog.resources.public import CAST_COLUMNS, Row, cast_of
from catalog.resources.public_sources import SOURCE_COLUMNS, source_rows
from catalog.resources.tables import write_table
from catalog.views import fresh_sheet, season_or_404


@require_safe
def season_cast(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Who plays whom in a season, as far as a citation holds it."""
    sheet = season_or_404(slug, number)
    name = f"{slug}-season-{number}-cast.csv"
    return csv_file(name, CAST_COLUMNS, cast_of(sheet.season), fresh_sheet(sheet.season, sheet))


@require_safe
def source_table(request: HttpRequest) -> HttpResponse:
    """Every source with what it says of itself."""
    sources = list(Source.objects.select_related("derives_from"))
    freshness = Freshness(*(source.updated_at for source in sources))
    return csv_file("sources.csv", SOURCE_COLUMNS, source_rows(sources), freshness)


def csv_file(name: str, columns: Iterable[str], rows: Iterable[Row], freshness: Freshness) -> HttpResponse:
    """The rows, whose formulas are escaped, as a file to keep."""
    response = HttpResponse(
        write_table(columns, rows),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
    return revalidated(response, freshness.newest)
