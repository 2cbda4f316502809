"""Files that are made when they are first asked for, and kept until they are outdated."""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

# One at a time in each process: a page's pictures are asked for at once, and must leave a core to others.
_making = threading.Lock()


def kept(path: Path, make: Callable[[], bytes]) -> Path:
    """The file at `path`, made by `make()` where it is not there. No process ever sees half of it."""
    if not path.exists():
        with _making:
            if not path.exists():
                _write(path, make())
    return path


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    number, name = tempfile.mkstemp(prefix=".making-", dir=path.parent)
    unfinished = Path(name)
    try:
        with os.fdopen(number, "wb") as file:
            file.write(data)
        unfinished.replace(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
