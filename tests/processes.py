"""Real processes against the database of the running test."""

from __future__ import annotations

import os
import select
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

ROOT = Path(__file__).parent.parent
_SETUP = "import django; django.setup()\n"


def start(code: str) -> subprocess.Popen:
    """A Python process that runs `code` with Django set up on this test's database."""
    return subprocess.Popen(
        [sys.executable, "-c", _SETUP + code],
        cwd=ROOT,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def command(*arguments: str) -> subprocess.Popen:
    """`manage.py …` on this test's database."""
    return start(f"from django.core.management import call_command; call_command(*{arguments!r})")


# For each line that it reads: begins a process, writes its id, and again a line once it has ended. Until the
# next line the dead one keeps its id, so that nobody else is killed in its place.
_FORKING = """
import os, sys
pid = 0
while sys.stdin.buffer.raw.readline():
    if pid:
        os.waitpid(pid, 0)
    pid = os.fork()
    if not pid:
        try:
            do()
        finally:
            os._exit(0)
    print(pid, flush=True)
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    print("ended", flush=True)
"""


class Forking:
    """A process that has set up Django, and begins copies of itself: without the seconds that `start` takes.

    It has one thread and no connection, so that its copies have none of another.
    """

    def __init__(self, process: subprocess.Popen) -> None:
        self._process = process

    def begin(self) -> int:
        """Begin a copy; its id."""
        self._process.stdin.write(b"\n")
        return int(self._process.stdout.readline())

    def has_ended(self, timeout: float) -> bool:
        """Whether the copy ends within so many seconds. Called until it has, before the next one begins."""
        if not select.select([self._process.stdout], [], [], timeout)[0]:
            return False
        assert self._process.stdout.readline() == b"ended\n"
        return True


@contextmanager
def forking(imports: str, do: str) -> Iterator[Forking]:
    """A process whose copies call `do`, from the module `imports`, on this test's database."""
    code = f"{_SETUP}from {imports} import {do} as do\n{_FORKING}"
    with subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        bufsize=0,
    ) as process:
        yield Forking(process)
        process.stdin.close()


def output(process: subprocess.Popen, timeout: float = 120) -> str:
    """What a process printed, once it has ended without a fault."""
    out, err = process.communicate(timeout=timeout)
    assert process.returncode == 0, err
    return out


def environment() -> dict[str, str]:
    """What makes `manage.py` work on this test's database, and in its folder."""
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
