"""What a page weighs on the wire: HTML, style sheets and scripts, compressed, without photos."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from whitenoise.compress import Compressor

from tests.factories import make_article
from tests.newsroom import load_newsroom, reader_pages

pytestmark = [pytest.mark.django_db, pytest.mark.once]

KILOBYTE = 1000
HOME = 35 * KILOBYTE
ANY_PAGE = 45 * KILOBYTE
SCRIPTS = 8 * KILOBYTE
# A reader's browser asks for it; the test's client does not unless it is told to.
GZIP = {"Accept-Encoding": "gzip, deflate, br"}
FILES = re.compile(r'(?:href|src)="/static/([^"]+\.(?:css|js))"')
# The names of collected files hold a digest, which the tests' do not.
DIGEST = 13


def on_the_wire(name: str) -> int:
    """A static file as WhiteNoise serves it: compressed where that makes it smaller."""
    data = Path(finders.find(name)).read_bytes()
    compressed = Compressor.compress_gzip(data)
    return min(len(data), len(compressed))


def weights(client, path: str, **headers: str) -> tuple[int, int]:
    """Bytes of the whole page and of its scripts alone."""
    response = client.get(path, headers=GZIP | headers)
    assert response.headers["Content-Encoding"] == "gzip"
    html = gzip.decompress(response.content).decode()
    files = {name: on_the_wire(name) + DIGEST for name in FILES.findall(html)}
    assert files
    scripts = sum(size for name, size in files.items() if name.endswith(".js"))
    return len(response.content) + sum(files.values()), scripts


def pages_with_a_script() -> Iterator[tuple[str, str]]:
    for name, path in reader_pages().items():
        if name not in ("fault", "not found"):
            yield name, path
            if name in ("recap", "guide"):
                yield f"{name} with its evidence", f"{path}?evidence=shown"


def test_no_page_is_heavy(client):
    load_newsroom(corrected=True)
    heavy = {}
    for name, path in pages_with_a_script():
        total, scripts = weights(client, path)
        if total > (HOME if name == "home" else ANY_PAGE) or scripts > SCRIPTS:
            heavy[name] = (total, scripts)
    assert heavy == {}


def test_texts_are_compressed_for_who_understands_it_and_nothing_else_is(client):
    article = make_article(published=True)
    path = article.get_absolute_url()
    plain = client.get(path)
    assert "Content-Encoding" not in plain.headers
    small = client.get(path, headers=GZIP)
    assert gzip.decompress(small.content) == plain.content
    for response in (plain, small):
        assert "Accept-Encoding" in response.headers["Vary"]
    for text in ("/feed.atom", "/index.json", "/sitemap.xml"):
        assert client.get(text, headers=GZIP).headers["Content-Encoding"] == "gzip", text
    archive = client.get("/data/bundle.zip", headers=GZIP)
    assert "Content-Encoding" not in archive.headers
    assert archive.headers["Content-Length"]


def test_a_compressed_page_is_answered_304_by_its_tag(client):
    path = make_article(published=True).get_absolute_url()
    tag = client.get(path, headers=GZIP).headers["ETag"]
    assert tag.startswith("W/")
    again = client.get(path, headers=GZIP | {"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
