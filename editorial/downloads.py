"""What readers may take away: the citations of a source or an article, and everything at once."""

from __future__ import annotations

import contextlib
import os
import shutil
import threading
import time
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.db import models
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils.cache import patch_cache_control
from django.utils.http import http_date, quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from catalog.downloads import csv_file
from catalog.freshness import Freshness, fresh_page, revalidated
from catalog.linked_data import CSL_TYPE, csl_item
from catalog.models import Snapshot
from catalog.resources.public import Row
from catalog.resources.public_sources import (
    CITATION_COLUMNS,
    PLACE_COLUMNS,
    citations_of,
    escaped,
    place_of,
)
from catalog.views import fresh_source, source_or_404
from editorial import pages
from editorial.data_page import ARTICLE_CITATION_COLUMNS, data_page
from editorial.exports import ExportRefused
from editorial.models import Edition, Footnote
from editorial.newsroom_state import public_state
from editorial.public_bundles import export_public_bundle

SOURCE_CITATION_COLUMNS = (*CITATION_COLUMNS, *PLACE_COLUMNS)
_ABANDONED = 24 * 3600  # seconds after which nobody is making a bundle any more
_MAKING = threading.Lock()  # a bundle of a large newsroom takes its time: nobody makes it twice
CITES = "cites"  # the stance of an article to the passages of its footnotes


@require_safe
def source_citations(request: HttpRequest, slug: str) -> HttpResponse:
    """Every public fact that was drawn from a source, and the articles that cite it, passage by passage."""
    sheet = source_or_404(slug)
    freshness = fresh_source(sheet)
    passages = {one.passage.pk: one.passage for one in sheet.passages}
    found = citations_of(sheet)
    for use in Edition.objects.citing(sheet.source):
        passage = passages[use["passage_id"]]
        about = ("article", f"{use['language']}/{use['slug']}")
        found.append((passage.number, escaped([passage.key, *about, "", use["title"], CITES, ""])))
        freshness.note(use["published_at"])
    places = {passage.number: place_of(passage) for passage in passages.values()}
    rows = [[*cells, *places[number]] for number, cells in sorted(found)]
    return csv_file(f"{slug}-citations.csv", SOURCE_CITATION_COLUMNS, rows, freshness)


@require_safe
def article_citations(request: HttpRequest, kind: str, slug: str) -> HttpResponse:
    """The footnotes of an article that readers have, as a table."""
    notes = _footnotes(kind, slug)
    if notes is None:
        return _not_there(kind, slug)
    rows = (_footnote_row(note) for note in notes)
    return csv_file(f"{slug}-citations.csv", ARTICLE_CITATION_COLUMNS, rows, _fresh(notes))


@require_safe
def article_sources(request: HttpRequest, kind: str, slug: str) -> HttpResponse:
    """The sources of an article as CSL-JSON, in the order of its footnotes."""
    notes = _footnotes(kind, slug)
    if notes is None:
        return _not_there(kind, slug)
    sources = {note.passage.source_id: note.passage.source for note in notes}
    captured = Snapshot.objects.filter(source__in=sources).order_by().values_list("source")
    newest = dict(captured.annotate(newest=models.Max("captured_at")))
    items = [csl_item(source, newest.get(source.pk)) for source in sources.values()]
    options = {"ensure_ascii": False, "indent": 2}
    response = JsonResponse(items, safe=False, json_dumps_params=options, content_type=CSL_TYPE)
    freshness = _fresh(notes)
    freshness.note(*newest.values())
    return revalidated(response, freshness.newest)


@require_safe
def data(request: HttpRequest) -> HttpResponse:
    """What there is to download, what its columns mean, and on what terms it may be used."""
    return fresh_page(request, "editorial/data.html", {"shown": data_page()}, Freshness())


@require_safe
def bundle(request: HttpRequest) -> HttpResponseBase:
    """Everything that readers have, as one zip file: made anew when any of it has changed, else kept."""
    state = public_state()
    file = _kept(state)
    response = FileResponse(file, as_attachment=True, filename="ibid-public.zip")
    response.headers["ETag"] = quote_etag(state[:32])
    response.headers["Last-Modified"] = http_date(os.fstat(file.fileno()).st_mtime)
    patch_cache_control(response, public=True, no_cache=True)
    return response


def _kept(state: str) -> BinaryIO:
    """The bundle of this state. Others are deleted; who is reading one of them reads on."""
    folder = settings.BUNDLES_ROOT / "public"
    path = folder / f"{state}.zip"
    with _MAKING:
        while True:
            with contextlib.suppress(FileNotFoundError):
                return path.open("rb")
            with contextlib.suppress(ExportRefused):  # another process was faster
                export_public_bundle(out=path)
            _clear(folder, path)


def _clear(folder: Path, kept: Path) -> None:
    """Delete the bundles of other states, and what a process left that was killed while it made one."""
    for other in folder.glob("*.zip"):
        if other != kept:
            other.unlink(missing_ok=True)
    for scratch in folder.glob(".*.zip-*"):
        with contextlib.suppress(FileNotFoundError):  # another process is done with its own
            if scratch.stat().st_mtime < time.time() - _ABANDONED:
                shutil.rmtree(scratch, ignore_errors=True)


def _footnotes(kind: str, slug: str) -> list[Footnote] | None:
    """Of the edition that readers have, with passages and sources; None when they have none."""
    edition = Edition.objects.at_address(kind, slug).order_by().first()
    if edition is None:
        return None
    related = ("passage__source", "passage__snapshot")
    notes = list(
        edition.footnotes.select_related(*related).defer("passage__snapshot__text").order_by("number")
    )
    for note in notes:
        note.edition = edition
    return notes


def _footnote_row(note: Footnote) -> Row:
    source = note.passage.source
    about = [source.slug, source.title, source.publisher, source.author, source.published or ""]
    cells = [note.number, note.passage.key, *about, source.language, source.url]
    return [*escaped(cells), *place_of(note.passage)]


def _fresh(notes: Iterable[Footnote]) -> Freshness:
    freshness = Freshness()
    for note in notes:
        passage = note.passage
        freshness.note(note.edition.published_at, passage.updated_at, passage.source.updated_at)
    return freshness


def _not_there(kind: str, slug: str) -> HttpResponse:
    """410 where readers had a text and lost it. Raises Http404 where they never had one."""
    if pages.tombstone(kind, slug) is None:
        raise Http404(_("There is no such article."))
    return HttpResponse(status=410, content_type="text/plain")
