"""Imports beside the worker that publishes: in a process of their own, which lives while something waits."""

from __future__ import annotations

import datetime
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.conf import settings
from django.utils.translation import gettext

from editorial.tables.work import something_waits

GRACE = 5.0  # seconds in which the process hands back what it is at


@contextmanager
def told_to_end() -> Iterator[threading.Event]:
    """An event that is set once this process is told to end (SIGTERM, SIGINT)."""
    told = threading.Event()
    signs = (signal.SIGTERM, signal.SIGINT)
    before = [signal.signal(sign, lambda *_received: told.set()) for sign in signs]
    try:
        yield told
    finally:
        for sign, handler in zip(signs, before, strict=True):
            signal.signal(sign, handler)


class ImportsBeside:
    """Has `manage.py run_imports` done by a process, one at a time, whenever an import waits."""

    def __init__(self, command: Sequence[str] = ()) -> None:
        manage = [sys.executable, str(settings.BASE_DIR / "manage.py")]
        self._command = command or [*manage, "run_imports", "--parent", str(os.getpid())]
        self.process: subprocess.Popen[bytes] | None = None

    def look(self, now: datetime.datetime) -> str:
        """Start the process where something waits, unless the last one lives.

        What is to be told of the last one: the signal that ended it, else "". Its failures it tells itself.
        Raises OSError when no process can be started.
        """
        if self.process is not None:
            code = self.process.poll()
            if code is None:
                return ""
            self.process = None
            if code < 0:
                return gettext("The process of the imports was ended by signal %(signal)d.") % {
                    "signal": -code
                }
        if something_waits(now):
            self.process = subprocess.Popen(self._command)  # noqa: S603, nobody else's words
        return ""

    def end(self) -> None:
        """Have the process hand back what it is at, and end; it is killed after the GRACE."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(GRACE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None
