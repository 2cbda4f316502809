"""Every type of reader page through the Nu HTML checker."""

from __future__ import annotations

import pytest

from tests.newsroom import load_newsroom, reader_pages
from tests.nu import nu_errors


@pytest.mark.django_db
@pytest.mark.usefixtures("strict_templates")
def test_the_nu_checker_finds_no_error_on_any_reader_page(client, tmp_path):
    load_newsroom()
    folder = tmp_path / "pages"
    folder.mkdir()
    for name, path in reader_pages().items():
        response = client.get(path)
        assert response.status_code == (404 if name == "not found" else 200)
        (folder / f"{name.replace(' ', '-')}.html").write_bytes(response.content)
    assert nu_errors(folder) == []
