"""The demo newsroom with one page of each type, served as in production."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from tempfile import TemporaryDirectory

import django
from django.core.management import call_command

PORT = os.environ.get("PORT", "8765")
ENVIRONMENT = {
    "DJANGO_SETTINGS_MODULE": "config.settings",
    "IBID_ENV": "production",
    "ALLOWED_HOSTS": "127.0.0.1",
    "SECURE_SSL_REDIRECT": "0",
    "CACHE_URL": "locmemcache://looks",
    "TIME_ZONE": "Europe/London",
    "PORT": PORT,
}


@contextmanager
def newsroom() -> Iterator[tuple[str, dict[str, str]]]:
    """The address of the site, and the path of one page of each type; thrown away afterwards."""
    with TemporaryDirectory() as var:
        os.environ.update(ENVIRONMENT, IBID_VAR=var, SECRET_KEY=secrets.token_urlsafe(48))
        os.environ["DATABASE_URL"] = f"sqlite:///{var}/ibid.sqlite3"
        django.setup()
        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        yield from _serve(_fill())


def _fill() -> dict[str, str]:
    # Only now are there settings to import models with.
    found = import_module("tests.newsroom")
    found.fill_newsroom()
    call_command("rebuild_search", verbosity=0)
    pages = found.reader_pages()
    recap, season = pages["recap"], pages["season"]
    pages |= {"seen": "/seen/", "recap with its evidence": f"{recap}?evidence=shown"}
    pages |= {
        "recap folded": f"{recap}?seen=narcos-mexico:0",
        "season folded": f"{season}?seen=narcos-mexico:0",
    }
    for name in ("fault", "preview", "revoked preview"):
        pages.pop(name, None)
    return pages


def _serve(pages: dict[str, str]) -> Iterator[tuple[str, dict[str, str]]]:
    site = f"http://127.0.0.1:{PORT}"
    command = [sys.executable, "-m", "gunicorn", "--config", "config/gunicorn.py"]
    with subprocess.Popen(command) as server:
        try:
            _wait_for(f"{site}/healthz", server)
            yield site, pages
        finally:
            server.terminate()


def _wait_for(address: str, server: subprocess.Popen) -> None:
    until = time.monotonic() + 60
    while server.poll() is None and time.monotonic() < until:
        try:
            urllib.request.urlopen(address, timeout=5).close()
        except urllib.error.URLError:
            time.sleep(0.2)
        else:
            return
    raise SystemExit(f"The site does not answer at {address}.")
