"""The folder of an import: the file as it came, how far it is, whether to stop, and what the dry run found.

These are files because they must be seen while the transaction that they tell of is still open, and because
nothing of them may grow in memory. Only the page number of a list is ever looked up in them.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

PER_PAGE = 50
KINDS = ("changed", "refused", "new")  # of rows that are shown; those that stay the same are only counted
_EVERY = 0.5  # seconds between two notes of how far it is


class TooLarge(Exception):
    """The file has more bytes than it may."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that was kept: how large it is, and its SHA-256."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How many rows are done, for how many seconds it has been at work, and when it said so (a timestamp)."""

    rows: int = 0
    seconds: float = 0.0
    noted: float = 0.0

    def per_second(self) -> int:
        return round(self.rows / self.seconds) if self.seconds else 0

    def seconds_left(self, rows: int | None) -> int | None:
        """Those of the rest at this speed; None while nobody can say."""
        if not rows or not self.rows or not self.seconds:
            return None
        return max(0, round((rows - self.rows) * self.seconds / self.rows))


def keep_file(place: Path, chunks: Iterable[bytes], most: int) -> Kept:
    """Keep an uploaded file in the new folder `place`. Raises TooLarge, and then nothing is kept."""
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    place.mkdir(mode=0o700)
    digest, size = hashlib.sha256(), 0
    try:
        with (place / "file").open("xb") as file:
            for chunk in chunks:
                size += len(chunk)
                if size > most:
                    raise TooLarge
                digest.update(chunk)
                file.write(chunk)
    except BaseException:
        remove(place)
        raise
    return Kept(size, digest.hexdigest())


def remove(place: Path) -> None:
    shutil.rmtree(place, ignore_errors=True)


class Clock:
    """Notes how far a run is, for whoever looks at its page."""

    def __init__(self, place: Path) -> None:
        self._path, self._began, self._noted = place / "progress.json", time.monotonic(), 0.0
        self._path.unlink(missing_ok=True)

    def note(self, rows: int) -> None:
        now = time.monotonic()
        if now - self._noted < _EVERY:
            return
        self._noted = now
        written = self._path.with_suffix(".new")
        written.write_text(json.dumps({"rows": rows, "seconds": now - self._began}))
        written.replace(self._path)


def progress_of(place: Path) -> Progress:
    try:
        with (place / "progress.json").open() as file:
            return Progress(**json.load(file), noted=os.fstat(file.fileno()).st_mtime)
    except FileNotFoundError:
        return Progress()


def ask_to_stop(place: Path) -> None:
    (place / "stop").touch()


def may_go_on(place: Path) -> None:
    (place / "stop").unlink(missing_ok=True)


def is_to_stop(place: Path) -> bool:
    return (place / "stop").exists()


class FoundRows:
    """Rows of a run, by kind, written one after the other and read by the page."""

    def __init__(self, folder: Path, columns: Sequence[str]) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        (folder / "columns.json").write_text(json.dumps(list(columns)))
        self._files: dict[str, IO[bytes]] = {kind: (folder / kind).open("wb") for kind in KINDS}
        self._pages = {kind: array("Q") for kind in KINDS}
        self._counts = dict.fromkeys(KINDS, 0)
        self._folder = folder

    def add(self, kind: str, row: dict[str, Any]) -> None:
        if self._counts[kind] % PER_PAGE == 0:
            self._pages[kind].append(self._files[kind].tell())
        self._counts[kind] += 1
        self._files[kind].write(json.dumps(row, ensure_ascii=False).encode() + b"\n")

    def close(self) -> None:
        for kind, file in self._files.items():
            file.close()
            (self._folder / f"{kind}.pages").write_bytes(self._pages[kind].tobytes())


def found_rows(folder: Path, kind: str, page: int) -> list[dict[str, Any]]:
    """The rows of a page, counted from 1; none where there is no such page."""
    starts = array("Q")
    with (folder / f"{kind}.pages").open("rb") as index:
        index.seek(max(0, page - 1) * starts.itemsize)
        starts.frombytes(index.read(starts.itemsize))
    if not starts or page < 1:
        return []
    with (folder / kind).open("rb") as file:
        file.seek(starts[0])
        return [json.loads(line) for line, _number in zip(file, range(PER_PAGE), strict=False)]


def found_columns(folder: Path) -> list[str]:
    """The columns that the cells of found rows stand in."""
    return json.loads((folder / "columns.json").read_text())


def all_found_rows(folder: Path, kind: str) -> Iterator[dict[str, Any]]:
    with (folder / kind).open("rb") as file:
        for line in file:
            yield json.loads(line)
