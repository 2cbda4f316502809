"""Headless Chromium against the demo newsroom on a live server."""

from __future__ import annotations

import shutil

import pytest

from tests.factories import make_user
from tests.newsroom import load_newsroom, reader_pages

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def pytest_collection_modifyitems(items):
    for item in items:
        if "tests/browser/" in item.nodeid:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        pytest.skip("no Chromium on this machine")
    quiet = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    return {
        **browser_type_launch_args,
        "executable_path": found,
        "args": [*quiet.split(), "--disable-component-update", "--disable-sync"],
    }


@pytest.fixture
def newsroom(transactional_db, settings) -> dict[str, str]:
    """The demo newsroom, published; gives the address of each type of page."""
    settings.ROOT_URLCONF = "tests.urls_with_fault"
    load_newsroom(corrected=True)
    return reader_pages()


@pytest.fixture
def site(live_server, newsroom) -> str:
    return live_server.url


@pytest.fixture
def desk(live_server, transactional_db) -> str:
    """The address of a site with nothing on it."""
    return live_server.url


@pytest.fixture
def editor(desk):
    return make_user("Editors")


@pytest.fixture
def console(page) -> list[str]:
    """What the browser complained about; a test of a page ends by finding it empty."""
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return complaints
