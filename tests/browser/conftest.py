"""Headless Chromium against the demo newsroom on a live server."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator

import pytest
from django.core.signals import request_finished, request_started

from tests.factories import make_user
from tests.newsroom import load_newsroom, reader_pages

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def pytest_collection_modifyitems(items):
    for item in items:
        if "tests/browser/" in item.nodeid:
            item.add_marker(pytest.mark.browser)


class Requests:
    """How many requests the live server's threads are answering; `wait` returns when there are none."""

    def __init__(self) -> None:
        self.count = 0
        self.changed = threading.Condition()

    def begin(self, **kwargs: object) -> None:
        self._add(1)

    def end(self, **kwargs: object) -> None:
        self._add(-1)

    def wait(self) -> None:
        with self.changed:
            assert self.changed.wait_for(lambda: not self.count, timeout=30), "a request is never answered"

    def _add(self, number: int) -> None:
        if threading.current_thread() is threading.main_thread():  # a test's own client
            return
        with self.changed:
            self.count += number
            self.changed.notify_all()


@pytest.fixture(scope="session", autouse=True)
def requests() -> Iterator[Requests]:
    counted = Requests()
    request_started.connect(counted.begin)
    request_finished.connect(counted.end)
    yield counted
    request_started.disconnect(counted.begin)
    request_finished.disconnect(counted.end)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item):
    """Pages are closed and their last requests answered before the database is emptied under them."""
    try:
        if browser := item.funcargs.get("browser"):
            for context in browser.contexts:
                for page in context.pages:
                    page.close()
            item.funcargs["requests"].wait()
    finally:  # whatever a browser does, fixtures are taken down
        result = yield
    return result


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
