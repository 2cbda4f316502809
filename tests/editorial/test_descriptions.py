"""Every page that readers can open says in its head what it is about."""

from __future__ import annotations

import re

import pytest

from tests.newsroom import fill_newsroom, reader_pages

pytestmark = [pytest.mark.django_db, pytest.mark.once]
# These answer with an error, or show what is not published yet.
WITHOUT = {"not found", "gone", "fault", "preview", "revoked preview"}


def test_each_type_of_page_says_what_it_is_about(client):
    fill_newsroom()
    pages = reader_pages() | {"seen": "/seen/"}
    silent = {
        name
        for name, path in pages.items()
        if name not in WITHOUT
        and not re.search(r'<meta name="description" content="[^"]+">', client.get(path).content.decode())
    }
    assert silent == set()
