"""Bundles as files: a folder or zip with a manifest that names every file by its SHA-256.

Nothing is unpacked to disk, only files a bundle may hold are ever read, and tables in pieces. What the tables
say is the work of `editorial.imports`.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from django.utils.formats import number_format
from django.utils.translation import gettext

from catalog.resources import TABLES as CATALOG_TABLES
from catalog.resources import RowProblem, TableResource, TableResult
from catalog.resources.tables import TableFile
from editorial.bundle_versions import OLDEST, VERSION, is_older, migrated
from editorial.resources import ArticleResource, ContributorResource

FORMAT = "ibid-bundle"
DESK, PUBLIC = "desk", "public"  # the kinds of bundles
MANIFEST = "manifest.json"
MAX_FILES = 20_000
MAX_BYTES = 512 * 1024 * 1024  # of all files together, unpacked
_BUFFER = 64 * 1024

# Every table of a bundle, in the order in which they are imported.
TABLES: Mapping[str, type[TableResource]] = {
    **CATALOG_TABLES,
    "contributors.csv": ContributorResource,
    "articles.csv": ArticleResource,
}
# What happened, for those who read it: exported on request, never imported.
HISTORY = ("audit.csv", "corrections.csv")
_BODY = re.compile(r"articles/[A-Za-z-]+/[-\w]+\.html", re.ASCII)
_PHOTO = re.compile(r"photos/[^/.][^/]*")


@dataclass(frozen=True, slots=True)
class Problem:
    """What keeps a bundle out: in which file, where in it, and what to do. Line 0 is the whole file."""

    file: str
    message: str
    line: int = 0
    column: str = ""
    value: str = ""

    @classmethod
    def in_table(cls, file: str, problem: RowProblem) -> Problem:
        return cls(file, problem.message, problem.line, problem.column, problem.value)

    def __str__(self) -> str:
        place = [self.file]
        if self.line:
            place.append(gettext("line %(line)s") % {"line": self.line})
        if self.column:
            value = self.value if len(self.value) <= 60 else self.value[:60] + "…"
            place.append(f"{self.column} “{value}”" if value else self.column)
        return f"{', '.join(place)}: {self.message}"


class BundleRefused(Exception):
    """The bundle cannot be taken. `problems` has what was found, one line each in str(), and there are
    `more_problems` where not all of them were kept.

    `tables` is what would become of the rows of each table, by file name; empty when none was looked at.
    """

    def __init__(
        self,
        *problems: Problem,
        tables: Mapping[str, TableResult] | None = None,
        more_problems: int = 0,
    ) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = list(problems)
        self.more_problems = more_problems
        self.tables = tables or {}


@dataclass(frozen=True)
class Bundle:
    """The files of a bundle by name, `/` between parts, each with its way to be opened."""

    files: Mapping[str, Callable[[], BinaryIO]]

    def read(self, name: str) -> bytes | None:
        """The bytes of a file, all at once; None when the bundle has none of that name."""
        if name not in self.files:
            return None
        with self.files[name]() as file:
            return file.read()

    def open_table(self, name: str) -> BinaryIO:
        """A table, opened, in the form that tables have now. Raises KeyError and BundleRefused.

        Only one that has columns more than the bundle's version had is read all at once.
        """
        version = VERSION if self._said is None else self._said["version"]
        if not is_older(version, name):
            return self.files[name]()
        with self.files[name]() as file:
            return io.BytesIO(migrated(version, name, file.read()))

    def manifest(self, before_each: Callable[[], None] | None = None) -> tuple[dict[str, Any], str]:
        """The manifest's `files`, checked against the files, and its SHA-256. Raises BundleRefused.

        `before_each` is called before a file is read; what it raises goes to the caller.
        """
        if self._said is None:
            raise _refused(
                MANIFEST,
                gettext("It is missing. For a folder that is complete, run: manage.py seal_bundle FOLDER"),
            )
        listed = self._said["files"]
        problems = list(self._differences(listed, before_each))
        if problems:
            raise BundleRefused(*problems)
        return listed, _measured(MANIFEST, self.files[MANIFEST])["sha256"]

    def rows(self) -> int:
        """How many rows there are to import, by its manifest; 0 without one. Raises BundleRefused."""
        entries = {} if self._said is None else self._said["files"]
        counts = [entries[name].get("rows") for name in TABLES if isinstance(entries.get(name), dict)]
        return sum(count for count in counts if isinstance(count, int) and count > 0)

    @cached_property
    def _said(self) -> dict[str, Any] | None:
        """What its manifest says; None without one. Raises BundleRefused."""
        raw = self.read(MANIFEST)
        return None if raw is None else _read_manifest(raw)

    def _differences(
        self, listed: Mapping[str, Any], before_each: Callable[[], None] | None
    ) -> Iterator[Problem]:
        for name in sorted(self.files.keys() - listed.keys() - {MANIFEST}):
            yield Problem(name, gettext("The manifest does not name it. %(seal)s") % {"seal": _seal_hint()})
        for name, entry in sorted(listed.items()):
            if before_each is not None:
                before_each()
            wrong = self._wrong_with(name, entry)
            if wrong:
                yield Problem(name, wrong)

    def _wrong_with(self, name: str, entry: Any) -> str:
        """What is wrong with a file that the manifest names; "" when it is as the manifest says."""
        if not _belongs(name):
            return gettext("A bundle has no such file. Take it out of the manifest.")
        if name not in self.files:
            return gettext("The manifest names it, but it is not there. Copy the bundle again.")
        there = _measured(name, self.files[name])
        if not isinstance(entry, dict) or entry.get("sha256") != there["sha256"]:
            return gettext("It is not the file of the manifest. %(seal)s") % {"seal": _seal_hint()}
        if entry.get("rows") != there.get("rows") and _is_table(name):
            text = gettext("Its rows are not as many as the manifest says. %(seal)s")
            return text % {"seal": _seal_hint()}
        return ""


@contextmanager
def open_bundle(path: Path, name: str = "") -> Iterator[Bundle]:
    """The bundle in a folder or zip file. Raises BundleRefused for what is neither, unsafe or too large.

    `name` is what people call the file, where that is not its name here.
    """
    if path.is_dir():
        yield Bundle(_folder_files(path))
    elif path.is_file():
        try:
            with zipfile.ZipFile(path) as archive:
                yield Bundle(_zip_files(archive))
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
            raise _refused(
                name or path.name, gettext("It is neither a folder nor a whole zip file. Copy it again.")
            ) from error
    else:
        raise _refused(str(path), gettext("There is no such folder or file."))


def seal(folder: Path) -> dict[str, Any]:
    """Write `manifest.json` for the files that are in `folder` now, and return it. Raises BundleRefused.

    What an earlier one said of the bundle as a whole stays.
    """
    if not folder.is_dir():
        raise _refused(str(folder), gettext("There is no such folder."))
    files: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, open_file in sorted(_folder_files(folder).items()):
        if name == MANIFEST:
            continue
        files[name] = _measured(name, open_file, problems)
    if problems:
        raise BundleRefused(*problems)
    return write_manifest(folder, files, **_said_before(folder))


def write_manifest(folder: Path, files: Mapping[str, Any], **about: Any) -> dict[str, Any]:
    """Write and return the manifest of these files; `about` is what it says of the bundle as a whole."""
    manifest = {"kind": DESK, **about, "format": FORMAT, "version": VERSION, "files": files}
    text = json.dumps(manifest, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    (folder / MANIFEST).write_bytes(text.encode())
    return manifest


def _said_before(folder: Path) -> dict[str, Any]:
    """What the folder's manifest says of the bundle as a whole, if it has one that can be read."""
    try:
        said = json.loads((folder / MANIFEST).read_bytes())
        return {name: said[name] for name in said if name not in {"format", "version", "files"}}
    except (OSError, ValueError, TypeError, RecursionError):
        return {}


def _measured(
    name: str, open_file: Callable[[], BinaryIO], problems: list[Problem] | None = None
) -> dict[str, Any]:
    """What a manifest says of a file, read in pieces; what is wrong with a table is added to `problems`."""
    if not _is_table(name):
        with open_file() as file:
            return {"sha256": hashlib.file_digest(file, "sha256").hexdigest()}
    table = TableFile(open_file, most_problems=None if problems is not None else 1)
    if problems is not None:
        problems += [Problem.in_table(name, problem) for problem in table.problems]
    return {"sha256": table.sha256, "rows": table.row_count}


def _is_table(name: str) -> bool:
    return name in TABLES or name in HISTORY


def _belongs(name: str) -> bool:
    return name == MANIFEST or _is_table(name) or bool(_BODY.fullmatch(name) or _PHOTO.fullmatch(name))


def _read_manifest(raw: bytes) -> dict[str, Any]:
    """The manifest of a bundle that can be imported. Raises BundleRefused for every other."""
    try:
        manifest = json.loads(raw)
        form, version, files = manifest["format"], manifest["version"], manifest["files"]
        kind = manifest.get("kind", DESK)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise _refused(MANIFEST, gettext("It cannot be read. Copy the bundle again.")) from error
    if form != FORMAT or not isinstance(files, dict):
        raise _refused(MANIFEST, gettext("This is not a bundle of Ibid."))
    if not isinstance(version, int) or not OLDEST <= version <= VERSION:
        raise _refused(MANIFEST, _of_another_version(version))
    if kind != DESK:
        raise _refused(
            MANIFEST,
            gettext(
                "This bundle is for readers: what nobody has verified is left out of it, so that a desk "
                "cannot go on from it. Ask whoever made it for one of the desk."
            ),
        )
    return manifest


def _of_another_version(version: object) -> str:
    numbers = {"version": version, "oldest": OLDEST, "newest": VERSION}
    text = gettext(
        "The bundle has format version %(version)s; this Ibid reads versions %(oldest)s to %(newest)s."
    )
    if isinstance(version, int) and version > VERSION:
        text = f"{text} {gettext('Import it with the Ibid that made it, or a newer one.')}"
    return text % numbers


def _folder_files(folder: Path) -> dict[str, Callable[[], BinaryIO]]:
    root = folder.resolve()
    found = {}
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        if not _belongs(name) or path.is_dir():
            continue
        if not path.resolve().is_relative_to(root) or not path.is_file():
            raise _refused(name, gettext("It is not a file of this folder. Put the file itself there."))
        found[name] = path
    _check_size([path.stat().st_size for path in found.values()])
    return {name: partial(path.open, "rb") for name, path in found.items()}


def _zip_files(archive: zipfile.ZipFile) -> dict[str, Callable[[], BinaryIO]]:
    members = [member for member in archive.infolist() if not member.is_dir()]
    _check_size([member.file_size for member in members])
    top = _top_folder([member.filename for member in members])
    found = {}
    for member in members:
        if _is_unsafe(member):
            raise _refused(member.filename, gettext("The zip file is not safe to read. Make it anew."))
        name = member.filename.removeprefix(top)
        if not _belongs(name):
            continue
        if name in found:
            raise _refused(name, gettext("The zip file holds it twice. Make it anew."))
        found[name] = member
    return {name: partial(_open_member, archive, member) for name, member in found.items()}


def _open_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> BinaryIO:
    return io.BufferedReader(archive.open(member), _BUFFER)


def _top_folder(names: list[str]) -> str:
    """The folder all of a bundle's files are in, when its folder was zipped and not its files."""
    manifests = [name for name in names if PurePosixPath(name).name == MANIFEST and name.count("/") <= 1]
    return manifests[0].removesuffix(MANIFEST) if len(manifests) == 1 else ""


def _is_unsafe(member: zipfile.ZipInfo) -> bool:
    """Absolute names, ways out of the folder, symbolic links, encryption, rare ways of packing."""
    name = PurePosixPath(member.filename)
    link = stat.S_ISLNK(member.external_attr >> 16)
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return True
    return name.is_absolute() or ".." in name.parts or "\\" in member.filename or link or member.flag_bits & 1


def _check_size(sizes: list[int]) -> None:
    if len(sizes) > MAX_FILES or sum(sizes) > MAX_BYTES:
        raise _refused(
            MANIFEST,
            gettext("The bundle is too large: at most %(files)s files and %(size)s MB. Split it.")
            % {"files": number_format(MAX_FILES, force_grouping=True), "size": MAX_BYTES // 1024**2},
        )


def _refused(file: str, message: str) -> BundleRefused:
    return BundleRefused(Problem(file, message))


def _seal_hint() -> str:
    return gettext(
        "If you changed the folder yourself, run: manage.py seal_bundle FOLDER. "
        "Otherwise copy the bundle again."
    )
