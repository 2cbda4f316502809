"""Taking a bundle in: every table and text of it in one transaction, or nothing at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext

from catalog.resources import TABLES as CATALOG_TABLES
from catalog.resources import Known, PhotoResource, RowProblem, TableResource, TableResult
from catalog.resources.tables import TableFile
from editorial import audit, indexing
from editorial.bundles import HISTORY, TABLES, Bundle, BundleRefused, Problem, open_bundle
from editorial.models import Revision
from editorial.resources import ArticleResource, Late, keep_strays
from editorial.tables.runs import require


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of the rows of each table, by file name."""

    tables: Mapping[str, TableResult]
    left_out: tuple[str, ...] = ()  # files of the bundle that no import takes in

    @property
    def changed_anything(self) -> bool:
        return any(result.new or result.changed for result in self.tables.values())

    @property
    def changed_the_catalog(self) -> bool:
        tables = (self.tables[name] for name in CATALOG_TABLES if name in self.tables)
        return any(result.new or result.changed for result in tables)


def _unwatched(_rows: int) -> None:
    pass


def _kept(_imported: Imported) -> None:
    pass


@dataclass(frozen=True, slots=True)
class _How:
    """How an import goes; the arguments of `import_bundle`."""

    user: AbstractBaseUser | None
    dry_run: bool
    watch: Callable[[int], None] = _unwatched
    finish: Callable[[Imported], None] = _kept
    most_problems: int | None = None


def import_bundle(
    *,
    user: AbstractBaseUser | None,
    path: Path,
    dry_run: bool = False,
    watch: Callable[[int], None] = _unwatched,
    finish: Callable[[Imported], None] = _kept,
    most_problems: int | None = None,
    name: str = "",
) -> Imported:
    """Import the bundle at `path`, a folder or zip file; with `dry_run`, only say what would happen.

    `user=None` is the command line; others need to add and change rights for every table that came.
    `watch` gets how many rows are done, again and again; `finish` what became of them, before that is kept
    and in its transaction. What they raise goes to the caller, and nothing is written. `name` is what people
    call the file, where that is not its name here.
    Raises PermissionDenied, and BundleRefused with every problem found, or `most_problems` of each table;
    then nothing is written, but the text of an article that came too late is kept as a stray revision.
    A bundle that brings nothing new writes nothing, not even to the audit log.
    """
    how = _How(user, dry_run, watch, finish, most_problems)
    with open_bundle(path, name) as bundle:
        _listed, digest = bundle.manifest(partial(watch, 0))
        tables = {}
        for name in TABLES:
            if name in bundle.files:
                require(user, name)
                watch(0)
                tables[name] = TableFile(partial(bundle.open_table, name), most_problems)
        _require_readable(tables)
        problems = list(_files_without_row(bundle, tables))
        if problems:
            raise BundleRefused(*problems)
        left_out = tuple(name for name in HISTORY if name in bundle.files)
        return _import(how, bundle, tables, digest, left_out)


def import_table(
    *, user: AbstractBaseUser | None, name: str, path: Path, dry_run: bool = False
) -> TableResult:
    """Import one table (`people.csv`) from a file, as `import_bundle` does. Pictures stay."""
    require(user, name)
    table = TableFile(partial(path.open, "rb"))
    _require_readable({name: table})
    imported = _import(_How(user, dry_run), Bundle({}), {name: table}, table.sha256)
    return imported.tables[name]


def _import(
    how: _How,
    bundle: Bundle,
    tables: Mapping[str, TableFile],
    digest: str,
    left_out: tuple[str, ...] = (),
) -> Imported:
    results: dict[str, TableResult] = {}
    problems: list[Problem] = []
    photos: PhotoResource | None = None
    late: list[Late] = []
    done = 0
    kept = False
    try:
        with transaction.atomic():
            known = Known()
            for name, table in tables.items():
                resource = _resource(
                    name, known, how.user, bundle, check_only=bool(problems), locks=not how.dry_run
                )
                photos = resource if isinstance(resource, PhotoResource) else photos
                late = resource.late if isinstance(resource, ArticleResource) else late
                results[name] = resource.import_rows(
                    table.headers,
                    table.rows(),
                    watch=partial(_watch_from, done, how.watch),
                    most_problems=how.most_problems,
                )
                done += table.row_count
                problems += [Problem.in_table(name, problem) for problem in results[name].problems]
            imported = Imported(results, left_out)
            kept = not problems and not how.dry_run
            if not kept:
                transaction.set_rollback(True)
            elif imported.changed_anything:
                if imported.changed_the_catalog:
                    indexing.update()
                audit.record(user=how.user, verb="bundle.imported", data=_audit_data(imported, digest))
            if kept:
                how.finish(imported)
    except BaseException:
        kept = False
        raise
    finally:
        # Files do not roll back with the rows.
        if photos is not None and not kept:
            photos.discard()
    if problems:
        strays = {} if how.dry_run else keep_strays(how.user, late)
        named = (_naming_its_stray(problem, strays) for problem in problems)
        more = sum(result.more_problems for result in results.values())
        raise BundleRefused(*named, tables=results, more_problems=more)
    return imported


def _watch_from(done: int, watch: Callable[[int], None], rows: int) -> None:
    """Tell the rows of one table as rows of the bundle, of which so many were `done` before."""
    watch(done + rows)


def _naming_its_stray(problem: Problem, strays: Mapping[int, Revision]) -> Problem:
    stray = strays.get(problem.line) if problem.file == "articles.csv" else None
    if stray is None:
        return problem
    text = gettext("The text of this row is kept as revision %(number)s, which nobody publishes.")
    return replace(problem, message=f"{problem.message} {text % {'number': stray.number}}")


def _resource(
    name: str, known: Known, user: AbstractBaseUser | None, bundle: Bundle, **how: bool
) -> TableResource:
    resource = TABLES[name]
    if issubclass(resource, PhotoResource):
        return resource(known, read_file=lambda file: bundle.read(f"photos/{file}"), **how)
    if issubclass(resource, ArticleResource):
        return resource(
            known, user=user, read_body=lambda address: bundle.read(f"articles/{address}.html"), **how
        )
    return resource(known, **how)


def _files_without_row(bundle: Bundle, tables: Mapping[str, TableFile]) -> Iterator[Problem]:
    """Texts and pictures that no table names would be lost without a word."""
    named = {f"photos/{row['file']}" for row in _rows(tables.get("photos.csv"))}
    named |= {f"articles/{row['language']}/{row['slug']}.html" for row in _rows(tables.get("articles.csv"))}
    for name in sorted(bundle.files):
        if "/" in name and name not in named:
            table = "photos.csv" if name.startswith("photos/") else "articles.csv"
            message = gettext("No row of %(table)s names it. Add the row, or delete the file.")
            yield Problem(name, message % {"table": table})


def _rows(table: TableFile | None) -> Iterator[dict[str, str]]:
    for _line, cells in table.rows() if table else ():
        yield dict(zip(table.headers, cells, strict=True))


def _require_readable(tables: Mapping[str, TableFile]) -> None:
    """Raises BundleRefused for tables that cannot be read at all."""
    problems = [
        Problem.in_table(name, problem)
        for name, table in tables.items()
        for problem in _problems_of_the_whole(name, table)
    ]
    if problems:
        raise BundleRefused(*problems, more_problems=sum(table.more_problems for table in tables.values()))


def _problems_of_the_whole(name: str, table: TableFile) -> list[RowProblem]:
    problem = "" if table.problems else TABLES[name].header_problem(table.headers)
    return [RowProblem(1, "", "", problem)] if problem else table.problems


def _audit_data(imported: Imported, digest: str) -> dict[str, object]:
    counts = {
        name: {"new": result.new, "changed": result.changed, "same": result.same}
        for name, result in imported.tables.items()
    }
    return {"manifest": digest, "tables": counts}
