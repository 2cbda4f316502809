"""Real processes against the database of the running test."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import connection, connections

ROOT = Path(__file__).parent.parent
_SETUP = "import django; django.setup()\n"


def start(code: str) -> subprocess.Popen:
    """A Python process that runs `code` with Django set up on this test's database."""
    return subprocess.Popen(
        [sys.executable, "-c", _SETUP + code],
        cwd=ROOT,
        env=_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def command(*arguments: str) -> subprocess.Popen:
    """`manage.py …` on this test's database."""
    return start(f"from django.core.management import call_command; call_command(*{arguments!r})")


def fork(do: Callable[[], object]) -> multiprocessing.process.BaseProcess:
    """A process that begins as a copy of this one and does that: without the seconds that `start` takes.

    It has connections of its own. Nothing of it reaches the test but the database and files.
    """
    connections.close_all()
    process = multiprocessing.get_context("fork").Process(target=do)
    process.start()
    return process


def output(process: subprocess.Popen, timeout: float = 120) -> str:
    """What a process printed, once it has ended without a fault."""
    out, err = process.communicate(timeout=timeout)
    assert process.returncode == 0, err
    return out


def _environment() -> dict[str, str]:
    where = connection.settings_dict
    if connection.vendor == "sqlite":
        url = f"sqlite:///{where['NAME']}"
    else:
        access = f"{where['USER']}:{where['PASSWORD']}@" if where["USER"] else ""
        url = f"postgres://{access}{where['HOST']}:{where['PORT']}/{where['NAME']}"
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": url,
        "IBID_VAR": str(settings.VAR_DIR),
        "CACHE_URL": "locmemcache://process",
    }
