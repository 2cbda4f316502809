"""`make bench-tables`: a table of cast entries, in and out, beside a stock resource and beside the floor.

100,000 rows with three relations each by natural keys, as CSV and as XLSX. *Stock* is a `ModelResource` of
django-import-export as its documentation shows it, dry run and real, on fewer rows and scaled unless it is
asked for as many; its workbooks need a package that the newsroom does without, so ours reads and writes the
cells for it. *Ours* is the newsroom's own way in and out, dry
run and real; the *floor* reads or writes the file and does `bulk_create` or `values_list`, no checks.
Then 1,000,000 rows as CSV, ours alone, for the memory. Each step runs in a process of its own on a copy of
the same database, on SQLite and, where it answers (`BENCH_POSTGRES`), on PostgreSQL. Prints rows per second,
peak memory and ratios. Arguments: rows (100000), rows for the memory (1000000; 0 leaves it out), rows for
stock (4000). Exits 1 beyond the limits.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from tests.scale.bench_databases import Bench, PostgreSQL, SQLite
from tests.scale.bench_tables_steps import write_table

# At most: the time of ours as a share of stock's, and as a multiple of the floor's; megabytes.
LIMITS = {"in, to stock": 1 / 8, "in, to the floor": 6.0, "out, to stock": 1 / 10, "memory": 300.0}
FORMATS = ("csv", "xlsx")
Measured = dict[str, tuple[float, float]]  # seconds and peak megabytes by step


def main() -> int:
    rows, large, few = (*map(int, sys.argv[1:]), *(100_000, 1_000_000, 4_000)[len(sys.argv) - 1 :])
    few = min(few, rows)
    failed = False
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for kind in FORMATS:
            write_table(folder / f"rows.{kind}", rows)
            write_table(folder / f"few.{kind}", few)
        write_table(folder / "large.csv", large)
        for bench in (SQLite(folder), PostgreSQL(folder, os.environ.get("BENCH_POSTGRES"))):
            if not bench.answers():
                print(f"\n{bench.name}: left out, it does not answer")
                continue
            bench.build()
            for kind in FORMATS:
                failed = compare(bench, kind, rows, few) or failed
            if large:
                failed = look_at_memory(bench, large) or failed
    return int(failed)


def compare(bench: Bench, kind: str, rows: int, few: int) -> bool:
    """Measure and print one format on one database; True when it is beyond a limit."""
    measured: Measured = {}
    for step in ("stock-in", "stock-out"):
        seconds, megabytes = bench.measure(step, f"few.{kind}")
        measured[step] = seconds * rows / few, megabytes
    for step in ("floor-in", "ours-in", "floor-out", "ours-out"):
        measured[step] = bench.measure(step, f"rows.{kind}")
    how = "as many" if few == rows else f"{few:,}, its time scaled"
    print(f"\n{bench.name}, {kind.upper()}, {rows:,} rows (stock: {how})")
    show(measured, rows)
    ratios = {
        f"{way}, to {other}": measured[f"ours-{way}"][0] / measured[f"{step}-{way}"][0]
        for way in ("in", "out")
        for other, step in (("stock", "stock"), ("the floor", "floor"))
    }
    return judge({**ratios, "memory": peak(measured)})


def look_at_memory(bench: Bench, rows: int) -> bool:
    """Measure and print what many rows take; True when it is beyond the limit."""
    measured = {step: bench.measure(step, "large.csv") for step in ("ours-in", "ours-out")}
    print(f"\n{bench.name}, CSV, {rows:,} rows")
    show(measured, rows)
    return judge({"memory": peak(measured)})


def peak(measured: Measured) -> float:
    return max(megabytes for step, (_seconds, megabytes) in measured.items() if step.startswith("ours"))


def show(measured: Measured, rows: int) -> None:
    print(f"{'':<12}{'seconds':>9}{'rows/s':>11}{'peak memory':>13}")
    for step, (seconds, megabytes) in measured.items():
        print(f"{step:<12}{seconds:9.1f}{rows / seconds:11,.0f}{megabytes:10.0f} MB")


def judge(ratios: dict[str, float]) -> bool:
    """Print the ratios with their limits; True when one is beyond."""
    failed = False
    for what, ratio in ratios.items():
        limit = LIMITS.get(what)
        beyond = limit is not None and ratio > limit
        failed = failed or beyond
        most = "" if limit is None else f" (at most {limit:.3g}){' BEYOND' if beyond else ''}"
        print(f"{what:<20}{ratio:8.3g}{most}", flush=True)
    return failed


if __name__ == "__main__":
    sys.exit(main())
