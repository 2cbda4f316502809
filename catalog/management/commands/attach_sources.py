import os
import textwrap
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext

from catalog.actions import Attached, CatalogError, attach_text, create_source
from catalog.capture import CaptureError, capture
from catalog.models import CaptureMethod


@dataclass(slots=True)
class Line:
    """One file of the table: what it turned out to be, or why it was left."""

    file: str
    source: str = ""
    verified: int = 0
    failed: int = 0
    reasons: list[str] = field(default_factory=list)


class Command(BaseCommand):
    help = "Attach the texts of sources from files: recognise each by its SHA-256, verify its passages."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "paths", nargs="+", type=Path, metavar="PATH", help="a text file, or a folder of *.txt"
        )
        parser.add_argument("--new", metavar="SLUG", help="make a new source of this slug from the one file")
        parser.add_argument("--title", help="the new source's title")
        parser.add_argument("--language", default="", help="the new source's language, as in en or de")

    def handle(
        self, *, paths: list[Path], new: str | None, title: str | None, language: str, **options
    ) -> None:
        files = _files_of(paths)
        if new and (len(files) != 1 or not title):
            raise CommandError(gettext("--new SLUG needs exactly one file, and --title."))
        if not new and (title or language):
            raise CommandError(gettext("--title and --language belong to --new SLUG."))
        lines = []
        for path in files:
            try:
                text = _read(path)
                if new:
                    create_source(
                        user=None,
                        slug=new,
                        title=title,
                        language=language,
                        text=text,
                        method=CaptureMethod.FILE,
                    )
                lines.append(_line(path, attach_text(text)))
            except (CaptureError, CatalogError) as error:
                lines.append(Line(str(path), reasons=[str(error)]))
        self._print(lines)
        bad = sum(bool(line.reasons) for line in lines)
        if bad:
            raise CommandError(
                gettext("%(bad)s of %(files)s files could not be attached in full.")
                % {"bad": bad, "files": len(lines)}
            )

    def _print(self, lines: list[Line]) -> None:
        rows = [(gettext("file"), gettext("source"), gettext("verified"), gettext("failed"))]
        for line in lines:
            rows.append((line.file, line.source or "—", str(line.verified), str(line.failed)))
        file, source, verified, failed = (max(map(len, column)) for column in zip(*rows, strict=True))
        for index, row in enumerate(rows):
            self.stdout.write(
                f"{row[0]:<{file}}  {row[1]:<{source}}  {row[2]:>{verified}}  {row[3]:>{failed}}"
            )
            for reason in lines[index - 1].reasons if index else ():
                self.stdout.write(textwrap.indent(reason, "    "))
        verified, total = sum(one.verified for one in lines), sum(one.verified + one.failed for one in lines)
        self.stdout.write(
            gettext("%(verified)s of %(total)s passages verified.") % {"verified": verified, "total": total}
        )


def _files_of(paths: list[Path]) -> list[Path]:
    files: list[Path] = []
    for path in paths:
        files += sorted(path.glob("*.txt")) or [path] if os.path.isdir(path) else [path]
    return files


def _read(path: Path) -> str:
    """The captured text of a file. Raises CaptureError."""
    if os.path.isdir(path):
        raise CaptureError(gettext("It is a folder without *.txt files. Name the text file itself."))
    if os.path.exists(path) and not os.path.isfile(path):
        raise CaptureError(gettext("It is not a file. Name a text file."))
    try:
        with path.open("rb") as stream:
            raw = stream.read(settings.SOURCE_MAX_BYTES + 1)
    except OSError as error:
        raise CaptureError(
            gettext("It cannot be read (%(reason)s).") % {"reason": error.strerror or error}
        ) from error
    return capture(raw, limit=settings.SOURCE_MAX_BYTES)


def _line(path: Path, attached: Attached | None) -> Line:
    if attached is None:
        return Line(str(path), reasons=[_how_to_add(path)])
    slugs = ", ".join(snapshot.source.slug for snapshot in attached.snapshots)
    reasons = [f"{failure.passage.key}: {failure.reason}" for failure in attached.failed]
    return Line(str(path), slugs, len(attached.verified), len(attached.failed), reasons)


def _how_to_add(path: Path) -> str:
    command = f'manage.py attach_sources {path} --new SLUG --title "…" --language en'
    return gettext(
        "It matches no known source. If it was edited, use the original; "
        "if it is a new source, run: %(command)s"
    ) % {"command": command}
