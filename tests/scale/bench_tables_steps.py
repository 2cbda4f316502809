"""The steps of `make bench-tables`, each in a process of its own; see `bench_tables`."""

from __future__ import annotations

import csv
import resource
import sys
import time
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path

import django
import tablib
from django.apps import apps
from django.core.management import call_command
from django.db import transaction

from catalog.tabular.reading import detect, read_rows
from catalog.tabular.writing import write_rows

PEOPLE, CHARACTERS, SEASONS = 20_000, 5_000, 50
COLUMNS = (
    *("series", "season", "episode", "person", "character"),
    *("billed_as", "position", "status", "status_as_of", "note"),
)
PATHS = (
    *("season__series__slug", "season__number", "episode__number", "person__slug", "character__slug"),
    *("billed_as", "position", "status", "status_as_of", "note"),
)
_BATCH = 2000


def write_table(path: Path, rows: int) -> None:
    """Every row once: person × season, each in one of the characters of the series."""
    save(path, map(_row, range(rows)))


def _row(number: int) -> list[object]:
    person, season = number % PEOPLE, number // PEOPLE + 1
    role = f"Person {person}" if number % 3 == 0 else ""
    return [
        *("series", season, "", f"person-{person}", f"character-{number % CHARACTERS}", role),
        *(number % 400, "confirmed", "2020-02" if number % 5 == 0 else "", ""),
    ]


def save(path: Path, rows: Iterable[Iterable[object]]) -> None:
    """The plainest way to write rows; as a workbook, our own."""
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(COLUMNS)
            writer.writerows(rows)
        return
    cells = ([_text(cell) for cell in row] for row in rows)
    with path.open("wb") as file:
        file.writelines(write_rows(path.suffix[1:], COLUMNS, cells))


def _text(cell: object) -> str:
    return "" if cell is None else str(cell)


def load(path: Path) -> Iterator[dict[str, str]]:
    """The plainest way to read rows; of a workbook, our own."""
    if path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as file:
            yield from csv.DictReader(file)
        return
    found = detect(path, name=path.name)
    for _line, cells in read_rows(path, found):
        yield dict(zip(found.headers, cells, strict=True))


def build(_table: Path) -> None:
    """What the rows name."""
    call_command("migrate", verbosity=0)
    Series, Season, Person, Character = (
        apps.get_model("catalog", name) for name in ("Series", "Season", "Person", "Character")
    )
    series = Series.objects.create(slug="series", title="Series")
    Season.objects.bulk_create(Season(series=series, number=number) for number in range(1, SEASONS + 1))
    Person.objects.bulk_create(
        [Person(slug=f"person-{n}", name=f"Person {n}", sort_name=f"{n}, Person") for n in range(PEOPLE)],
        batch_size=1000,
    )
    Character.objects.bulk_create(
        [Character(series=series, slug=f"character-{n}", name=f"Character {n}") for n in range(CHARACTERS)],
        batch_size=1000,
    )


def floor_in(table: Path) -> None:
    """`bulk_create`: keys looked up in dictionaries, no row checked."""
    Season, Person, Character, CastEntry = (
        apps.get_model("catalog", name) for name in ("Season", "Person", "Character", "CastEntry")
    )
    seasons = {str(number): pk for pk, number in Season.objects.values_list("pk", "number")}
    people = {slug: pk for pk, slug in Person.objects.values_list("pk", "slug")}
    characters = {slug: pk for pk, slug in Character.objects.values_list("pk", "slug")}
    with transaction.atomic():
        batch = []
        for row in load(table):
            batch.append(
                CastEntry(
                    season_id=seasons[row["season"]],
                    person_id=people[row["person"]],
                    character_id=characters[row["character"]],
                    billed_as=row["billed_as"],
                    position=int(row["position"]),
                    status=row["status"],
                    status_as_of=row["status_as_of"] or None,
                    note=row["note"],
                )
            )
            if len(batch) == _BATCH:
                CastEntry.objects.bulk_create(batch)
                batch = []
        CastEntry.objects.bulk_create(batch)


def floor_out(table: Path) -> None:
    rows = apps.get_model("catalog", "CastEntry").objects.order_by().values_list(*PATHS)
    save(_out(table), rows.iterator(chunk_size=_BATCH))


def stock_in(table: Path) -> None:
    resources = import_module("tests.scale.stock_resources")
    if table.suffix == ".csv":
        dataset = tablib.Dataset().load(table.read_text(), format="csv")
    else:
        dataset = tablib.Dataset(*(tuple(row.values()) for row in load(table)), headers=COLUMNS)
    for dry_run in (True, False):
        result = resources.StockCast().import_data(dataset, dry_run=dry_run, raise_errors=True)
        assert result.totals["new"] == len(dataset)


def stock_out(table: Path) -> None:
    resources = import_module("tests.scale.stock_resources")
    dataset = resources.StockCast().export()
    if table.suffix == ".csv":
        _out(table).write_text(dataset.csv, newline="")
    else:
        save(_out(table), dataset)


def ours_in(table: Path) -> None:
    for dry_run in (True, False):
        if table.suffix == ".csv":
            result = import_module("editorial.imports").import_table(
                user=None, name="cast.csv", path=table, dry_run=dry_run
            )
        else:
            result = _ours_of_any_kind(table, write=not dry_run)
    assert result.new == apps.get_model("catalog", "CastEntry").objects.count()


def _ours_of_any_kind(table: Path, *, write: bool) -> object:
    found = detect(table, name=table.name)
    return import_module("editorial.tables.runs").run_rows(
        name="cast.csv",
        headers=found.headers,
        rows=read_rows(table, found),
        user=None,
        write=write,
    )


def ours_out(table: Path) -> None:
    exports = import_module("editorial.exports")
    with _out(table).open("wb") as file:
        if table.suffix == ".csv":
            file.writelines(piece.encode() for piece in exports.export_table("cast.csv"))
        else:
            rows = exports.rows_of("cast.csv")
            file.writelines(write_rows(table.suffix[1:], exports.columns_of("cast.csv"), rows))


def _out(table: Path) -> Path:
    return table.with_name(f"out{table.suffix}")


STEPS = {
    "build": build,
    "floor-in": floor_in,
    "floor-out": floor_out,
    "stock-in": stock_in,
    "stock-out": stock_out,
    "ours-in": ours_in,
    "ours-out": ours_out,
}

if __name__ == "__main__":
    django.setup()
    begun = time.perf_counter()
    STEPS[sys.argv[1]](Path(sys.argv[2]))
    seconds = time.perf_counter() - begun
    print(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
