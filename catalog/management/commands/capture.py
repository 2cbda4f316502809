import sys
from collections.abc import Mapping
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils.translation import gettext, ngettext

from catalog.actions import Captured, CatalogError, capture_document, create_source
from catalog.capture import CaptureError
from catalog.documents import Document, at_address, of_file
from catalog.extraction import OFFERED
from catalog.fetching import FetchError
from catalog.models import Snapshot, Source
from catalog.review import counts_in_words


class Command(BaseCommand):
    help = "Capture the text of a source from a file (text, HTML, PDF, DOCX), an address or standard input."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", metavar="SOURCE_SLUG")
        parser.add_argument("stdin", nargs="?", choices=["-"], metavar="-", help="read standard input")
        parser.add_argument("--file", type=Path, metavar="PATH", help="a .txt, .html, .pdf or .docx file")
        parser.add_argument(
            "--url", metavar="ADDRESS", help="an http or https address on the public internet"
        )
        parser.add_argument(
            "--accept",
            default="",
            metavar="FIELD,…",
            help=f"what the source takes over from the document: {', '.join(OFFERED)}",
        )
        parser.add_argument("--new", action="store_true", help="make a new source of this slug")
        parser.add_argument("--title", default="", help="the new source's title")
        parser.add_argument("--language", default="", help="the new source's language, as in en or de")

    def handle(self, *, slug: str, accept: str, new: bool, title: str, language: str, **options) -> None:
        wanted = _wanted(accept)
        if new != bool(title) or (language and not new):
            raise CommandError(gettext("--new needs --title; --title and --language belong to --new."))
        source = None if new else _source(slug)
        try:
            document = _document(options["stdin"], options["file"], options["url"])
            accepted = _accepted(document, wanted)
            with transaction.atomic():
                if new:
                    made = {"slug": slug, "title": title, "language": language}
                    source = create_source(
                        user=None, text=document.text, method=document.method, **made
                    ).source
                said = {name: str(getattr(source, name) or "") for name in OFFERED}
                captured = capture_document(
                    user=None, source=source, text=document.text, method=document.method, accepted=accepted
                )
        except (CaptureError, FetchError, CatalogError) as refusal:
            raise CommandError(str(refusal)) from refusal
        here = captured.was_here and not new
        self._print(captured.snapshot, gettext("here already") if here else gettext("captured"))
        self._print_outcomes(captured)
        self._print_offers(document, said, accepted)

    def _print(self, snapshot: Snapshot, state: str) -> None:
        line = gettext("%(source)s: %(state)s, %(length)s characters, SHA-256 %(sha256)s")
        values = {"source": snapshot.source.slug, "length": snapshot.length, "sha256": snapshot.sha256}
        self.stdout.write(line % {**values, "state": state})

    def _print_outcomes(self, captured: Captured) -> None:
        """What a recapture did to the passages."""
        if captured.recapture is None:
            return
        counts = captured.recapture.reanchorings.count_by_outcome()
        if counts:
            line = gettext("passages: %(counts)s") % {"counts": counts_in_words(counts)}
            self.stdout.write(f"    {line}")
        if captured.not_compared:
            line = ngettext(
                "%(count)s passage could not be compared, because its old text is not on this machine",
                "%(count)s passages could not be compared, because their old text is not on this machine",
                captured.not_compared,
            )
            self.stdout.write("    " + line % {"count": captured.not_compared})
        if captured.recapture.reanchorings.open().exists():
            line = gettext("Look at them in the admin: Recaptures, number %(number)s.")
            self.stdout.write("    " + line % {"number": captured.recapture.pk})

    def _print_offers(self, document: Document, said: Mapping[str, str], accepted: Mapping[str, str]) -> None:
        for name, value in document.offered.items():
            if name in accepted:
                state = gettext("taken over")
            elif value == said[name]:
                state = gettext("the same")
            else:
                state = gettext("offered")
            now = said[name] or gettext("nothing")
            line = gettext("%(field)s: the document says “%(value)s”, the source said %(now)s (%(state)s)")
            self.stdout.write("    " + line % {"field": name, "value": value, "now": now, "state": state})
        left = [name for name, value in document.offered.items() if value != said[name]]
        if left and not accepted:
            self.stdout.write(
                gettext("Take over what is right with --accept %(names)s.") % {"names": ",".join(left)}
            )


def _wanted(accept: str) -> list[str]:
    names = [name.strip() for name in accept.split(",") if name.strip()]
    unknown = [name for name in names if name not in OFFERED]
    if unknown:
        raise CommandError(
            gettext("--accept does not know “%(unknown)s”. It knows: %(known)s.")
            % {"unknown": ", ".join(unknown), "known": ", ".join(OFFERED)}
        )
    return names


def _source(slug: str) -> Source:
    source = Source.objects.filter(slug=slug).first()
    if source is None:
        raise CommandError(
            gettext('There is no source “%(slug)s”. To make it, add: --new --title "…" --language en')
            % {"slug": slug}
        )
    return source


def _document(stdin: str | None, file: Path | None, url: str | None) -> Document:
    """Raises CaptureError, FetchError."""
    if sum(way is not None for way in (stdin, file, url)) != 1:
        raise CommandError(gettext("Name one of --file PATH, --url ADDRESS and - (standard input)."))
    if url is not None:
        return at_address(url)
    if file is None:
        return of_file(sys.stdin.buffer, "")
    try:
        if file.exists() and not file.is_file():
            raise CaptureError(gettext("It is not a file. Name a text file."))
        with file.open("rb") as stream:
            return of_file(stream, file.name)
    except OSError as error:
        raise CaptureError(
            gettext("It cannot be read (%(reason)s).") % {"reason": error.strerror or error}
        ) from error


def _accepted(document: Document, wanted: list[str]) -> dict[str, str]:
    """What the person named of what the document offers. Raises CaptureError for what it does not offer."""
    missing = [name for name in wanted if name not in document.offered]
    if missing:
        raise CaptureError(
            gettext("The document does not say its %(missing)s. It offers: %(offered)s.")
            % {"missing": ", ".join(missing), "offered": ", ".join(document.offered) or gettext("nothing")}
        )
    return {name: document.offered[name] for name in wanted}
