"""The two commands, and what a project that is cloned must hold."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import polib
import pytest

ROOT = Path(__file__).parent.parent
DIRECT = re.compile(r"^([a-z][a-z0-9-]*)", re.MULTILINE)
PINNED = re.compile(r"^([a-z0-9._-]+)(?:\[[a-z,]+\])?==([^ ]+)", re.MULTILINE)


def environment(var: Path, **more: str) -> dict[str, str]:
    """The caller's environment with a place of its own for all that is made, on SQLite."""
    dropped = {"DATABASE_URL", "CACHE_URL", "SECRET_KEY", "SEEDS", "MAKEFLAGS", "MAKELEVEL", "MFLAGS"}
    kept = {name: value for name, value in os.environ.items() if name not in dropped}
    return {**kept, "IBID_ENV": "demo", "IBID_VAR": str(var), "PYTHONUNBUFFERED": "1", **more}


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


@contextmanager
def make_run(var: Path, *variables: str) -> Iterator[tuple[str, str]]:
    """What `make run` printed until it served, and the address; it is stopped with all its processes."""
    port = free_port()
    command = ["make", "--no-print-directory", "run", f"PORT={port}", *variables]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment(var), stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as server:
        try:
            printed = []
            for line in server.stdout:
                printed.append(line)
                if address := re.search(r"Ibid is at (http://\S+)", line):
                    yield "".join(printed), address.group(1)
                    return
            pytest.fail("make run ended before it served: " + "".join(printed))
        finally:
            os.killpg(server.pid, signal.SIGTERM)


def titles(var: Path) -> list[str]:
    with sqlite3.connect(var / "ibid.sqlite3") as database:
        return [title for (title,) in database.execute("SELECT title FROM editorial_article ORDER BY id")]


@pytest.fixture
def in_its_own_environment():
    if Path(sys.prefix) != ROOT / ".venv" or shutil.which("make") is None:
        pytest.skip("these tests call make, which uses .venv: run them with `make test`")


@pytest.mark.usefixtures("in_its_own_environment")
def test_make_run_serves_the_newsroom_and_the_second_call_keeps_its_data(tmp_path):
    with make_run(tmp_path) as (first, address):
        assert [role for role in ("writer", "fact-checker", "editor", "administrator") if role in first]
        with urllib.request.urlopen(address, timeout=20) as home:
            page = home.read().decode()
        for path in re.findall(r'(?:href|src)="(/static/[^"]+)"', page):
            with urllib.request.urlopen(address + path.lstrip("/"), timeout=20) as file:
                assert "immutable" in file.headers["Cache-Control"]
    assert len(titles(tmp_path)) == 5
    with sqlite3.connect(tmp_path / "ibid.sqlite3") as database:
        database.execute("UPDATE editorial_article SET title = 'Mine' WHERE id = 1")
    with make_run(tmp_path) as (second, address):
        assert "Loading" not in second
        assert "Collecting" not in second
        assert logins(second) == logins(first)
        with urllib.request.urlopen(address, timeout=20) as home:
            assert home.status == 200
    assert "Mine" in titles(tmp_path)


def logins(printed: str) -> list[str]:
    return re.findall(r"^  \S+ +\S+-\S+-\S+-\S+$", printed, re.MULTILINE)


@pytest.mark.usefixtures("in_its_own_environment")
def test_a_first_run_killed_while_it_loads_is_repaired_by_the_second(tmp_path):
    command = [sys.executable, "manage.py", "demo"]
    env = environment(tmp_path)
    with subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True) as first:
        for line in first.stdout:
            if "Loading" in line:
                break
        first.kill()
    assert titles(tmp_path) == []
    subprocess.run(command, cwd=ROOT, env=env, check=True, capture_output=True)
    assert len(titles(tmp_path)) == 5


@pytest.mark.parametrize(
    ("host", "port", "complaint"),
    [
        ("127.0.0.1", "taken", "in use"),
        ("127.0.0.1", "http", "PORT=http"),
        ("127.0.0.1", "70000", "PORT=70000"),
        ("192.0.2.1", "8000", "192.0.2.1"),
    ],
)
def test_an_address_that_cannot_be_served_is_named_before_anything_is_made(tmp_path, host, port, complaint):
    with socket.create_server(("127.0.0.1", 0)) as other:
        if port == "taken":
            port = str(other.getsockname()[1])
        command = [sys.executable, "manage.py", "demo", "--host", host, "--port", port]
        done = subprocess.run(
            command, cwd=ROOT, env=environment(tmp_path), capture_output=True, text=True, check=False
        )
    assert done.returncode == 1
    assert complaint in done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_first_screen_of_the_readme_has_exactly_the_two_commands():
    first_screen = (ROOT / "README.md").read_text().split("\n## ")[0]
    assert re.findall(r"^    (make .*?)(?: +#.*)?$", first_screen, re.MULTILINE) == [
        "make run",
        "make test",
    ]


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_locks_pin_everything_with_hashes(name):
    blocks = re.split(r"\n(?=[a-z])", re.sub(r"^ *#.*\n", "", (ROOT / name).read_text(), flags=re.MULTILINE))
    assert len(blocks) > 10
    for block in blocks:
        assert PINNED.match(block), block
        assert "--hash=sha256:" in block, block


def test_the_tools_are_locked_beside_the_same_versions_that_the_site_runs_on():
    site = dict(PINNED.findall((ROOT / "requirements.txt").read_text()))
    tools = dict(PINNED.findall((ROOT / "requirements-dev.txt").read_text()))
    assert {name: tools.get(name) for name in site} == site
    for name in ("requirements.in", "requirements-dev.in"):
        assert set(DIRECT.findall((ROOT / name).read_text())) <= tools.keys()


def test_the_lock_of_the_html_checker_names_no_host():
    packages = json.loads((ROOT / "tests" / "package-lock.json").read_text())["packages"]
    installed = {name: package for name, package in packages.items() if name}
    assert installed
    for package in installed.values():
        assert "resolved" not in package
        assert package["integrity"].startswith("sha512-")


def test_every_dependency_has_its_reason():
    reasons = (ROOT / "docs" / "decisions" / "dependencies.md").read_text()
    for name in ("requirements.in", "requirements-dev.in"):
        for dependency in DIRECT.findall((ROOT / name).read_text()):
            assert f"| `{dependency}` |" in reasons, dependency


def test_every_environment_variable_is_documented():
    documented = (ROOT / "docs" / "settings.md").read_text()
    read = re.findall(r'\benv\.\w+\(\s*"([A-Z_]+)"', (ROOT / "config" / "settings.py").read_text())
    read += re.findall(r'environ\.get\("([A-Z_]+)"', (ROOT / "config" / "gunicorn.py").read_text())
    assert len(read) > 15
    assert [name for name in read if f"`{name}`" not in documented] == []


PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


@pytest.mark.parametrize("text", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_between_the_projects_pages_lead_somewhere(text):
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", text.read_text())
    assert [link for link in links if not (text.parent / link).exists()] == []


@pytest.mark.parametrize("language", ["de", "es"])
def test_message_catalogs_are_complete_and_compiled(language):
    catalog = ROOT / "config" / "locale" / language / "LC_MESSAGES" / "django.po"
    texts = polib.pofile(str(catalog))
    assert [text.msgid for text in texts if not text.obsolete and not text.translated()] == []
    compiled = polib.mofile(str(catalog.with_suffix(".mo")))
    assert {(text.msgctxt, text.msgid): (text.msgstr, text.msgstr_plural) for text in compiled} == {
        (text.msgctxt, text.msgid): (text.msgstr, text.msgstr_plural) for text in texts.translated_entries()
    }
