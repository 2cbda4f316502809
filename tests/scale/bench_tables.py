"""`make bench-tables`: a table of cast entries, in and out, beside a stock resource and beside the floor.

100,000 rows with three relations each by natural keys. *Stock* is a `ModelResource` of django-import-export
as its documentation shows it, dry run and real; *ours* is `manage.py import_table`, dry run and real; the
*floor* is csv and `bulk_create`, no checks. Each step runs in a process of its own, on SQLite and, where it
answers, on PostgreSQL. Prints rows per second, peak memory and ratios. Arguments: rows (100000), `nostock` to
leave the stock resource out. Exits 1 beyond the limits.
"""

from __future__ import annotations

import csv
import os
import resource
import subprocess
import sys
import tempfile
import time
from importlib import import_module
from pathlib import Path

import django
import psycopg
import tablib
from django.apps import apps
from django.core.management import call_command
from django.db import transaction

PEOPLE, CHARACTERS, SEASONS = 20_000, 5_000, 50
COLUMNS = (
    *("series", "season", "episode", "person", "character"),
    *("billed_as", "position", "status", "status_as_of", "note"),
)
POSTGRES = os.environ.get("TEST_DATABASE_URL", "postgres://postgres@127.0.0.1:5432/postgres")
# At most: the time of ours as a share of stock's, and as a multiple of the floor's; peak memory in megabytes.
LIMITS = {"in, to stock": 1 / 8, "in, to the floor": 6.0, "out, to stock": 1 / 10, "memory": 300.0}
STEPS = ("floor-in", "stock-in", "ours-in", "floor-out", "stock-out", "ours-out")


def main() -> int:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    steps = [step for step in STEPS if "nostock" not in sys.argv or not step.startswith("stock")]
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "cast.csv"
        write_rows(table, rows)
        for name in ("SQLite", "PostgreSQL"):
            if name == "PostgreSQL" and not postgres_answers():
                print("PostgreSQL: left out, it does not answer")
                continue
            measured = {step: measure(name, step, table, folder) for step in steps}
            failed = show(name, rows, measured) or failed
    return int(failed)


def write_rows(path: Path, rows: int) -> None:
    """Every row once: person × season, each in one of the characters of the series."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for number in range(rows):
            person, season = number % PEOPLE, number // PEOPLE + 1
            role = f"Person {person}" if number % 3 == 0 else ""
            writer.writerow(
                [
                    *("series", season, "", f"person-{person}", f"character-{number % CHARACTERS}", role),
                    *(number % 400, "confirmed", "2020-02" if number % 5 == 0 else "", ""),
                ]
            )


def measure(database: str, step: str, table: Path, folder: str) -> tuple[float, float]:
    """Seconds and peak megabytes of one step on a database made for it."""
    url = new_database(database, folder)
    env = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "IBID_ENV": "demo",
        "IBID_VAR": folder,
        "DATABASE_URL": url,
    }
    parts = ["build"] if step.endswith("-in") else ["build", "fill"]
    for part in (*parts, step):
        command = [sys.executable, "-m", "tests.scale.bench_tables", "step", part, str(table)]
        done = subprocess.run(command, env=env, check=True, stdout=subprocess.PIPE, text=True)
    seconds, megabytes = done.stdout.split()[-2:]
    return float(seconds), float(megabytes)


def new_database(database: str, folder: str) -> str:
    if database == "SQLite":
        path = Path(folder) / "bench.sqlite3"
        for suffix in ("", "-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
        return f"sqlite:///{path}"
    with psycopg.connect(POSTGRES, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS ibid_bench_tables WITH (FORCE)")
        connection.execute("CREATE DATABASE ibid_bench_tables")
    return POSTGRES.rpartition("/")[0] + "/ibid_bench_tables"


def postgres_answers() -> bool:
    try:
        psycopg.connect(POSTGRES, connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True


def show(name: str, rows: int, measured: dict[str, tuple[float, float]]) -> bool:
    """Print what was measured on one database; True when it is beyond a limit."""
    print(f"\n{name}, {rows:,} rows")
    print(f"{'':<12}{'seconds':>9}{'rows/s':>11}{'peak memory':>13}")
    for step, (seconds, megabytes) in measured.items():
        print(f"{step:<12}{seconds:9.1f}{rows / seconds:11,.0f}{megabytes:10.0f} MB")
    ratios = {
        f"{way}, to {other}": measured[f"ours-{way}"][0] / measured[f"{step}-{way}"][0]
        for way in ("in", "out")
        for other, step in (("stock", "stock"), ("the floor", "floor"))
        if f"{step}-{way}" in measured
    }
    ratios["memory"] = max(measured["ours-in"][1], measured["ours-out"][1])
    failed = False
    for what, ratio in ratios.items():
        limit = LIMITS.get(what)
        beyond = limit is not None and ratio > limit
        failed = failed or beyond
        most = "" if limit is None else f" (at most {limit:.3g}){' BEYOND' if beyond else ''}"
        print(f"{what:<20}{ratio:8.3g}{most}")
    return failed


def step(name: str, table: Path) -> None:
    """One step in this process: does it, prints its seconds and the peak megabytes."""
    begun = time.perf_counter()
    _STEPS[name](table)
    seconds = time.perf_counter() - begun
    print(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


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
    """csv and `bulk_create`: keys looked up in dictionaries, no row checked."""
    Season, Person, Character, CastEntry = (
        apps.get_model("catalog", name) for name in ("Season", "Person", "Character", "CastEntry")
    )
    seasons = {str(number): pk for pk, number in Season.objects.values_list("pk", "number")}
    people = {slug: pk for pk, slug in Person.objects.values_list("pk", "slug")}
    characters = {slug: pk for pk, slug in Character.objects.values_list("pk", "slug")}
    with table.open(encoding="utf-8", newline="") as file, transaction.atomic():
        batch = []
        for row in csv.DictReader(file):
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
            if len(batch) == 2000:
                CastEntry.objects.bulk_create(batch)
                batch = []
        CastEntry.objects.bulk_create(batch)


def floor_out(table: Path) -> None:
    CastEntry = apps.get_model("catalog", "CastEntry")
    columns = (
        *("season__series__slug", "season__number", "episode__number", "person__slug", "character__slug"),
        *("billed_as", "position", "status", "status_as_of", "note"),
    )
    with table.with_name("out.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(CastEntry.objects.order_by().values_list(*columns).iterator(chunk_size=2000))


def stock_in(table: Path) -> None:
    resources = import_module("tests.scale.stock_resources")
    dataset = tablib.Dataset().load(table.read_text(), format="csv")
    for dry_run in (True, False):
        result = resources.StockCast().import_data(dataset, dry_run=dry_run, raise_errors=True)
        assert result.totals["new"] == len(dataset)


def stock_out(table: Path) -> None:
    resources = import_module("tests.scale.stock_resources")
    table.with_name("out.csv").write_text(resources.StockCast().export().csv, newline="")


def ours_in(table: Path) -> None:
    call_command("import_table", "cast", table, dry_run=True)
    call_command("import_table", "cast", table)
    assert apps.get_model("catalog", "CastEntry").objects.count() == sum(1 for _line in table.open()) - 1


def ours_out(table: Path) -> None:
    table.with_name("out.csv").unlink(missing_ok=True)
    call_command("export_table", "cast", table.with_name("out.csv"))


_STEPS = {
    "build": build,
    "fill": floor_in,
    "floor-in": floor_in,
    "floor-out": floor_out,
    "stock-in": stock_in,
    "stock-out": stock_out,
    "ours-in": ours_in,
    "ours-out": ours_out,
}

if __name__ == "__main__":
    if sys.argv[1:2] == ["step"]:
        django.setup()
        step(sys.argv[2], Path(sys.argv[3]))
    else:
        sys.exit(main())
