"""Every type of reader page, in every language, through the Nu HTML checker."""

from __future__ import annotations

import pytest
from django.conf import settings as project

from tests.newsroom import load_newsroom, reader_pages
from tests.nu import nu_errors

LANGUAGES = [code for code, _name in project.LANGUAGES]
STATUS = {"not found": 404, "gone": 410, "revoked preview": 410, "fault": 500}


@pytest.mark.once
@pytest.mark.django_db
@pytest.mark.usefixtures("strict_templates")
def test_the_nu_checker_finds_no_error_on_any_reader_page(client, tmp_path, settings):
    settings.ROOT_URLCONF = "tests.urls_with_fault"
    client.raise_request_exception = False
    load_newsroom(corrected=True)
    folder = tmp_path / "pages"
    folder.mkdir()
    for language in LANGUAGES:
        for name, path in reader_pages().items():
            response = client.get(path, headers={"Accept-Language": language})
            assert response.status_code == STATUS.get(name, 200)
            (folder / f"{name.replace(' ', '-')}-{language}.html").write_bytes(response.content)
    assert nu_errors(folder) == []
